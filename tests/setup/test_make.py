"""What make says to a machine without the right Python, and what it does not do twice."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

PROJECT = Path(__file__).parents[2]
TOOLS = ("sh", "cut", "cksum", "cat", "echo")
NEEDS = "Vigilante needs Python 3.11, 3.12, 3.13 or 3.14, and this machine's python3 is"


@pytest.fixture
def machine(tmp_path):
    """Run `.ci/venv` where `python3` is the given shell script; return exit code and stderr."""
    programs = tmp_path / "bin"
    programs.mkdir()
    for tool in TOOLS:
        (programs / tool).symlink_to(shutil.which(tool) or "")
    (tmp_path / "pins.txt").write_text("")

    def run(python3=None):
        if python3:
            (programs / "python3").write_text(f"#!/bin/sh\n{python3}\n")
            (programs / "python3").chmod(0o755)
        done = subprocess.run(
            [shutil.which("sh") or "sh", str(PROJECT / ".ci" / "venv"), "pins.txt"],
            cwd=tmp_path,
            env={"PATH": str(programs)},
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )
        assert done.stdout == ""
        return done.returncode, done.stderr.strip()

    return run


def test_no_python_is_one_sentence(machine):
    assert machine() == (2, f"{NEEDS} missing.")


def test_an_old_python_is_one_sentence_with_its_version(machine):
    old = 'case "$2" in *exit*) exit 1;; *) echo " 3.9";; esac'
    assert machine(old) == (2, f"{NEEDS} 3.9.")


def test_a_missing_venv_module_is_one_sentence_with_the_remedy(machine):
    code, said = machine('case "$2" in *ensurepip*) exit 1;; *) echo "$0";; esac')
    assert code == 2
    assert "apt install python3-venv" in said
    assert "\n" not in said


def test_what_is_installed_is_not_installed_again(machine, tmp_path):
    folder = tmp_path / ".venv" / "bin"
    folder.mkdir(parents=True)
    (folder / "python").symlink_to(sys.executable)
    code, said = machine()
    assert code == 0
    assert said.startswith("Installing pins.txt")
    assert machine() == (0, "")
    (tmp_path / "pins.txt").write_text("# changed\n")
    assert machine()[1].startswith("Installing pins.txt")


def test_the_help_lists_every_command():
    make = shutil.which("make")
    if make is None:
        pytest.skip("make is not installed here")
    told = subprocess.run(
        [make, "help"],
        cwd=PROJECT,
        env={"PATH": os.environ["PATH"]},
        capture_output=True,
        text=True,
        timeout=30,
        check=True,
    )
    commands = {line.split()[1] for line in told.stdout.splitlines()}
    assert commands >= {"run", "demo", "test", "fix", "bench", "campaign"}
