"""What people did and said, done again by the rooms' own verbs, each at its own time."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial
from typing import Final
from uuid import UUID

from sqlalchemy import select

from statusportal.access.actor import SYSTEM
from statusportal.cli.demo_fleet.content import AcceptedTable, EntryTable, LearnedTable, SaidTable
from statusportal.cli.demo_fleet.learning import accept, learn
from statusportal.cli.demo_fleet.times import moment, span, with_times
from statusportal.cli.demo_fleet.world import World, actor_named
from statusportal.discussion.service import delete_comment, edit_comment, mark_read, post_comment
from statusportal.entries.models import StatusEntry
from statusportal.entries.queries import entries_page
from statusportal.entries.service import move_lifecycle, publish_entry
from statusportal.entries.vocabulary import EntryFilters, Lifecycle
from statusportal.foundation.paging import Slice
from statusportal.work import Works

_RECENT: Final = timedelta(hours=12)


@dataclass(frozen=True, slots=True)
class Act:
    """Something that is done at an instant, after the machine concerned has spoken; without one, after all have."""

    at: datetime
    do: Callable[[Works], None]
    serial: str = ""


@dataclass(slots=True)
class _Thread:
    """One entry on its way: its id once it stands, and the ids of what was said, by key."""

    world: World
    table: EntryTable
    since: datetime
    unsaid: list[str]
    entry_id: UUID | None = None
    comments: dict[str, UUID] = field(default_factory=dict)

    def open(self, works: Works) -> None:
        """Publish the entry."""
        table = self.table
        with works.writing(actor_named(works, self.world, table.by)) as work:
            row = publish_entry(
                work,
                self.world.devices[table.device],
                table.kind,
                table.title,
                with_times(table.body, self.since),
                table.audience,
                table.health,
            )
            self.entry_id = row.id

    def say(self, works: Works, said: SaidTable) -> None:
        """Post a comment, or take a step, and read what stands there.

        What the machine does depends a little on the hour of the seeding: words about what it did not do stay unsaid.
        """
        entry_id = self.entry_id = self.entry_id or self._find_opened(works)
        if entry_id is None:
            self.unsaid.append(f"{self.table.device} opened no {self.table.code}: {said.by} +{said.after}")
            return
        with works.writing(actor_named(works, self.world, said.by)) as work:
            if said.to is not None:
                move_lifecycle(work, entry_id, said.to)
                return
            row = post_comment(
                work,
                entry_id,
                with_times(said.body, self.since),
                parent_id=self.comments[said.reply_to] if said.reply_to else None,
                kind=said.kind,
                audience=said.audience,
            )
            if said.key:
                self.comments[said.key] = row.id
            mark_read(work, entry_id)

    def edit(self, works: Works, said: SaidTable, body: str) -> None:
        """Change a comment as its author."""
        with works.writing(actor_named(works, self.world, said.by)) as work:
            edit_comment(work, self.comments[said.key], with_times(body, self.since))

    def delete(self, works: Works, said: SaidTable) -> None:
        """Take a comment back as its author."""
        with works.writing(actor_named(works, self.world, said.by)) as work:
            delete_comment(work, self.comments[said.key])

    def accept(self, works: Works, said: SaidTable, table: AcceptedTable) -> None:
        """Accept what was said as the answer, if it was said at all."""
        if said.key in self.comments and self.entry_id is not None:
            accept(works, self.world, self.entry_id, self.comments[said.key], table)

    def learn(self, works: Works, said: SaidTable, table: LearnedTable) -> None:
        """Make an article of it."""
        if said.key in self.comments:
            learn(works, self.world, self.comments[said.key], table)

    def _find_opened(self, works: Works) -> UUID | None:
        """Find the entry that the machine's own condition opened."""
        query = (
            select(StatusEntry.id)
            .where(StatusEntry.device_id == self.world.devices[self.table.device])
            .where(StatusEntry.code == self.table.code, StatusEntry.opened_at <= works.clock.now())
            .where(StatusEntry.opened_at > self.since - _RECENT)
            .order_by(StatusEntry.opened_at.desc())
            .limit(1)
        )
        with works.reading(SYSTEM) as work:
            return work.session.scalar(query)


def read_what_is_over(works: Works, world: World) -> None:
    """Let everybody have read the entries that are resolved, so that what is new to them is what goes on now."""
    for key in world.people:
        with works.writing(actor_named(works, world, key)) as work:
            over = EntryFilters(lifecycles=frozenset({Lifecycle.RESOLVED}))
            for entry in entries_page(work, Slice(limit=200), over).items:
                mark_read(work, entry.id)


def acts_of(table: EntryTable, world: World, now: datetime, unsaid: list[str]) -> Iterator[Act]:
    """Give all that happened under one entry, as acts to be done in order of time."""
    thread = _Thread(world, table, moment(table.since, now), unsaid)
    if not table.code:
        yield Act(thread.since, thread.open, table.device)
    for said in table.talk:
        yield Act(thread.since + span(said.after), _saying(thread, said), table.device)
        if said.edited is not None:
            yield Act(thread.since + span(said.edited.after), _editing(thread, said, said.edited.body), table.device)
        if said.deleted_after:
            yield Act(thread.since + span(said.deleted_after), _deleting(thread, said), table.device)
        if said.accepted is not None:
            yield Act(thread.since + span(said.accepted.after), partial(thread.accept, said=said, table=said.accepted))
        if said.learned is not None:
            yield Act(thread.since + span(said.learned.after), partial(thread.learn, said=said, table=said.learned))


def _saying(thread: _Thread, said: SaidTable) -> Callable[[Works], None]:
    return lambda works: thread.say(works, said)


def _editing(thread: _Thread, said: SaidTable, body: str) -> Callable[[Works], None]:
    return lambda works: thread.edit(works, said, body)


def _deleting(thread: _Thread, said: SaidTable) -> Callable[[Works], None]:
    return lambda works: thread.delete(works, said)
