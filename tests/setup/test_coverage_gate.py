"""The coverage floors: what passes, what falls short, and what was never measured."""

from tests.support.coverage_gate import FLOORS, shortfalls


def measured(covered, statements, branches=0):
    summary = {"covered_lines": covered, "num_statements": statements}
    return {
        "summary": summary
        | {"num_branches": branches, "covered_branches": 0}
        | {"percent_covered_display": "9"}
    }


WHOLE = {f"{room}/some.py": measured(10, 10) for room in FLOORS}


def test_full_coverage_passes():
    assert shortfalls(WHOLE) == []


def test_one_missed_branch_of_the_core_fails():
    said = shortfalls(WHOLE | {"engine/core/decide.py": measured(1000, 1000, branches=1)})
    assert len(said) == 1
    assert "engine/core/decide.py" in said[0]


def test_elsewhere_nine_tenths_of_the_room_are_enough():
    assert shortfalls(WHOLE | {"db/other.py": measured(81, 90)}) == []
    assert shortfalls(WHOLE | {"db/other.py": measured(79, 90)}) != []


def test_a_room_that_was_never_measured_fails():
    without = {file: told for file, told in WHOLE.items() if not file.startswith("bot/")}
    assert shortfalls(without) == ["bot: nothing was measured"]
