"""Tables of connections."""

from uuid import UUID

from sqlalchemy import BigInteger, ForeignKey, ForeignKeyConstraint, Index, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from statusportal.db.base import Base, Scale, scaled
from statusportal.db.columns import Instant, Json, Name, Prose, Saying, Word
from statusportal.foundation.errors import Sentence
from statusportal.foundation.ids import new_id


class Connection(Base):
    """One configured use of an adapter. Secret options are kept encrypted and are never shown again."""

    __tablename__ = "connection"
    __table_args__ = (scaled(Scale.REFERENCE),)

    organisation_id: Mapped[UUID] = mapped_column(ForeignKey("organisation.id"), primary_key=True)
    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    name: Mapped[Name]
    adapter: Mapped[Word]
    options: Mapped[Json]
    secret_options: Mapped[bytes | None] = mapped_column(LargeBinary)
    format_options: Mapped[Json]
    mapping: Mapped[Json]
    is_enabled: Mapped[bool] = mapped_column(default=True)
    is_creating_devices: Mapped[bool] = mapped_column(default=False)
    model_id: Mapped[UUID | None] = mapped_column(ForeignKey("device_model.id"))
    state: Mapped[Word]
    state_since: Mapped[Instant]
    last_error: Mapped[Saying] = mapped_column(default=Sentence.quoting(""))
    last_error_at: Mapped[Instant | None]
    last_heard_at: Mapped[Instant | None]
    accepted: Mapped[int] = mapped_column(BigInteger, default=0)
    duplicates: Mapped[int] = mapped_column(BigInteger, default=0)
    conflicts: Mapped[int] = mapped_column(BigInteger, default=0)
    rejected: Mapped[int] = mapped_column(BigInteger, default=0)
    version: Mapped[int] = mapped_column(default=1)
    created_at: Mapped[Instant]


class ConnectionHappening(Base):
    """Something worth telling on a connection's page. A gap lasted from `from_at` to `at`."""

    __tablename__ = "connection_happening"
    __table_args__ = (
        ForeignKeyConstraint(
            ["organisation_id", "connection_id"], ["connection.organisation_id", "connection.id"], ondelete="CASCADE"
        ),
        Index(None, "organisation_id", "connection_id", "at"),
        scaled(Scale.BY_ORGANISATION),
    )

    organisation_id: Mapped[UUID] = mapped_column(primary_key=True)
    connection_id: Mapped[UUID] = mapped_column(primary_key=True)
    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    kind: Mapped[Word]
    from_at: Mapped[Instant | None]
    at: Mapped[Instant]
    detail: Mapped[Saying]
    topic: Mapped[Prose] = mapped_column(default="")
    excerpt: Mapped[Prose] = mapped_column(default="")


class UnknownSerial(Base):
    """A serial number that a connection heard and no device has."""

    __tablename__ = "unknown_serial"
    __table_args__ = (
        ForeignKeyConstraint(
            ["organisation_id", "connection_id"], ["connection.organisation_id", "connection.id"], ondelete="CASCADE"
        ),
        scaled(Scale.BY_ORGANISATION),
    )

    organisation_id: Mapped[UUID] = mapped_column(primary_key=True)
    connection_id: Mapped[UUID] = mapped_column(primary_key=True)
    serial: Mapped[str] = mapped_column(String(100), primary_key=True)
    first_at: Mapped[Instant]
    last_at: Mapped[Instant]
    samples: Mapped[int] = mapped_column(BigInteger, default=0)
