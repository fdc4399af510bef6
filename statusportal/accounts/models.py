"""Tables of accounts. All are small: reference tables."""

from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from statusportal.db.base import Base, Scale, scaled
from statusportal.db.columns import Digest, Instant, Json, Name, PrimaryId, Prose, Word


class Organisation(Base):
    """A customer, or the operator itself. Its people may be let in by its own identity provider alone."""

    __tablename__ = "organisation"
    __table_args__ = (
        Index(
            "uq_organisation_operator",
            "kind",
            unique=True,
            sqlite_where=text("kind = 'operator'"),
            postgresql_where=text("kind = 'operator'"),
        ),
        scaled(Scale.REFERENCE),
    )

    id: Mapped[PrimaryId]
    slug: Mapped[str] = mapped_column(String(80), unique=True)
    name: Mapped[Name]
    kind: Mapped[Word]
    time_zone: Mapped[str] = mapped_column(String(60))
    is_provider_required: Mapped[bool] = mapped_column(default=False)
    created_at: Mapped[Instant]


class Person(Base):
    """Somebody who can sign in. The address is kept in lower case.

    `email_proved_at` is when it was shown that the address is theirs; until then nothing is trusted to it.
    """

    __tablename__ = "person"
    __table_args__ = (CheckConstraint("email = lower(email)", name="email_lower"), scaled(Scale.REFERENCE))

    id: Mapped[PrimaryId]
    email: Mapped[str] = mapped_column(String(254), unique=True)
    name: Mapped[Name]
    password_hash: Mapped[str | None] = mapped_column(String(200))
    staff_role: Mapped[Word | None]
    locale: Mapped[Word]
    theme: Mapped[Word]
    time_zone: Mapped[str | None] = mapped_column(String(60))
    is_disabled: Mapped[bool] = mapped_column(default=False)
    email_proved_at: Mapped[Instant | None]
    created_at: Mapped[Instant]


class Membership(Base):
    """A person in an organisation, with a role."""

    __tablename__ = "membership"
    __table_args__ = (Index(None, "person_id"), scaled(Scale.REFERENCE))

    organisation_id: Mapped[UUID] = mapped_column(ForeignKey("organisation.id"), primary_key=True)
    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"), primary_key=True)
    role: Mapped[Word]
    created_at: Mapped[Instant]


class Invitation(Base):
    """An address asked to join; the secret went out once and only its digest stays.

    `proves_address` tells whether whoever has the secret has the address: it went there by letter, or the operator
    hands it on. What a customer's administrator is shown proves nothing.
    """

    __tablename__ = "invitation"
    __table_args__ = (
        CheckConstraint("(role IS NULL) <> (staff_role IS NULL)", name="one_role"),
        Index(None, "organisation_id", "created_at"),
        scaled(Scale.REFERENCE),
    )

    id: Mapped[PrimaryId]
    organisation_id: Mapped[UUID] = mapped_column(ForeignKey("organisation.id"))
    email: Mapped[str] = mapped_column(String(254))
    name: Mapped[Name]
    role: Mapped[Word | None]
    staff_role: Mapped[Word | None]
    secret_digest: Mapped[Digest] = mapped_column(unique=True)
    proves_address: Mapped[bool]
    invited_by: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))
    created_at: Mapped[Instant]
    expires_at: Mapped[Instant]
    accepted_at: Mapped[Instant | None]
    revoked_at: Mapped[Instant | None]


class SafeRetry(Base):
    """An answer kept under the sender's Idempotency-Key, so that a second sending gets it again."""

    __tablename__ = "safe_retry"
    __table_args__ = (UniqueConstraint("sender", "key"), Index(None, "created_at"), scaled(Scale.LOCAL))

    id: Mapped[PrimaryId]
    sender: Mapped[str] = mapped_column(String(60))
    key: Mapped[str] = mapped_column(String(200))
    request_digest: Mapped[Digest]
    status: Mapped[int]
    headers: Mapped[Json]
    body: Mapped[Prose]
    created_at: Mapped[Instant]
