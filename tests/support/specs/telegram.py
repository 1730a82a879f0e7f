"""Checks calls and answers of the Bot API against a machine-readable description of it.

The description is a file given at run time: `methods` and `types`, each with `fields` of `name`,
`types`, `required`, `description`; unions are `subtypes`. It is not part of this project.
"""

import json
import re
from collections.abc import Iterable
from pathlib import Path
from typing import Any

_PLAIN: dict[str, tuple[type, ...]] = {
    "String": (str,),
    "Integer": (int,),
    "Float": (int, float),
    "Boolean": (bool,),
    "True": (bool,),
}
_CONSTANT = re.compile(r'(?:always|must be) ["“]?([a-z0-9_]+)["”]?\.?$')
_KINDS = frozenset({"type", "status", "source"})
_DEPTH_MAX = 60


class TelegramSpec:
    """One description. `check_call` and `check_result` return problems, none when all is well.

    Checked: the method exists, required parameters are there, none is unknown, and each value,
    decoded from its form field, has one of its types all the way down.
    """

    def __init__(self, path: Path) -> None:
        told = json.loads(path.read_text(encoding="utf-8"))
        self._methods: dict[str, Any] = told["methods"]
        self._types: dict[str, Any] = told["types"]

    def check_call(self, method: str, fields: dict[str, Any], files: set[str]) -> list[str]:
        """Check one call. `fields` as they came over the wire; `files`: names of file parts."""
        if method not in self._methods:
            return [f"no such method: {method}"]
        known = {item["name"]: item for item in self._methods[method].get("fields", ())}
        problems = [
            f"{name}: required"
            for name, item in known.items()
            if item["required"] and name not in fields and name not in files
        ]
        for name, value in fields.items():
            if name not in known:
                problems.append(f"{name}: unknown parameter")
                continue
            decoded = _decode(value, known[name]["types"])
            problems += self._check(name, decoded, known[name]["types"], 0)
        text = json.dumps(list(fields.values()), default=str)
        return problems + [
            f"{name}: a file that nothing names"
            for name in sorted(files)
            if name not in known and f"attach://{name}" not in text
        ]

    def check_result(self, method: str, result: Any) -> list[str]:
        """Check what a method answers with."""
        if method not in self._methods:
            return [f"no such method: {method}"]
        return self._check("result", result, self._methods[method]["returns"], 0)

    def _check(self, where: str, value: Any, types: list[str], depth: int) -> list[str]:
        """Return the problems of the type that fits best."""
        if depth > _DEPTH_MAX:
            return [f"{where}: too deep"]
        best: list[str] | None = None
        for name in self._expanded(types):
            problems = self._check_one(where, value, name, depth)
            if not problems:
                return []
            if best is None or _badness(problems) < _badness(best):
                best = problems
        return best or [f"{where}: no type"]

    def _expanded(self, types: Iterable[str]) -> list[str]:
        told: list[str] = []
        for name in types:
            below = self._types.get(name, {}).get("subtypes")
            told += self._expanded(below) if below else [name]
        return told

    def _check_one(self, where: str, value: Any, name: str, depth: int) -> list[str]:
        if name.startswith("Array of "):
            if not isinstance(value, list):
                return [f"{where}: not an array"]
            inner = [name.removeprefix("Array of ")]
            found = (
                self._check(f"{where}[{at}]", v, inner, depth + 1) for at, v in enumerate(value)
            )
            return [problem for problems in found for problem in problems]
        if name in _PLAIN:
            is_flag = isinstance(value, bool) and bool not in _PLAIN[name]
            is_wrong = is_flag or not isinstance(value, _PLAIN[name])
            return [f"{where}: {value!r} is no {name}"] if is_wrong else []
        if name == "InputFile":  # a part of the body, or attach://
            return [] if isinstance(value, str) else [f"{where}: no file"]
        if not isinstance(value, dict):
            return [f"{where}: {value!r} is no {name}"]
        return self._check_object(where, value, name, depth)

    def _check_object(self, where: str, value: dict[str, Any], name: str, depth: int) -> list[str]:
        if name not in self._types:
            return [f"{where}: the description lacks {name}"]
        fields = {item["name"]: item for item in self._types[name].get("fields", ())}
        problems = [
            f"{where}.{field}: required in {name}"
            for field, item in fields.items()
            if item["required"] and field not in value
        ]
        for field, inner in value.items():
            if field not in fields:
                problems.append(f"{where}.{field}: unknown in {name}")
                continue
            problems += self._check(f"{where}.{field}", inner, fields[field]["types"], depth + 1)
            problems += _check_kind(where, field, inner, fields[field]["description"])
        return problems


def _check_kind(where: str, field: str, value: Any, description: str) -> list[str]:
    """Hold a `type` that is said to be always the same to it."""
    found = _CONSTANT.search(description) if field in _KINDS else None
    if found is None or value == found[1]:
        return []
    return [f"{where}.{field}: {value!r} is not {found[1]!r} (another kind)"]


def _badness(problems: list[str]) -> int:
    """Rank: an object of another kind is not what was meant."""
    return len(problems) + 100 * sum("(another kind)" in text for text in problems)


def _decode(value: Any, types: list[str]) -> Any:
    """Return what a form field means; a JSON body's value is what it is."""
    if not isinstance(value, str) or types == ["String"]:
        return value
    if value.lower() in ("true", "false") and "Boolean" in types:
        return value.lower() == "true"
    try:
        decoded = json.loads(value)
    except ValueError:
        return value
    is_text = "String" in types and isinstance(decoded, int | float) and "Integer" not in types
    return value if is_text else decoded
