"""The checklist of the security standard names tests and pages that exist, and leaves out no requirement.

Source: OWASP Application Security Verification Standard 5.0.0, the identifiers of levels 1 and 2.
"""

import re

import yaml

from tests.architecture.tree import ROOT, files, read

CHECKLIST = "docs/asvs.yaml"
PAGE = "docs/security.md"
# How many requirements each section of the standard has at levels 1 and 2, in its order.
SECTIONS = {
    "V1.1": 2,
    "V1.2": 9,
    "V1.3": 11,
    "V1.4": 3,
    "V1.5": 2,
    "V2.1": 3,
    "V2.2": 3,
    "V2.3": 4,
    "V2.4": 1,
    "V3.2": 2,
    "V3.3": 4,
    "V3.4": 6,
    "V3.5": 5,
    "V3.7": 2,
    "V4.1": 3,
    "V4.2": 1,
    "V4.3": 2,
    "V4.4": 4,
    "V5.1": 1,
    "V5.2": 3,
    "V5.3": 2,
    "V5.4": 3,
    "V6.1": 3,
    "V6.2": 12,
    "V6.3": 4,
    "V6.4": 4,
    "V6.5": 5,
    "V6.6": 3,
    "V6.8": 4,
    "V7.1": 3,
    "V7.2": 4,
    "V7.3": 2,
    "V7.4": 5,
    "V7.5": 2,
    "V7.6": 2,
    "V8.1": 2,
    "V8.2": 3,
    "V8.3": 1,
    "V8.4": 1,
    "V9.1": 3,
    "V9.2": 4,
    "V10.1": 2,
    "V10.2": 2,
    "V10.3": 4,
    "V10.4": 11,
    "V10.5": 5,
    "V10.6": 2,
    "V10.7": 3,
    "V11.1": 2,
    "V11.2": 3,
    "V11.3": 3,
    "V11.4": 4,
    "V11.5": 1,
    "V11.6": 1,
    "V12.1": 3,
    "V12.2": 2,
    "V12.3": 4,
    "V13.1": 1,
    "V13.2": 5,
    "V13.3": 2,
    "V13.4": 5,
    "V14.1": 2,
    "V14.2": 4,
    "V14.3": 3,
    "V15.1": 3,
    "V15.2": 3,
    "V15.3": 7,
    "V16.1": 1,
    "V16.2": 5,
    "V16.3": 4,
    "V16.4": 3,
    "V16.5": 3,
    "V17.1": 1,
    "V17.2": 4,
    "V17.3": 2,
}
WAYS = ("test", "evidence", "na", "open")


def loaded() -> dict:
    return yaml.safe_load(read(CHECKLIST))


def problems(checklist: dict, present: set[str], nodes: set[str]) -> list[str]:
    """Name every line that claims what is not there."""
    found = []
    for name, line in checklist["requirements"].items():
        ways = [way for way in WAYS if way in line]
        if len(ways) != 1 or line.get("level") not in {1, 2} or not line.get("title"):
            found.append(f"{name}: says not one way, a level and a title")
            continue
        value = line[ways[0]]
        wrong = {
            "test": value not in nodes,
            "evidence": value not in present,
            "na": value not in checklist["reasons"],
            "open": len(value) < 10,
        }[ways[0]]
        if wrong:
            found.append(f"{name}: {ways[0]} {value}")
    return found


def nodes_of(present: set[str]) -> set[str]:
    tests = [name for name in present if name.startswith("tests/") and name.endswith(".py")]
    return {f"{name}::{one}" for name in tests for one in re.findall(r"^def (test_\w+)", read(name), re.MULTILINE)}


def counted(checklist: dict) -> str:
    """Draw the page's table: how many of each level are shown how."""
    lines = ["| level | requirements | by a test | by a page | do not apply | open |", "|---|---|---|---|---|---|"]
    for level, name in ((1, "1"), (2, "2, with 1")):
        mine = [one for one in checklist["requirements"].values() if one["level"] <= level]
        shown = [sum(1 for one in mine if way in one) for way in WAYS]
        lines.append(f"| {name} | {len(mine)} | " + " | ".join(str(one) for one in shown) + " |")
    return "\n".join(lines)


def test_lines_that_claim_what_is_not_there_are_found():
    line = {"level": 1, "title": "x"}
    checklist = {
        "reasons": {"no_ldap": "It speaks no LDAP."},
        "requirements": {
            "V1.1.1": {**line, "test": "tests/a.py::test_gone"},
            "V1.1.2": {**line, "evidence": "docs/gone.md"},
            "V1.1.3": {**line, "na": "because"},
            "V1.1.4": {**line, "test": "tests/a.py::test_there", "open": "and missing at once"},
            "V1.1.5": {**line, "test": "tests/a.py::test_there"},
            "V1.1.6": {**line, "na": "no_ldap"},
        },
    }

    wrong = [one.split(":")[0] for one in problems(checklist, {"docs/x.md"}, {"tests/a.py::test_there"})]

    assert wrong == ["V1.1.1", "V1.1.2", "V1.1.3", "V1.1.4"]


def test_checklist_names_every_requirement_once():
    names = list(loaded()["requirements"])
    written = re.findall(r"^  (V\d+\.\d+\.\d+):", read(CHECKLIST), re.MULTILINE)
    sections: dict[str, int] = {}
    for name in names:
        section = name.rpartition(".")[0]
        sections[section] = sections.get(section, 0) + 1

    assert sorted(written) == sorted(set(written))
    assert sections == SECTIONS
    assert (len(names), sum(1 for one in loaded()["requirements"].values() if one["level"] == 1)) == (253, 70)


def test_checklist_claims_only_what_is_there():
    present = set(files())

    assert problems(loaded(), present, nodes_of(present)) == []


def test_page_tells_the_true_count():
    assert counted(loaded()) in read(PAGE), f"write this into {PAGE}:\n{counted(loaded())}"
    assert (ROOT / CHECKLIST).exists()
