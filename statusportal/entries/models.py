"""Tables of entries. A row belongs to the ownership under which it arose, and its organisation never changes."""

from uuid import UUID

from sqlalchemy import ForeignKey, ForeignKeyConstraint, Index, String, text
from sqlalchemy.orm import Mapped, foreign, mapped_column, relationship

from statusportal.accounts.models import Person
from statusportal.db.base import Base, Scale, scaled
from statusportal.db.columns import Instant, Json, Prose, Word
from statusportal.fleet.models import Device
from statusportal.foundation.ids import new_id


class StatusEntry(Base):
    """One page of the time line.

    `headline` is set on entries the portal itself writes: the sentence as key and values, so that it reads in each
    reader's language; `title` then holds it in English, for search. What concerns staff alone has counters of its own
    (`internal_…`), so that no count or version tells a customer about an internal note.

    `wished_audience` is set while staff ask the owner to let more people read it; it opens nothing by itself.

    `publication_id` is set while the owner shares it with the other owners of the model; what they read is a copy,
    which lies downstream, so it is no foreign key.

    Where a machine brought it about, `event_count` says how often it was active and `last_event_at` when that last
    changed; `clear_since` stands while all is clear, and at `clear_due_at` the machine is asked whether it is over.
    `disputed_at` stands from when somebody said that it is still broken until people resolve it.
    """

    __tablename__ = "status_entry"
    __table_args__ = (
        ForeignKeyConstraint(
            ["organisation_id", "device_id", "ownership_id"],
            ["ownership.organisation_id", "ownership.device_id", "ownership.id"],
        ),
        Index(None, "organisation_id", "device_id", "opened_at"),
        Index(None, "organisation_id", "opened_at"),
        Index(None, "device_id", "code"),
        Index(None, "id"),
        Index(
            "ix_status_entry_confirming",
            "clear_due_at",
            sqlite_where=text("lifecycle = 'monitoring'"),
            postgresql_where=text("lifecycle = 'monitoring'"),
        ),
        scaled(Scale.BY_ORGANISATION),
    )

    organisation_id: Mapped[UUID] = mapped_column(ForeignKey("organisation.id"), primary_key=True)
    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    device_id: Mapped[UUID]
    ownership_id: Mapped[UUID]
    kind: Mapped[Word]
    code: Mapped[str | None] = mapped_column(String(80))
    title: Mapped[str] = mapped_column(String(300))
    headline: Mapped[Json | None]
    body_markdown: Mapped[Prose] = mapped_column(default="")
    body_html: Mapped[Prose] = mapped_column(default="")
    health: Mapped[Word | None]
    lifecycle: Mapped[Word]
    audience: Mapped[Word]
    author_id: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))
    author_role: Mapped[Word | None]
    snapshot: Mapped[Json | None]
    opened_at: Mapped[Instant]
    resolved_at: Mapped[Instant | None]
    created_at: Mapped[Instant]
    edited_at: Mapped[Instant | None]
    last_word_at: Mapped[Instant | None]
    event_count: Mapped[int] = mapped_column(default=0)
    last_event_at: Mapped[Instant | None]
    clear_since: Mapped[Instant | None]
    clear_due_at: Mapped[Instant | None]
    disputed_at: Mapped[Instant | None]
    comment_count: Mapped[int] = mapped_column(default=0)
    internal_comment_count: Mapped[int] = mapped_column(default=0)
    version: Mapped[int] = mapped_column(default=1)
    internal_version: Mapped[int] = mapped_column(default=0)
    wished_audience: Mapped[Word | None]
    wished_role: Mapped[Word | None]
    wished_at: Mapped[Instant | None]
    publication_id: Mapped[UUID | None]

    device: Mapped[Device] = relationship(
        primaryjoin=lambda: foreign(StatusEntry.device_id) == Device.id, viewonly=True, lazy="raise_on_sql"
    )
    author: Mapped[Person | None] = relationship(viewonly=True, lazy="raise_on_sql")


class EntryHappening(Base):
    """Something that happened to the entry itself: a step of its lifecycle, an edit with what stood before.

    `audience` is the entry's at that time: what happened to an internal entry stays internal when it is widened.
    """

    __tablename__ = "entry_happening"
    __table_args__ = (
        ForeignKeyConstraint(["organisation_id", "entry_id"], ["status_entry.organisation_id", "status_entry.id"]),
        scaled(Scale.BY_ORGANISATION),
    )

    organisation_id: Mapped[UUID] = mapped_column(primary_key=True)
    entry_id: Mapped[UUID] = mapped_column(primary_key=True)
    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    kind: Mapped[Word]
    audience: Mapped[Word]
    person_id: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))
    person_role: Mapped[Word | None]
    at: Mapped[Instant]
    before: Mapped[Json]
    after: Mapped[Json]

    person: Mapped[Person | None] = relationship(viewonly=True, lazy="raise_on_sql")
