"""Tables of discussion. A comment cannot point into another organisation, entry or thread even by a bug."""

from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, ForeignKeyConstraint, Index, Text, UniqueConstraint
from sqlalchemy.dialects import postgresql
from sqlalchemy.orm import Mapped, mapped_column, relationship

from statusportal.accounts.models import Person
from statusportal.db.base import Base, Scale, scaled
from statusportal.db.columns import Instant, Json, Name, Prose, Word
from statusportal.foundation.ids import new_id

# Byte order, whatever the database's language: a locale may pass over the dots.
Path = Text().with_variant(postgresql.TEXT(collation="C"), "postgresql")


class Comment(Base):
    """A reply in a tree. `path` sorts a thread in reading order: one fixed-width ordinal a level, joined by dots.

    `reason` is set on the portal's own lines: the sentence as key and values, so that it reads in each reader's
    language; `body_markdown` then holds it in English. Who comments by a share link has no account: `guest_name` is
    what they call themselves, `shared_by_id` who made the link. Links lie downstream, so `link_id` is no foreign key.
    `report` holds the lines of a field report, and `edition` counts its wordings.
    """

    __tablename__ = "comment"
    __table_args__ = (
        ForeignKeyConstraint(["organisation_id", "entry_id"], ["status_entry.organisation_id", "status_entry.id"]),
        ForeignKeyConstraint(
            ["organisation_id", "entry_id", "parent_id"],
            ["comment.organisation_id", "comment.entry_id", "comment.id"],
        ),
        UniqueConstraint("organisation_id", "entry_id", "path"),
        Index(None, "organisation_id", "entry_id", "parent_id", "path"),
        Index(None, "id"),
        Index(None, "author_id", "created_at"),
        Index(None, "link_id", "created_at"),
        CheckConstraint("(link_id IS NULL) = (guest_name IS NULL)", name="guest_named"),
        CheckConstraint("link_id IS NULL OR author_id IS NULL", name="one_author"),
        scaled(Scale.BY_ORGANISATION),
    )

    organisation_id: Mapped[UUID] = mapped_column(primary_key=True)
    entry_id: Mapped[UUID] = mapped_column(primary_key=True)
    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    parent_id: Mapped[UUID | None]
    path: Mapped[str] = mapped_column(Path)
    depth: Mapped[int]
    kind: Mapped[Word]
    audience: Mapped[Word]
    state: Mapped[Word]
    author_id: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))
    author_role: Mapped[Word | None]
    guest_name: Mapped[Name | None]
    link_id: Mapped[UUID | None]
    shared_by_id: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))
    body_markdown: Mapped[Prose]
    body_html: Mapped[Prose]
    reason: Mapped[Json | None]
    report: Mapped[Json | None]
    edition: Mapped[int] = mapped_column(default=1)
    created_at: Mapped[Instant]
    edited_at: Mapped[Instant | None]
    deleted_at: Mapped[Instant | None]

    author: Mapped[Person | None] = relationship(foreign_keys=author_id, viewonly=True, lazy="raise_on_sql")
    sharer: Mapped[Person | None] = relationship(foreign_keys=shared_by_id, viewonly=True, lazy="raise_on_sql")


class CommentRevision(Base):
    """What a comment said before an edit."""

    __tablename__ = "comment_revision"
    __table_args__ = (
        ForeignKeyConstraint(
            ["organisation_id", "entry_id", "comment_id"],
            ["comment.organisation_id", "comment.entry_id", "comment.id"],
        ),
        scaled(Scale.BY_ORGANISATION),
    )

    organisation_id: Mapped[UUID] = mapped_column(primary_key=True)
    entry_id: Mapped[UUID] = mapped_column(primary_key=True)
    comment_id: Mapped[UUID] = mapped_column(primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    body_markdown: Mapped[Prose]
    replaced_at: Mapped[Instant]


class TakenBack(Base):
    """What a comment said that was just deleted, until its author no longer wants it back. Nobody reads it."""

    __tablename__ = "taken_back"
    __table_args__ = (
        ForeignKeyConstraint(
            ["organisation_id", "entry_id", "comment_id"],
            ["comment.organisation_id", "comment.entry_id", "comment.id"],
            ondelete="CASCADE",
        ),
        scaled(Scale.BY_ORGANISATION),
    )

    organisation_id: Mapped[UUID] = mapped_column(primary_key=True)
    entry_id: Mapped[UUID] = mapped_column(primary_key=True)
    comment_id: Mapped[UUID] = mapped_column(primary_key=True)
    words: Mapped[Json]
    until_at: Mapped[Instant]


class ReadMark(Base):
    """How far a person has read an entry: everything up to `read_at`."""

    __tablename__ = "read_mark"
    __table_args__ = (
        ForeignKeyConstraint(["organisation_id", "entry_id"], ["status_entry.organisation_id", "status_entry.id"]),
        scaled(Scale.BY_ORGANISATION),
    )

    organisation_id: Mapped[UUID] = mapped_column(primary_key=True)
    entry_id: Mapped[UUID] = mapped_column(primary_key=True)
    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"), primary_key=True)
    read_at: Mapped[Instant]
