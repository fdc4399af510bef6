"""An event is a frozen fact in the past tense."""

import ast
import re

from tests.architecture.tree import dotted, parsed, room_files, sentences

# Verbs whose past has no -ed; `Went` and `Came` tell of states: DeviceWentOffline.
IRREGULAR = re.compile(
    r"Became|Began|Bound|Broke|Built|Came|Done|Fell|Found|Frozen|Given|Gone|Grew|Heard|Held|Hidden|Kept|Known|Left|Let"
    r"|Lost|Made|Met|Put|Read|Rose|Said|Seen|Sent|Set|Shown|Spent|Split|Stood|Struck|Taken|Told|Went|Withdrawn|Won"
    r"|Written",
)
NOT_PAST = frozenset({"Feed", "Need", "Red", "Seed", "Speed"})
WORD = re.compile(r"[A-Z][a-z0-9]*")


def is_past(name: str) -> bool:
    words = WORD.findall(name)
    return any(IRREGULAR.fullmatch(word) or (word.endswith("ed") and word not in NOT_PAST) for word in words)


def loose_events(source: str) -> list[str]:
    found = []
    for node in parsed(source).body:
        if not isinstance(node, ast.ClassDef):
            continue
        if not is_past(node.name):
            found.append(f"{node.lineno}: {node.name} is not in the past tense")
        if not any(_freezes(decorator) for decorator in node.decorator_list):
            found.append(f"{node.lineno}: {node.name} is not a frozen dataclass")
    return found


def _freezes(decorator: ast.expr) -> bool:
    return (
        isinstance(decorator, ast.Call)
        and dotted(decorator.func).endswith("dataclass")
        and any(
            word.arg == "frozen" and isinstance(word.value, ast.Constant) and word.value.value is True
            for word in decorator.keywords
        )
    )


def test_loose_event_is_found():
    source = (
        "@dataclass(frozen=True, slots=True)\nclass EntryResolved(Event): ...\n"
        "@dataclass\nclass CommentPosted(Event): ...\n"
        "@dataclass(frozen=True)\nclass ResolveEntry(Event): ...\n"
        "@dataclass(frozen=True)\nclass DeviceWentOffline(Event): ...\n"
    )

    assert loose_events(source) == [
        "4: CommentPosted is not a frozen dataclass",
        "6: ResolveEntry is not in the past tense",
    ]


def test_events_of_the_tree_are_frozen_facts():
    names = [name for name in room_files() if name.endswith("/events.py") and "/foundation/" not in name]

    assert sentences(loose_events, names) == []
