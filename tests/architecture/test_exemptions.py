"""An exemption without a reason is a bug: of the linter, of the types, and of the tests themselves."""

import ast
import re

from tests.architecture.tree import comments, dotted, parsed, python_files, sentences

# An exemption, then what it exempts, then why.
EXEMPTION = re.compile(
    r"#\s*(?P<kind>noqa|type:\s*ignore|pragma:\s*no cover|nosec|pyright:\s*ignore)"
    r"(?P<codes>:\s*[A-Z]+\d+(?:\s*,\s*[A-Z]+\d+)*|\[[\w\s,-]+\])?"
    r"[\s#:,;-]*(?P<reason>.*)",
)
SHORTEST_REASON = 5
CODELESS = ("pragma", "nosec")

# A test server's module says once, under this name, which package it misses.
SAID_ONCE = "MISSING"

CONFORMANCE = ("tests/conformance/", "devices/conformance/")


def bare_exemptions(source: str) -> list[str]:
    found = []
    for line, comment in comments(source):
        match = EXEMPTION.search(comment)
        if match is None:
            continue
        if not match["codes"] and not match["kind"].startswith(CODELESS):
            found.append(f"{line}: '{match['kind']}' exempts from everything")
        elif len(match["reason"]) < SHORTEST_REASON:
            found.append(f"{line}: '{match['kind']}' gives no reason")
    return found


def bare_skips(source: str) -> list[str]:
    """Find skips whose reason names no package, and every expected failure."""
    found = []
    for node in ast.walk(parsed(source)):
        name = dotted(node) if isinstance(node, ast.Attribute) else ""
        if name.endswith(("mark.skip", "mark.xfail", "pytest.xfail")):
            found.append(f"{node.lineno}: {name} hides a test")
        if isinstance(node, ast.Call) and dotted(node.func).endswith(("pytest.skip", "mark.skipif")):
            found.extend([] if "package" in _words(node) else [f"{node.lineno}: a skip names the missing package"])
        if isinstance(node, ast.Assign) and [dotted(target) for target in node.targets] == [SAID_ONCE]:
            found.extend([] if "package" in _words(node) else [f"{node.lineno}: {SAID_ONCE} names no package"])
    return found


def nameless_skips(source: str) -> list[str]:
    """As `bare_skips`, for conformance suites: there a capability that is not claimed is a reason too."""
    lines = source.splitlines()
    return [offence for offence in bare_skips(source) if "capabilit" not in lines[int(offence.split(":")[0]) - 1]]


def _words(node: ast.AST) -> str:
    """Join the strings below a node; a reason said once elsewhere counts as naming its package there."""
    said = []
    for part in ast.walk(node):
        if isinstance(part, ast.Constant) and isinstance(part.value, str):
            said.append(part.value)
        if isinstance(part, ast.Name | ast.Attribute) and isinstance(part.ctx, ast.Load):
            said.append("package" if dotted(part).rsplit(".", 1)[-1] == SAID_ONCE else "")
    return " ".join(said)


def test_exemption_without_a_reason_is_found():
    source = (
        "a = 1  # noqa\n"
        "b = 1  # noqa: S608\n"
        "c = 1  # noqa: S608, E501 - the columns are ours\n"
        "d = 1  # type: ignore[attr-defined]\n"
        "e = 1  # type: ignore[attr-defined]  # the stub lags behind\n"
        "f = 1  # pragma: no cover\n"
        'g = "# noqa"\n'
    )

    assert bare_exemptions(source) == [
        "1: 'noqa' exempts from everything",
        "2: 'noqa' gives no reason",
        "4: 'type: ignore' gives no reason",
        "6: 'pragma: no cover' gives no reason",
    ]


def test_every_exemption_gives_its_reason():
    assert sentences(bare_exemptions, python_files()) == []


def test_skip_without_a_package_is_found():
    source = (
        "import pytest\n"
        "@pytest.mark.skip\n"
        "def test_a(): pytest.skip('later')\n"
        "def test_b(): pytest.skip(f'package {name} is not installed')\n"
        "def test_c(): pytest.skip('capability not claimed')\n"
        "@pytest.mark.skipif(True, reason='slow here')\n"
        "def test_d(): pytest.importorskip('redis')\n"
        "pytestmark = pytest.mark.skipif(True, reason=mosquitto.MISSING)\n"
        "MISSING = 'the server is not here'\n"
    )

    found = sorted(bare_skips(source))

    assert found == [
        "2: pytest.mark.skip hides a test",
        "3: a skip names the missing package",
        "5: a skip names the missing package",
        "6: a skip names the missing package",
        "9: MISSING names no package",
    ]
    assert sorted(nameless_skips(source)) == [found[0], found[1], found[3], found[4]]


def test_no_test_is_skipped_without_a_package():
    plain = [name for name in python_files("tests/") if not name.startswith(CONFORMANCE)]

    assert sentences(bare_skips, plain) == []
    assert sentences(nameless_skips, python_files(*CONFORMANCE)) == []
