"""Holds the house's shape: sizes, names, imports, and what no file may contain.

Complexity, line length, docstrings and prints are ruff's; directions of imports import-linter's.
"""

import ast
import re
import subprocess
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

PROJECT = Path(__file__).parents[1]
ROOMS = ("bot", "db", "engine")
FILE_LINES_MAX = 400
TEST_FILE_LINES_MAX = 600
FUNCTION_LINES_MAX = 50
ARGUMENTS_MAX = 5

# What engine.core may import besides itself: nothing in here acts, waits, or knows the hour.
CORE_IMPORTS = {
    *("__future__", "abc", "array", "bisect", "collections", "copy", "dataclasses", "decimal"),
    *("enum", "fractions", "functools", "heapq", "itertools", "math", "msgspec", "operator"),
    *("re", "struct", "types", "typing", "unicodedata", "weakref", "sortedcontainers"),
}
# Only engine/clock.py reads time; the launcher waits for a process, not for the market.
CLOCK_READERS = {"engine/clock.py", "db/embedded/server.py", "db/embedded/leftovers.py"}
CLOCKS = {
    *("time.time", "time.time_ns", "time.monotonic", "time.monotonic_ns", "time.perf_counter"),
    *("datetime.now", "datetime.utcnow", "datetime.today", "date.today", "datetime.datetime.now"),
}
BANNED_NAMES = re.compile(r"(utils?|helpers?|managers?|services?|misc|common)", re.IGNORECASE)
BANNED_CLASSES = re.compile(r"(Utils?|Helpers?|Manager|Service|Misc|Common)$")
# Written in halves, so that this file does not contain what it looks for.
FORBIDDEN_TEXT = {
    "a package registry's host": "py" + r"pi\.org|python" + r"hosted\.org|registry\.npm" + "js",
    "a path of one machine": r"/ro" + r"ot/|/ho" + r"me/\w+/|/Us" + r"ers/\w+/|/wo" + "rk/",
    "a key": r"BEGIN [A-Z ]*PRIVATE" + " KEY",
}
PINNED = ("requirements.txt", "requirements-local.txt", "requirements-dev.txt")


def tracked() -> list[Path]:
    """Every file of the project, as git sees it."""
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard"],
        cwd=PROJECT,
        capture_output=True,
        text=True,
        timeout=30,
        check=False,
    )
    if listed.returncode:  # an unpacked archive has no git
        return [path for path in PROJECT.rglob("*") if path.is_file() and ".venv" not in path.parts]
    return [PROJECT / line for line in listed.stdout.splitlines() if (PROJECT / line).is_file()]


def name(path: Path) -> str:
    return path.relative_to(PROJECT).as_posix()


FILES = tracked()
MODULES = [path for path in FILES if path.suffix == ".py" and "migrations" not in path.parts]
TREES = {path: ast.parse(path.read_text(encoding="utf-8")) for path in MODULES}
OURS = {path: tree for path, tree in TREES.items() if name(path).split("/")[0] in ROOMS}


def functions() -> Iterator[tuple[str, ast.FunctionDef | ast.AsyncFunctionDef]]:
    for path, tree in TREES.items():
        for node in ast.walk(tree):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                yield f"{name(path)}:{node.lineno} {node.name}", node


def imported(tree: ast.AST) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert not node.level, "imports are absolute"
            yield node.module or ""


