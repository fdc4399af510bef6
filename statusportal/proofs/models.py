"""Tables of second proofs. All are small: reference tables."""

from uuid import UUID

from sqlalchemy import BigInteger, ForeignKey, Index, LargeBinary
from sqlalchemy.orm import Mapped, mapped_column

from statusportal.db.base import Base, Scale, scaled
from statusportal.db.columns import Digest, Instant, Json, Name, PrimaryId, Word


class CodeApp(Base):
    """An app that makes a code every half minute. The secret is sealed; `last_step` is that of the last code taken."""

    __tablename__ = "code_app"
    __table_args__ = (scaled(Scale.REFERENCE),)

    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"), primary_key=True)
    sealed_secret: Mapped[bytes] = mapped_column(LargeBinary)
    last_step: Mapped[int] = mapped_column(BigInteger, default=0)
    created_at: Mapped[Instant]
    confirmed_at: Mapped[Instant | None]


class RecoveryCode(Base):
    """A code on paper that works once; shown once, kept as a digest."""

    __tablename__ = "recovery_code"
    __table_args__ = (scaled(Scale.REFERENCE),)

    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"), primary_key=True)
    digest: Mapped[Digest] = mapped_column(primary_key=True)
    created_at: Mapped[Instant]
    used_at: Mapped[Instant | None]


class Passkey(Base):
    """A key that a person's device keeps; `sign_count` is what its counter said last, zero where it has none."""

    __tablename__ = "passkey"
    __table_args__ = (Index(None, "person_id"), scaled(Scale.REFERENCE))

    id: Mapped[PrimaryId]
    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    credential_id: Mapped[bytes] = mapped_column(LargeBinary, unique=True)
    public_key: Mapped[bytes] = mapped_column(LargeBinary)
    sign_count: Mapped[int] = mapped_column(BigInteger)
    name: Mapped[Name]
    created_at: Mapped[Instant]
    used_at: Mapped[Instant | None]


class Ceremony(Base):
    """An act of two requests that has begun: it works once and expires. `secret_data` is what the second is held to."""

    __tablename__ = "ceremony"
    __table_args__ = (Index(None, "expires_at"), scaled(Scale.REFERENCE))

    id: Mapped[PrimaryId]
    secret_digest: Mapped[Digest] = mapped_column(unique=True)
    kind: Mapped[Word]
    person_id: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))
    secret_data: Mapped[Json]
    tries: Mapped[int] = mapped_column(default=0)
    expires_at: Mapped[Instant]


class SecondProofRule(Base):
    """An organisation whose people need a second proof; the operator's own binds its staff."""

    __tablename__ = "second_proof_rule"
    __table_args__ = (scaled(Scale.REFERENCE),)

    organisation_id: Mapped[UUID] = mapped_column(ForeignKey("organisation.id"), primary_key=True)
    since_at: Mapped[Instant]


class SecondProofReset(Base):
    """That somebody else took away what a person proved themselves with: told until they chose anew."""

    __tablename__ = "second_proof_reset"
    __table_args__ = (scaled(Scale.REFERENCE),)

    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"), primary_key=True)
    at: Mapped[Instant]
