"""Files, functions and rooms stay small enough to be read in one sitting."""

import ast
from collections import Counter

from tests.architecture.tree import functions, python_files, read, room_files, room_of, sentences

FILE_LINES = 400
FUNCTION_LINES = 40
ROOM_LINES = 1000

# Rooms over the size, with the reason why they are one room all the same. Empty at best.
LARGE_ROOMS: dict[str, str] = {}

# Alembic wants one upgrade() a revision, and a revision may make many tables.
LONG_BY_NATURE = "statusportal/migrations/"


def too_long(source: str) -> list[str]:
    count = len(source.splitlines())
    return [f"1: {count} lines, {FILE_LINES} allowed"] if count > FILE_LINES else []


def code_lines(function: ast.FunctionDef | ast.AsyncFunctionDef, source: str) -> int:
    """Count the lines that hold code: no blanks, no comments, not the docstring."""
    skipped = set()
    first = function.body[0]
    if ast.get_docstring(function) is not None:
        skipped = set(range(first.lineno, (first.end_lineno or first.lineno) + 1))
    numbered = enumerate(source.splitlines()[function.lineno - 1 : function.end_lineno], function.lineno)
    return sum(
        1 for number, line in numbered if number not in skipped and line.strip() and not line.strip().startswith("#")
    )


def long_functions(source: str) -> list[str]:
    counted = [(function, code_lines(function, source)) for function in functions(source)]
    return [
        f"{function.lineno}: {function.name} has {lines} lines of code, {FUNCTION_LINES} allowed"
        for function, lines in counted
        if lines > FUNCTION_LINES
    ]


def room_for_size(name: str) -> str | None:
    """Name the room a file counts for; the sample store is a package of its own."""
    return "telemetry/store" if name.startswith("statusportal/telemetry/store/") else room_of(name)


def large_rooms(lines_of: dict[str, int]) -> list[str]:
    counted: Counter[str] = Counter()
    for name, lines in lines_of.items():
        counted[room_for_size(name) or ""] += lines
    return [
        f"{room}: {lines} lines, {ROOM_LINES} allowed"
        for room, lines in sorted(counted.items())
        if room and lines > ROOM_LINES and room not in LARGE_ROOMS
    ]


def test_file_too_long_is_found():
    source = "x = 1\n" * 401

    assert too_long(source) == ["1: 401 lines, 400 allowed"]


def test_files_of_the_tree_are_short():
    assert sentences(too_long, python_files()) == []


def test_function_too_long_is_found_and_its_docstring_is_free():
    long = "def long():\n" + "    x = 1\n" * 40
    just = 'def just():\n    """One.\n\n    Two.\n    """\n    # why\n\n' + "    x = 1\n" * 39

    assert long_functions(long + just) == ["1: long has 41 lines of code, 40 allowed"]


def test_functions_of_the_tree_are_short():
    names = [name for name in python_files() if not name.startswith(LONG_BY_NATURE)]

    assert sentences(long_functions, names) == []


def test_room_too_large_is_found_and_the_store_counts_alone():
    lines_of = {
        "statusportal/entries/service.py": 600,
        "statusportal/entries/queries.py": 401,
        "statusportal/telemetry/models.py": 700,
        "statusportal/telemetry/store/rows.py": 700,
        "statusportal/web/pages.py": 5000,
    }

    assert large_rooms(lines_of) == ["entries: 1001 lines, 1000 allowed"]


def test_rooms_of_the_tree_are_small():
    assert large_rooms({name: len(read(name).splitlines()) for name in room_files()}) == []
