"""Names say what a thing is. A drawer is not a room, and a verb says what it does."""

from pathlib import PurePosixPath

from tests.architecture.tree import functions, python_files, sentences

DRAWERS = frozenset({"util", "utils", "helper", "helpers", "common", "misc", "core", "manager", "handlers", "tools"})
EMPTY_VERBS = ("handle_", "process_", "do_", "manage_")

# Names that a library calls us by, with the reason.
CALLED_BY_LIBRARIES = {
    "handle_http_exception": "flask-smorest's hook for error answers",
    "handle_data": "html.parser's hook for text",
    "handle_comment": "html.parser's hook for a comment",
    "handle_starttag": "html.parser's hook for an element",
    "do_GET": "http.server's name for a request",
    "do_POST": "http.server's name for a request",
    "do_PUT": "http.server's name for a request",
    "process_bind_param": "SQLAlchemy's name for a value going in",
    "handle_request": "gunicorn's name for what a worker does with one",
    "process_result_value": "SQLAlchemy's name for a value coming out",
}


def drawers(names: list[str]) -> list[str]:
    found = []
    for name in names:
        parts = PurePosixPath(name).with_suffix("").parts
        found.extend(f"{name}: '{part}' says nothing" for part in parts if part in DRAWERS)
    return found


def empty_verbs(source: str) -> list[str]:
    return [
        f"{function.lineno}: {function.name} names no act"
        for function in functions(source)
        if function.name.lstrip("_").startswith(EMPTY_VERBS) and function.name not in CALLED_BY_LIBRARIES
    ]


def test_drawer_is_found():
    names = ["statusportal/http/utils.py", "devices/common/x.py", "statusportal/http/errors.py"]

    assert drawers(names) == [
        "statusportal/http/utils.py: 'utils' says nothing",
        "devices/common/x.py: 'common' says nothing",
    ]


def test_no_module_is_a_drawer():
    assert drawers(python_files()) == []


def test_empty_verb_is_found():
    source = "def handle_entry(): ...\nclass A:\n    async def _do_it(self): ...\ndef handled(): ...\n"

    assert empty_verbs(source) == ["1: handle_entry names no act", "3: _do_it names no act"]


def test_no_function_has_an_empty_verb():
    assert sentences(empty_verbs, python_files()) == []
