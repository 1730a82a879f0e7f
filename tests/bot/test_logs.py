"""Log lines go to stderr without secrets."""

import json
import logging

import pytest

from bot import logs

SECRETS = (
    "postgres://user:s3cr3t@host/db",
    "https://api.telegram.org/bot123456789:AAH-abcdefghijklmnopqrstuvwxyz0123456/getMe",
)


@pytest.fixture
def _as_before():
    root = logging.getLogger()
    handlers, level = list(root.handlers), root.level
    yield
    root.handlers[:] = handlers
    root.setLevel(level)


def fail_with(error: Exception) -> None:
    try:
        raise error
    except type(error):
        logging.getLogger("room").exception("failed")


@pytest.mark.parametrize("form", ["text", "json"])
@pytest.mark.usefixtures("_as_before")
def test_no_secret_reaches_a_log_line(form, capsys):
    logs.set_up("INFO", form)
    for secret in SECRETS:
        logging.getLogger("room").info("connecting to %s", secret)
    fail_with(ValueError(SECRETS[0]))
    written = capsys.readouterr().err
    assert "s3cr3t" not in written
    assert "AAH-abc" not in written
    assert written.count("[secret]") >= 3


@pytest.mark.usefixtures("_as_before")
def test_json_lines_carry_level_room_and_trace(capsys):
    logs.set_up("WARNING", "json")
    logging.getLogger("room").info("not shown")
    fail_with(KeyError("x"))
    line = json.loads(capsys.readouterr().err)
    assert (line["level"], line["room"], line["text"]) == ("error", "room", "failed")
    assert "KeyError" in line["trace"]


@pytest.mark.usefixtures("_as_before")
def test_libraries_speak_from_warnings_on(capsys):
    logs.set_up("DEBUG", "text")
    logging.getLogger("httpx").info("GET /bot123")
    assert capsys.readouterr().err == ""


@pytest.mark.usefixtures("_as_before")
def test_a_typed_line_break_stays_inside_its_line(capsys):
    logs.set_up("INFO", "text")
    logging.getLogger("room").info("typed %s", "a\nERROR forged\r")
    assert capsys.readouterr().err.count("\n") == 1


@pytest.mark.parametrize("form", ["text", "json"])
@pytest.mark.usefixtures("_as_before")
def test_what_was_named_a_secret_is_struck_out_whatever_it_looks_like(form, capsys, monkeypatch):
    monkeypatch.setattr(logs, "_known", set())
    logs.hide("1234:short_token-16ab", "p@ss/word", None, "abc")
    logs.set_up("INFO", form)
    fail_with(ValueError("1234:short_token-16ab was refused, p%40ss%2Fword and p@ss/word, too"))
    written = capsys.readouterr().err
    for secret in ("short_token", "p@ss", "p%40ss"):
        assert secret not in written
    assert "was refused" in written
