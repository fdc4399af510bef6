"""The table of passwords. It is small: a reference table."""

from uuid import UUID

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from statusportal.db.base import Base, Scale, scaled
from statusportal.db.columns import Digest, Instant, PrimaryId


class PasswordReset(Base):
    """A forgotten password that somebody asked to replace, by the address they typed, whoever that is.

    The digest of the secret is there once a letter was written, or a link made by hand; the person by then at last.
    `proves_address` tells whether whoever has the secret has the address, as for an invitation.
    """

    __tablename__ = "password_reset"
    __table_args__ = (Index(None, "person_id", "asked_at"), Index(None, "expires_at"), scaled(Scale.REFERENCE))

    id: Mapped[PrimaryId]
    email: Mapped[str] = mapped_column(String(254))
    person_id: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))
    secret_digest: Mapped[Digest | None] = mapped_column(unique=True)
    asked_at: Mapped[Instant]
    expires_at: Mapped[Instant]
    used_at: Mapped[Instant | None]
    proves_address: Mapped[bool] = mapped_column(default=False)
