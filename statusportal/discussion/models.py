"""Tables of discussion. A comment cannot point into another organisation, entry or thread even by a bug."""

from uuid import UUID

from sqlalchemy import ForeignKey, ForeignKeyConstraint, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from statusportal.db.base import Base, Scale, scaled
from statusportal.db.columns import Instant, Prose, Word
from statusportal.foundation.ids import new_id


class Comment(Base):
    """A reply in a tree. `path` sorts a thread in reading order: one fixed-width ordinal a level, joined by dots."""

    __tablename__ = "comment"
    __table_args__ = (
        ForeignKeyConstraint(["organisation_id", "entry_id"], ["status_entry.organisation_id", "status_entry.id"]),
        ForeignKeyConstraint(
            ["organisation_id", "entry_id", "parent_id"],
            ["comment.organisation_id", "comment.entry_id", "comment.id"],
        ),
        UniqueConstraint("organisation_id", "entry_id", "path"),
        scaled(Scale.BY_ORGANISATION),
    )

    organisation_id: Mapped[UUID] = mapped_column(primary_key=True)
    entry_id: Mapped[UUID] = mapped_column(primary_key=True)
    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    parent_id: Mapped[UUID | None]
    path: Mapped[Prose]
    depth: Mapped[int]
    kind: Mapped[Word]
    audience: Mapped[Word]
    state: Mapped[Word]
    author_id: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))
    author_role: Mapped[Word | None]
    body_markdown: Mapped[Prose]
    body_html: Mapped[Prose]
    created_at: Mapped[Instant]
    edited_at: Mapped[Instant | None]
    deleted_at: Mapped[Instant | None]


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
