"""Walking a table piece by piece, each read in work of its own.

One long transaction would hold the database's past for as long as the slowest reader takes, and a right that was
revoked meanwhile would still be served; so every piece asks anew who may read it.
"""

from collections.abc import Callable, Iterator

from statusportal.export.vocabulary import Opening, Piece, Position, Row
from statusportal.work import Work


def walk(opening: Opening, read: Callable[[Work, Position | None], Piece]) -> Iterator[Row]:
    """Give the rows of a table in order, from the first piece to the last.

    Raises: what `read` raises, also in the middle: a stream that breaks is not taken for a whole one.
    """
    position: Position | None = None
    while True:
        with opening() as work:
            piece = read(work, position)
        yield from piece.rows
        if piece.following is None:
            return
        position = piece.following
