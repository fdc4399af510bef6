"""Tables of answers. They belong to the organisation of their entry."""

from uuid import UUID

from sqlalchemy import ForeignKey, ForeignKeyConstraint, Index, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from statusportal.accounts.models import Person
from statusportal.db.base import Base, Scale, scaled
from statusportal.db.columns import Instant, Json, Word
from statusportal.discussion.models import Comment
from statusportal.foundation.ids import new_id

_COMMENT = ["comment.organisation_id", "comment.entry_id", "comment.id"]


class AcceptedAnswer(Base):
    """A comment that answers its entry, and with which badge somebody said so."""

    __tablename__ = "accepted_answer"
    __table_args__ = (
        ForeignKeyConstraint(["organisation_id", "entry_id", "comment_id"], _COMMENT),
        Index(None, "comment_id"),
        scaled(Scale.BY_ORGANISATION),
    )

    organisation_id: Mapped[UUID] = mapped_column(primary_key=True)
    entry_id: Mapped[UUID] = mapped_column(primary_key=True)
    comment_id: Mapped[UUID] = mapped_column(primary_key=True)
    accepted_by: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))
    role: Mapped[Word | None]
    at: Mapped[Instant]


class AppliedFix(Base):
    """Somebody did what an answer says. The machine is watched until `due_at`, and then confirms it or asks for time.

    It comes of a comment of the entry, or of an article; articles lie downstream, so `article_id` is no foreign key.
    `proof` holds what the machine was seen to do while it was clear: `{"from_ms", "to_ms", "samples", "cycles":
    [{"signal", "count"}]}`.
    """

    __tablename__ = "applied_fix"
    __table_args__ = (
        ForeignKeyConstraint(["organisation_id", "entry_id"], ["status_entry.organisation_id", "status_entry.id"]),
        ForeignKeyConstraint(["organisation_id", "entry_id", "comment_id"], _COMMENT),
        ForeignKeyConstraint(
            ["organisation_id", "device_id", "ownership_id"],
            ["ownership.organisation_id", "ownership.device_id", "ownership.id"],
        ),
        Index(
            "ix_applied_fix_due",
            "due_at",
            sqlite_where=text("state = 'watched'"),
            postgresql_where=text("state = 'watched'"),
        ),
        Index(None, "device_id", "state"),
        scaled(Scale.BY_ORGANISATION),
    )

    organisation_id: Mapped[UUID] = mapped_column(primary_key=True)
    entry_id: Mapped[UUID] = mapped_column(primary_key=True)
    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    device_id: Mapped[UUID]
    ownership_id: Mapped[UUID]
    comment_id: Mapped[UUID | None]
    article_id: Mapped[UUID | None]
    state: Mapped[Word]
    applied_by: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))
    role: Mapped[Word | None]
    applied_at: Mapped[Instant]
    clear_since: Mapped[Instant]
    due_at: Mapped[Instant]
    decided_at: Mapped[Instant | None]
    proof: Mapped[Json | None]

    comment: Mapped[Comment | None] = relationship(
        primaryjoin=(
            "and_(foreign(AppliedFix.organisation_id) == Comment.organisation_id, "
            "foreign(AppliedFix.entry_id) == Comment.entry_id, foreign(AppliedFix.comment_id) == Comment.id)"
        ),
        viewonly=True,
        lazy="raise_on_sql",
    )
    applier: Mapped[Person | None] = relationship(viewonly=True, lazy="raise_on_sql")