def body_lines(node: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    """Lines from `def` to the end, without the docstring."""
    lines = (node.end_lineno or 0) - node.lineno + 1
    first = node.body[0]
    if ast.get_docstring(node) is not None:
        lines -= (first.end_lineno or 0) - first.lineno + 1
    return lines


def test_there_is_something_to_check():
    assert {name(path).split("/")[0] for path in OURS} == set(ROOMS)


def test_no_file_outgrows_its_cap():
    def cap(path: Path) -> int:
        return TEST_FILE_LINES_MAX if name(path).startswith("tests/") else FILE_LINES_MAX

    lines = {path: len(path.read_text(encoding="utf-8").splitlines()) for path in MODULES}
    assert [f"{name(path)}: {n}" for path, n in lines.items() if n > cap(path)] == []


def test_no_function_outgrows_its_cap():
    long = [(where, body_lines(node)) for where, node in functions()]
    assert [f"{where}: {n}" for where, n in long if n > FUNCTION_LINES_MAX] == []


def test_no_function_takes_more_than_five_arguments():
    found = []
    for where, node in functions():
        told = [*node.args.posonlyargs, *node.args.args, *node.args.kwonlyargs]
        count = sum(argument.arg not in ("self", "cls") for argument in told)
        if count > ARGUMENTS_MAX and not where.startswith("tests/"):
            found.append(f"{where}: {count}")
    assert found == []


def test_ruff_holds_the_other_caps():
    ruff = tomllib.loads((PROJECT / "pyproject.toml").read_text())["tool"]["ruff"]
    assert ruff["line-length"] == 100
    assert ruff["lint"]["mccabe"]["max-complexity"] == 8
    assert ruff["lint"]["pylint"]["max-args"] == ARGUMENTS_MAX
    assert ruff["lint"]["select"] == ["ALL"]
    assert not {"C901", "E501", "PLR0913", "T201", "FIX", "BLE"} & set(ruff["lint"]["ignore"])


def test_no_name_says_nothing():
    parts = {part for path in FILES for part in (path.stem, *Path(name(path)).parts[:-1])}
    assert [part for part in parts if BANNED_NAMES.fullmatch(part)] == []
    classes = [
        f"{name(path)}:{node.lineno} {node.name}"
        for path, tree in OURS.items()
        for node in ast.walk(tree)
        if isinstance(node, ast.ClassDef) and BANNED_CLASSES.search(node.name)
    ]
    assert classes == []


def test_every_module_says_what_it_is_for():
    assert [name(path) for path, tree in TREES.items() if not ast.get_docstring(tree)] == []


def test_the_core_imports_nothing_that_acts():
    found = [
        f"{name(path)}: {module}"
        for path, tree in OURS.items()
        if name(path).startswith("engine/core/")
        for module in imported(tree)
        if module.split(".")[0] not in CORE_IMPORTS and not f"{module}.".startswith("engine.core.")
    ]
    assert found == []


def test_only_the_clock_reads_time():
    found = [
        f"{name(path)}:{node.lineno}"
        for path, tree in OURS.items()
        if name(path) not in CLOCK_READERS
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and ast.unparse(node.func) in CLOCKS
    ]
    assert found == []


def test_no_library_is_shadowed():
    shadows = [PROJECT / "bot" / library for library in ("telegram", "discord")]
    assert [name(path) for path in shadows if path.exists()] == []


@pytest.mark.parametrize("what", FORBIDDEN_TEXT)
def test_no_file_contains(what):
    pattern = re.compile(FORBIDDEN_TEXT[what])
    found = []
    for path in FILES:
        try:
            text = path.read_text(encoding="utf-8")
        except UnicodeDecodeError:
            continue
        found += [f"{name(path)}: {match.group()}" for match in pattern.finditer(text)]
    assert found == []


@pytest.mark.parametrize("file", PINNED)
def test_every_requirement_is_pinned_with_its_hashes(file):
    text = (PROJECT / file).read_text().replace("\\\n", " ")
    lines = [line for line in text.splitlines() if line.strip() and not line.startswith("#")]
    assert lines
    assert [line for line in lines if not re.match(r"[\w.-]+==\S+ .*--hash=sha256:", line)] == []


def test_each_pinned_file_contains_the_smaller_one():
    pins = [
        set(re.findall(r"^([\w.-]+==[^ ;]+)", (PROJECT / file).read_text(), re.MULTILINE))
        for file in PINNED
    ]
    assert pins[0] < pins[1] < pins[2]
    assert not any(pin.startswith("pixeltable") for pin in pins[0])
