"""A threshold without a source is a bug: in status and in the formats each number says where it comes from."""

import ast

from tests.architecture.tree import parsed, python_files, sentences

# Anatomy that holds no thresholds unless it names a number.
SOURCED = (
    "statusportal/status/",
    "statusportal/derivation/",
    "statusportal/history/",
    "statusportal/passage/",
    "statusportal/reasons/",
    "statusportal/rules/",
    "statusportal/judges/",
    "devices/formats/",
)
PLAIN = ("__init__.py", "models.py", "queries.py", "policy.py", "events.py", "errors.py", "service.py")


def names_a_source(source: str) -> bool:
    documented = ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef
    docstrings = [ast.get_docstring(node) for node in ast.walk(parsed(source)) if isinstance(node, documented)]
    return any("Source:" in text for text in docstrings if text)


def without_source(source: str) -> list[str]:
    return [] if names_a_source(source) else ["1: gives no Source: in any docstring"]


def numbers_without_source(source: str) -> list[str]:
    if names_a_source(source):
        return []
    return [
        f"{node.lineno}: a number without a Source:"
        for node in parsed(source).body
        if isinstance(node, ast.Assign | ast.AnnAssign)
        and isinstance(node.value, ast.Constant)
        and isinstance(node.value.value, int | float)
    ]


def test_missing_source_is_found():
    sourced = (
        'def stale_after_s(interval_s: int) -> int:\n    """Wait two intervals.\n\n    Source: ADR 0003.\n    """\n'
    )
    bare = "STALE_AFTER = 2\nNAME = 'x'\n"

    assert without_source(bare) == ["1: gives no Source: in any docstring"]
    assert numbers_without_source(bare) == ["1: a number without a Source:"]
    assert without_source(sourced) == []
    assert numbers_without_source(sourced + bare) == []


def test_status_and_formats_name_their_sources():
    names = [name for name in python_files(*SOURCED) if not name.endswith(PLAIN)]

    assert sentences(without_source, names) == []


def test_numbers_of_status_name_their_sources():
    assert sentences(numbers_without_source, python_files(*SOURCED)) == []
