"""Pages by cursor, the only way a list leaves a room."""

import base64
import binascii
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

import msgspec

from statusportal.foundation.errors import Invalid, Sentence

Row = TypeVar("Row")

DEFAULT_LIMIT = 50
MOST = 200


@dataclass(frozen=True, slots=True)
class Page(Generic[Row]):
    """Hold one page; `next_cursor` is None on the last."""

    items: Sequence[Row]
    next_cursor: str | None = None


@dataclass(frozen=True, slots=True)
class Slice:
    """Ask for a page: `limit` rows after `cursor`."""

    limit: int = DEFAULT_LIMIT
    cursor: str | None = None

    def __post_init__(self) -> None:
        if not 1 <= self.limit <= MOST:
            raise Invalid.field("/limit", Sentence("must be between 1 and %(most)s", most=MOST))

    def position(self, *kinds: type) -> tuple[object, ...] | None:
        """Read the cursor as a tuple of the given kinds.

        Raises: Invalid when it is not one that we gave out.
        """
        if self.cursor is None:
            return None
        try:
            padded = self.cursor + "=" * (-len(self.cursor) % 4)
            values = msgspec.json.decode(base64.urlsafe_b64decode(padded.encode()))
            return tuple(msgspec.convert(values, type=tuple[kinds]))  # type: ignore[valid-type]  # kinds vary by list
        except (ValueError, binascii.Error, msgspec.MsgspecError, RecursionError) as err:
            raise Invalid.field("/cursor", Sentence("is not a cursor that this list gave out")) from err


def cursor_of(*position: object) -> str:
    """Pack the sort key of a page's last row."""
    return base64.urlsafe_b64encode(msgspec.json.encode(position)).decode().rstrip("=")


def page_of(rows: Sequence[Row], wanted: Slice, key: Callable[[Row], tuple[object, ...]]) -> Page[Row]:
    """Cut rows that were read with `limit + 1` to a page and tell whether more follow."""
    if len(rows) <= wanted.limit:
        return Page(rows)
    kept = rows[: wanted.limit]
    return Page(kept, cursor_of(*key(kept[-1])))
