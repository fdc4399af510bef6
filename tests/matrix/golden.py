"""The whole matrix as a table of letters, so that a diff shows every door that opens wider.

`python -m tests.matrix.golden` writes it anew.
"""

from pathlib import Path

from statusportal.access.policy import right_for
from statusportal.app import create_app
from statusportal.config import load_settings
from statusportal.http.policies import Door
from tests.matrix.cells import Operation, operations
from tests.matrix.events import EVENTS, Heard
from tests.matrix.expectation import REMAINS, Outcome
from tests.matrix.visitors import VISITORS, Visitor

GOLDEN = Path(__file__).with_name("operations.golden")
_LETTERS = {Outcome.OPEN: "O", Outcome.LACKING: "-", Outcome.ABSENT: ".", Outcome.CLOSED: "x"}
_HEAD = """\
# Every operation, what it asks, who sees its thing, and how it answers each visitor: O opens, - lacks the right,
# . does not know of it, x is asked who it is. In square brackets the right that a grant must hold.
# Written by `python -m tests.matrix.golden`; a letter that turns into O is a door that opens wider.
#
"""


def drawn(found: list[Operation]) -> str:
    """Draw the table."""
    groups = _groups()
    legend = "".join(f"#   {head}: {' '.join(one.name for one in group)}\n" for head, group in groups.items())
    lines = [_line(one, list(groups.values())) for one in found]
    lines += [_event_line(one, list(groups.values())) for one in EVENTS]
    remains = "".join(
        f"# A deleted {name.removesuffix('_id')} leaves {left.value}.\n" for name, left in REMAINS.items()
    )
    return _HEAD + legend + "#\n" + remains + "#\n" + "\n".join(sorted(set(lines))) + "\n"


def _groups() -> dict[str, list[Visitor]]:
    groups: dict[str, list[Visitor]] = {}
    for one in VISITORS:
        head = one.name.partition("/")[0] if "/" in one.name else "staff" if one.role else "others"
        groups.setdefault(head, []).append(one)
    return groups


def _event_line(event: Heard, groups: list[list[Visitor]]) -> str:
    letters = " ".join("".join(_LETTERS[event.outcome_for(one)] for one in group) for group in groups)
    asked = event.permission.value if event.permission else "a sign-in"
    return f"{'SOCKET ' + event.name:<68} {asked:<34} {event.reach.name.lower():<9} {letters}"


def _line(operation: Operation, groups: list[list[Visitor]]) -> str:
    letters = " ".join("".join(_LETTERS[operation.outcome_for(one)] for one in group) for group in groups)
    return f"{operation.name:<68} {_asked(operation):<34} {operation.reach.name.lower():<9} {letters}"


def _asked(operation: Operation) -> str:
    if operation.asked is None:
        return "nothing" if operation.policy.door is Door.PUBLIC else "a sign-in"
    right = right_for(operation.asked)
    author = " author" if operation.is_authors else ""
    return operation.asked.value + author + (f" [{right.name}]" if right else "")


def main() -> None:
    """Write the table."""
    GOLDEN.write_text(drawn(operations(create_app(load_settings()))), encoding="utf-8")


if __name__ == "__main__":
    main()
