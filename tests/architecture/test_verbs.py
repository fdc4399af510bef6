"""A verb takes no switch: two acts are two verbs."""

import ast

from tests.architecture.test_anatomy import VERB_FAMILY
from tests.architecture.tree import parsed, room_files, sentences


def switches(source: str) -> list[str]:
    found = []
    for function in parsed(source).body:
        if isinstance(function, ast.FunctionDef | ast.AsyncFunctionDef) and not function.name.startswith("_"):
            found.extend(
                f"{function.lineno}: {function.name}({given}) is two verbs" for given in _boolean_arguments(function)
            )
    return found


def _boolean_arguments(function: ast.FunctionDef | ast.AsyncFunctionDef) -> list[str]:
    given = function.args
    typed = [one.arg for one in [*given.posonlyargs, *given.args, *given.kwonlyargs] if _mentions_bool(one.annotation)]
    last = [*given.posonlyargs, *given.args][-len(given.defaults) :] if given.defaults else []
    defaults = [*zip(last, given.defaults, strict=True), *zip(given.kwonlyargs, given.kw_defaults, strict=True)]
    defaulted = [
        one.arg
        for one, default in defaults
        if isinstance(default, ast.Constant) and isinstance(default.value, bool) and one.arg not in typed
    ]
    return typed + defaulted


def _mentions_bool(annotation: ast.expr | None) -> bool:
    if annotation is None:
        return False
    return any(isinstance(node, ast.Name) and node.id == "bool" for node in ast.walk(annotation))


def is_verb_file(name: str) -> bool:
    stem = name.rsplit("/", 1)[-1].removesuffix(".py")
    return stem == "service" or (VERB_FAMILY.fullmatch(stem) is not None and "/foundation/" not in name)


def test_switch_is_found():
    source = (
        "def post_comment(work, text: str, *, notify: bool | None): ...\n"
        "def hide_comment(work, force=False): ...\n"
        "def show_comment(work, text='') -> bool: ...\n"
        "def _inner(work, quietly: bool): ...\n"
    )

    assert switches(source) == [
        "1: post_comment(notify) is two verbs",
        "2: hide_comment(force) is two verbs",
    ]


def test_verbs_of_the_tree_take_no_switch():
    assert sentences(switches, [name for name in room_files() if is_verb_file(name)]) == []
