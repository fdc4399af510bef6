"""The erasing job: the ledger's file first, then the deed, then the database's own files."""

from statusportal.access.actor import SYSTEM
from statusportal.erasure.erasing import carry_out, ledger_line, subject_of
from statusportal.erasure.ledger import append_line, ledger_path
from statusportal.erasure.scrubbing import scrub
from statusportal.erasure.wishing import next_due
from statusportal.work import Works

PAUSE_S = 5.0


class Scrubbing:
    """Remember that the files are to be rewritten; after a start too, since a kill may have come in between."""

    def __init__(self, _works: Works) -> None:
        self.is_due = True


def erase_round(works: Works) -> float:
    """Erase whoever is due, one a round, and return how long to wait."""
    scrubbing = works.kept(Scrubbing)
    with works.reading(SYSTEM) as work:
        wish = next_due(work)
        line = ledger_line(work, wish) if wish else None
    if wish is not None and line is not None:
        append_line(ledger_path(works.settings), line)
        with works.writing(SYSTEM) as work:
            carry_out(work, line, subject_of(wish))
        scrubbing.is_due = True
        return 0.0
    if scrubbing.is_due and _was_erased(works):
        scrubbing.is_due = not scrub(works.engine)
    return PAUSE_S


def _was_erased(works: Works) -> bool:
    return ledger_path(works.settings).exists()
