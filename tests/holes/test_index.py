"""Every class of hole is shown by a test that is there, or says why it does not apply."""

import re
from pathlib import Path

HERE = Path(__file__).parent
_ROW = re.compile(r"^\| (\d+) [^|]+\| ([^|]+) \|$", re.MULTILINE)


def rows():
    return {int(number): shown for number, shown in _ROW.findall((HERE / "README.md").read_text(encoding="utf-8"))}


def test_every_class_is_shown_or_says_why_not():
    assert sorted(rows()) == list(range(1, 37))
    assert [number for number, shown in rows().items() if ".py`" not in shown and "does not apply: " not in shown] == []


def test_tests_that_are_named_are_there_and_those_here_are_named():
    named = {one for shown in rows().values() for one in re.findall(r"`([^`]+\.py)`", shown)}

    assert [one for one in sorted(named) if not (HERE / one).is_file()] == []
    assert {one.name for one in HERE.glob("test_[0-9]*.py")} - named == set()
