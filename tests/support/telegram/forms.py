"""Reads a call's body: urlencoded, multipart or JSON, with objects JSON-encoded in form fields."""

import json
from dataclasses import dataclass, field
from typing import Any

from aiohttp import web

from tests.support.telegram.refusals import Refusal, bad

BODY_MAX = 50 << 20


@dataclass(frozen=True, slots=True)
class Upload:
    """One file of a multipart body."""

    filename: str
    content: bytes
    content_type: str = ""


@dataclass(slots=True)
class Form:
    """A call's parameters as they came, read by type on demand; raises a 400 for the wrong type."""

    fields: dict[str, Any] = field(default_factory=dict)
    files: dict[str, Upload] = field(default_factory=dict)

    def text(self, name: str, otherwise: str = "") -> str:
        value = self.fields.get(name)
        return otherwise if value is None else str(value)

    def number(self, name: str, otherwise: int | None = None) -> int | None:
        value = self.fields.get(name)
        if value is None or value == "":
            return otherwise
        try:
            return int(value)
        except (TypeError, ValueError):
            raise bad(f'invalid parameter "{name}"') from None

    def is_true(self, name: str) -> bool:
        return str(self.fields.get(name, "")).lower() in ("true", "yes", "1")

    def json(self, name: str) -> Any:
        value = self.fields.get(name)
        if not isinstance(value, str):
            return value
        try:
            return json.loads(value) if value else None
        except ValueError:
            raise bad(f"can't parse {name.replace('_', ' ')} JSON object") from None

    def decoded(self) -> dict[str, Any]:
        """Return the parameters with what is a JSON object or array decoded: for reading."""
        told = {}
        for name, value in self.fields.items():
            told[name] = value
            if isinstance(value, str) and value[:1] in ("{", "["):
                try:
                    told[name] = json.loads(value)
                except ValueError:
                    continue
        return told

    def upload(self, name: str) -> Upload | str | None:
        """Return the file that a parameter names: sent with it, or a file_id or address."""
        if name in self.files:
            return self.files[name]
        return self.attached(self.text(name)) if name in self.fields else None

    def attached(self, value: str) -> Upload | str:
        """Follow `attach://name` to its part."""
        if not value.startswith("attach://"):
            return value
        found = self.files.get(value.removeprefix("attach://"))
        if found is None:
            raise bad("there is no file in the request by the given name")
        return found


async def read_form(request: web.Request) -> Form:
    """Return the parameters of a request; those of the address and those of the body."""
    form = Form(dict(request.query))
    if request.content_type == "application/json":
        body = await request.read()
        if body:
            form.fields |= _object(body)
    elif request.content_type == "multipart/form-data":
        await _read_parts(request, form)
    elif request.can_read_body:
        form.fields |= {name: str(value) for name, value in (await request.post()).items()}
    return form


def _object(body: bytes) -> dict[str, Any]:
    try:
        given = json.loads(body)
    except ValueError:
        raise bad("can't parse request: JSON expected") from None
    if not isinstance(given, dict):
        raise bad("can't parse request: object expected")
    return given


async def _read_parts(request: web.Request, form: Form) -> None:
    size = 0
    for name, value in (await request.post()).items():
        if isinstance(value, web.FileField):
            content = value.file.read()
            value.file.close()
            size += len(content)
            form.files[name] = Upload(value.filename, content, value.content_type)
        else:
            form.fields[name] = str(value)
    if size > BODY_MAX:
        raise Refusal(413, "Request Entity Too Large")
