"""No component is shipped with a hole that was mended since: none is installed here, and no range lets one in."""

import importlib.util
import tomllib

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from packaging.version import Version

from tests.architecture.tree import ROOT


@pytest.fixture(scope="module")
def declared():
    return tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["dependencies"]


@pytest.fixture(scope="module")
def installed(declared):
    """The versions of everything that is shipped, as the licence check walks it."""
    spec = importlib.util.spec_from_file_location("licences", ROOT / ".ci" / "licences.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return {name: found.version for name, found in module.closure(declared).items() if found is not None}


def mended():
    return tomllib.loads((ROOT / ".ci" / "mended.toml").read_text(encoding="utf-8"))["mended"]


def overdue(holes, versions):
    return [
        f"{one['package']} {versions[one['package']]}: {one['hole']}"
        for one in holes
        if one["package"] in versions and Version(versions[one["package"]]) < Version(one["first"])
    ]


def let_in(holes, requirements):
    """Name the holes that a range of ours lets in: those whose least version is older than the first without."""
    found = []
    for requirement in map(Requirement, requirements):
        least = [Version(one.version) for one in requirement.specifier if one.operator in {">=", "==", "~="}]
        for one in holes:
            is_its = canonicalize_name(requirement.name) == one["package"]
            if is_its and not any(version >= Version(one["first"]) for version in least):
                found.append(f"{requirement}: {one['hole']}")
    return found


def test_component_with_a_hole_and_range_that_lets_it_in_are_found():
    holes = [{"package": "a", "first": "2.0", "hole": "CVE-1"}]

    assert overdue(holes, {"a": "1.9", "b": "1.0"}) == ["a 1.9: CVE-1"]
    assert overdue(holes, {"a": "2.0"}) == []
    assert let_in(holes, ["A>=1.5,<3", "b"]) == ["A<3,>=1.5: CVE-1"]
    assert let_in(holes, ["a>=2.1,<3"]) == []
    assert let_in(holes, ["a"]) == ["a: CVE-1"]


def test_nothing_that_is_shipped_is_overdue(installed, declared):
    assert {one["package"] for one in mended()} <= set(installed)
    assert overdue(mended(), installed) == []
    assert let_in(mended(), declared) == []
