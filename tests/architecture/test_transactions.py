"""Only the unit of work commits, foreign errors are caught narrowly, and a body that will not parse says so."""

import ast

from tests.architecture.tree import dotted, parsed, python_files, sentences

COMMITS = ("statusportal/work.py", "statusportal/migrations/")

# The three places that may catch everything; each logs with an id and goes on.
CATCH_ALL = {
    "outbox delivery": "statusportal/jobs/delivery.py",
    "connection loop": "devices/loop.py",
    "top error page": "statusportal/http/errors.py",
}
# Caught and handed on whole, so nothing is swallowed.
HANDED_ON = {"statusportal/work.py": "a group commit gives each waiter its own error; culprits are found with theirs"}
BROAD = frozenset({"Exception", "BaseException"})


def commits(source: str) -> list[str]:
    return [
        f"{node.lineno}: only the unit of work commits"
        for node in ast.walk(parsed(source))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "commit"
    ]


def broad_catches(source: str) -> list[str]:
    found = []
    for node in ast.walk(parsed(source)):
        if isinstance(node, ast.ExceptHandler) and (node.type is None or BROAD & _caught(node.type)):
            found.append(f"{node.lineno}: catches everything")
        if isinstance(node, ast.Call) and dotted(node.func).endswith("suppress"):
            found.extend(f"{node.lineno}: catches everything" for given in node.args if BROAD & _caught(given))
    return found


def _caught(node: ast.expr) -> set[str]:
    return {dotted(part) for part in (node.elts if isinstance(node, ast.Tuple) else [node])}


def silent_bodies(source: str) -> list[str]:
    return [
        f"{node.lineno}: get_json(silent=True) hides why a body was refused"
        for node in ast.walk(parsed(source))
        if isinstance(node, ast.Call)
        and dotted(node.func).endswith("get_json")
        and any(word.arg == "silent" for word in node.keywords)
    ]


def test_commit_outside_the_unit_of_work_is_found():
    assert commits("def f(session):\n    session.commit()\n") == ["2: only the unit of work commits"]


def test_only_the_unit_of_work_commits():
    names = [name for name in python_files("statusportal/") if not name.startswith(COMMITS)]

    assert sentences(commits, names) == []


def test_broad_catch_is_found():
    source = (
        "try: ...\nexcept (OSError, Exception): ...\n"
        "try: ...\nexcept: ...\n"
        "try: ...\nexcept ValueError: ...\n"
        "with suppress(Exception): ...\n"
    )

    found = broad_catches(source)

    assert sorted(found) == ["2: catches everything", "4: catches everything", "7: catches everything"]


def test_everything_is_caught_in_three_places_only():
    allowed = {*CATCH_ALL.values(), *HANDED_ON}
    names = [name for name in python_files("statusportal/", "devices/") if name not in allowed]

    assert len(CATCH_ALL) == 3
    assert sentences(broad_catches, names) == []


def test_silent_body_is_found():
    assert silent_bodies("data = request.get_json(silent=True)\n") == [
        "1: get_json(silent=True) hides why a body was refused",
    ]


def test_no_body_is_parsed_silently():
    assert sentences(silent_bodies, python_files("statusportal/", "devices/")) == []
