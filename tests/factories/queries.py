"""Count what a piece of work asks the database."""

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import event

from statusportal.work import Works

# What one database says and the other does not: the beginning of a transaction, and the settings of the walls.
_SURROUNDINGS = ("BEGIN", "SELECT set_config(")


@contextmanager
def counted_queries(works: Works) -> Iterator[list[str]]:
    """Collect the statements sent while the block runs, the same ones on both databases."""
    sent: list[str] = []

    def note(connection, cursor, statement, parameters, context, executemany) -> None:
        if not statement.startswith(_SURROUNDINGS):
            sent.append(statement)

    event.listen(works.engine, "before_cursor_execute", note)
    try:
        yield sent
    finally:
        event.remove(works.engine, "before_cursor_execute", note)
