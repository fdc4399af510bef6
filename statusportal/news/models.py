"""Tables of news."""

from uuid import UUID

from sqlalchemy import ForeignKey, ForeignKeyConstraint, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from statusportal.db.base import Base, Scale, scaled
from statusportal.db.columns import Digest, Instant, Word
from statusportal.foundation.ids import new_id


class Notification(Base):
    """One piece of news for one person. It holds no words: they are read with the person's rights whenever it is told.

    `comment_id` is what was said, or else it is about the entry itself. `mail` says how a letter tells it; it is due
    at `mail_due_at` until it was sent, or is of no use any more. `stop_digest` is of the secret in the letter that ends
    letters about the entry.
    """

    __tablename__ = "notification"
    __table_args__ = (
        ForeignKeyConstraint(
            ["organisation_id", "entry_id"],
            ["status_entry.organisation_id", "status_entry.id"],
            ondelete="CASCADE",
        ),
        UniqueConstraint("organisation_id", "entry_id", "person_id", "kind", "subject_id", name="uq_notification_once"),
        Index(None, "person_id", "at"),
        Index(
            "ix_notification_due",
            "mail_due_at",
            sqlite_where=text("mail_due_at IS NOT NULL"),
            postgresql_where=text("mail_due_at IS NOT NULL"),
        ),
        Index(None, "stop_digest"),
        scaled(Scale.BY_ORGANISATION),
    )

    organisation_id: Mapped[UUID] = mapped_column(primary_key=True)
    entry_id: Mapped[UUID] = mapped_column(primary_key=True)
    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    kind: Mapped[Word]
    because: Mapped[Word]
    subject_id: Mapped[UUID]
    comment_id: Mapped[UUID | None]
    at: Mapped[Instant]
    read_at: Mapped[Instant | None]
    mail: Mapped[Word | None]
    mail_due_at: Mapped[Instant | None]
    mailed_at: Mapped[Instant | None]
    stop_digest: Mapped[Digest | None]
