"""Checks Discord's requests and a stand-in's answers against its published OpenAPI description.

The description is a file given at run time and no part of this project. It knows REST only.
"""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from jsonschema import Draft202012Validator, ValidationError
from referencing import Registry, Resource
from referencing.jsonschema import DRAFT202012

_URN = "urn:discord-openapi"
_PREFIX = re.compile(r"^/api(?:/v\d+)?")
# Demanded of every answer although real servers and libraries do without them.
TOO_NEW = frozenset({"primary_guild", "flags_new"})


class DiscordSpec:
    """One description, for a stand-in to check both sides of each exchange.

    To plug it in, a stand-in takes `spec: DiscordSpec | None = None` and, once it has an answer::

        problems += spec.check_request(request.method, request.path, payload)
        problems += spec.check_response(request.method, request.path, status, answer)

    `path` may carry `/api/v10` and a query. `payload` is the JSON body, of a multipart body its
    part `payload_json`, None without a body; `answer` is what goes out, None for 204. Each returns
    a list of problems, empty when all is well: keep it with the recorded request, so that a test
    can say `assert server.problems == []`. `lenient`: fields that answers need not have.
    """

    def __init__(self, path: Path, *, lenient: frozenset[str] = TOO_NEW) -> None:
        told = _absolute(json.loads(path.read_text(encoding="utf-8")))
        resource = Resource.from_contents(told, default_specification=DRAFT202012)
        self._registry = Registry().with_resource(_URN, resource)
        self._told = told
        self._lenient = lenient
        self._routes = [(_pattern(route), item) for route, item in told["paths"].items()]
        # Routes with fewer blanks first: `/users/@me` before `/users/{user_id}`.
        self._routes.sort(key=lambda entry: entry[0].groups)

    def check_request(self, method: str, path: str, payload: Any) -> list[str]:
        """Check a request's JSON."""
        operation = self._operation(method, path)
        if operation is None:
            return [f"no such operation: {method} {path}"]
        body = operation.get("requestBody")
        if body is None:
            return [] if payload in (None, {}) else ["a body where none is known"]
        if payload is None:
            return ["body required"] if body.get("required") else []
        return self._check(body, payload, is_answer=False)

    def check_response(self, method: str, path: str, status: int, answer: Any) -> list[str]:
        """Check the JSON of an answer."""
        operation = self._operation(method, path)
        if operation is None:
            return [f"no such operation: {method} {path}"]
        told = operation["responses"]
        found = told.get(str(status)) or told.get(f"{status // 100}XX") or told.get("default")
        if found is None:
            known = ", ".join(sorted(told))
            # A server in trouble is described nowhere.
            return [] if status >= 500 else [f"status {status} is not among {known}"]
        found = self._followed(found)
        if "content" not in found:
            return [] if answer in (None, "", {}) else [f"a body with {status}"]
        return self._check(found, answer, is_answer=True)

    def _operation(self, method: str, path: str) -> dict[str, Any] | None:
        bare = _PREFIX.sub("", urlsplit(path).path).rstrip("/")
        for pattern, item in self._routes:
            if pattern.fullmatch(bare) and method.lower() in item:
                return item[method.lower()]
        return None

    def _followed(self, item: dict[str, Any]) -> dict[str, Any]:
        while "$ref" in item:
            found: Any = self._told
            for part in item["$ref"].split("#/")[1].split("/"):
                found = found[part]
            item = found
        return item

    def _check(self, told: dict[str, Any], value: Any, *, is_answer: bool) -> list[str]:
        schema = told.get("content", {}).get("application/json", {}).get("schema")
        if schema is None:
            return []
        validator = Draft202012Validator(schema, registry=self._registry)
        lenient = self._lenient if is_answer else frozenset()
        return [text for error in validator.iter_errors(value) for text in _texts(error, lenient)]


def _texts(error: ValidationError, lenient: frozenset[str]) -> Iterator[str]:
    """Say what is wrong, inside the alternative that fits best."""
    if error.validator in ("anyOf", "oneOf") and error.context:
        branches: dict[Any, list[str]] = {}
        for inner in error.context:
            told = branches.setdefault(inner.schema_path[0], [])
            told += _texts(inner, lenient)
        best = min(branches.values(), key=_badness)
        yield from best
        return
    if error.validator == "required":
        name = re.match(r"'([^']+)'", error.message)
        if name is not None and name[1] in lenient:
            return
    where = ".".join(str(part) for part in error.absolute_path) or "body"
    yield f"{where}: {error.message[-300:]}"


def _badness(problems: list[str]) -> int:
    """Rank: a constant or a type that is not met means that another alternative was meant."""
    wrong = ("was expected", "is not of type", "is not one of")
    return len(problems) + 100 * sum(any(sign in text for sign in wrong) for text in problems)


def _pattern(route: str) -> re.Pattern[str]:
    parts = re.split(r"(\{[^}]+\})", route)
    return re.compile("".join("([^/]+)" if part[:1] == "{" else re.escape(part) for part in parts))


def _absolute(item: Any) -> Any:
    """Return the description with its inner references made absolute."""
    if isinstance(item, list):
        return [_absolute(inner) for inner in item]
    if not isinstance(item, dict):
        return item
    return {
        key: f"{_URN}{value}"
        if key == "$ref" and isinstance(value, str) and value.startswith("#/")
        else _absolute(value)
        for key, value in item.items()
    }
