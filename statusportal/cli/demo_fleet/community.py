"""What owners of a model share with each other at the end of the demo's past: each word as its draft has it."""

from uuid import UUID

from sqlalchemy import select

from statusportal.access.actor import SYSTEM
from statusportal.cli.demo_fleet.content import SharedTable, read_shared
from statusportal.cli.demo_fleet.world import World, actor_named
from statusportal.community.answering import answer_publication
from statusportal.community.drafting import draft_of
from statusportal.community.sharing import share_entry
from statusportal.community.vocabulary import SharedWords
from statusportal.entries.models import StatusEntry
from statusportal.entries.service import publish_entry
from statusportal.entries.vocabulary import EntryKind
from statusportal.work import Works


def share_with_owners(works: Works, world: World) -> None:
    """Share what the file says; what a machine did not open in this telling is left out."""
    for table in read_shared():
        entry_id = _entry(works, world, table)
        if entry_id is None:
            continue
        with works.writing(actor_named(works, world, table.by)) as work:
            draft = draft_of(work, entry_id)
            lines = {line.comment_id: line.after for line in draft.lines}
            publication_id = share_entry(work, entry_id, SharedWords(draft.title, draft.body, lines)).id
        for answer in table.answers:
            with works.writing(actor_named(works, world, answer.by)) as work:
                answer_publication(work, publication_id, answer.body)


def _entry(works: Works, world: World, table: SharedTable) -> UUID | None:
    """Return the newest entry that is meant, or ask the question that nobody has asked yet."""
    named = StatusEntry.code == table.code if table.code else StatusEntry.title == table.title
    device_id = world.devices[table.device]
    if table.body:
        with works.writing(actor_named(works, world, table.by)) as work:
            return publish_entry(work, device_id, EntryKind.QUESTION, table.title, table.body).id
    with works.reading(SYSTEM) as work:
        found = select(StatusEntry.id).where(StatusEntry.device_id == device_id, named)
        return work.session.scalar(found.order_by(StatusEntry.opened_at.desc()).limit(1))
