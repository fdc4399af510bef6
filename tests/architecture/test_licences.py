"""The licence check lets the right ones through and finds the others."""

import importlib.util
from email.message import Message

import pytest

from tests.architecture.tree import ROOT


@pytest.fixture(scope="module")
def licences():
    spec = importlib.util.spec_from_file_location("licences", ROOT / ".ci" / "licences.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def package(*lines):
    """Make a package's metadata from (name, value) pairs."""
    message = Message()
    for name, value in lines:
        message[name] = value
    return message


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        ("MIT", True),
        ("(MIT OR GPL-3.0-only)", True),
        ("MIT AND GPL-3.0-only", False),
        ("EPL-2.0 OR BSD-3-Clause", True),
        ("AGPL-3.0-only", False),
        ("", False),
    ],
)
def test_expression_is_judged(licences, expression, expected):
    assert licences.is_allowed(expression) is expected


def test_licence_is_read_from_the_best_place(licences):
    spdx = package(("License-Expression", "MPL-2.0"), ("Classifier", "License :: OSI Approved :: MIT License"))
    classified = package(("Classifier", "License :: OSI Approved :: MIT License"), ("License", "see file"))
    free = package(("License", "Apache 2.0\nand its text"))

    assert [licences.licence_of(one) for one in (spdx, classified, free, package())] == [
        "MPL-2.0",
        "MIT License",
        "Apache 2.0",
        "",
    ]


def test_offender_is_named(licences):
    assert licences.offenders({"nowhere": None}) == ["nowhere: not installed, so its licence is unknown"]
    assert licences.offenders(licences.closure(["click", "no-such-package-here"])) == [
        "no-such-package-here: not installed, so its licence is unknown",
    ]
