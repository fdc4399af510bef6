"""Tables of telemetry. Samples carry no organisation: they are reached only through periods of ownership."""

from uuid import UUID

from sqlalchemy import Float, ForeignKey, ForeignKeyConstraint, Index, LargeBinary, SmallInteger, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from statusportal.db.base import Base, Scale, scaled
from statusportal.db.columns import Instant, Milliseconds, Word


class Signal(Base):
    """A signal that a device has sent, with its newest sample by event time."""

    __tablename__ = "signal"
    __table_args__ = (Index("uq_signal_device_id_name", "device_id", "name", unique=True), scaled(Scale.BY_DEVICE))

    device_id: Mapped[UUID] = mapped_column(ForeignKey("device.id"), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    name: Mapped[str] = mapped_column(String(100))
    first_at: Mapped[Instant]
    last_at_ms: Mapped[Milliseconds | None]
    last_kind: Mapped[int | None] = mapped_column(SmallInteger)
    last_real: Mapped[float | None] = mapped_column(Float)
    last_text: Mapped[str | None] = mapped_column(Text)
    last_quality: Mapped[int | None] = mapped_column(SmallInteger)


class Sample(Base):
    """One timed value of one signal. The primary key is the natural key: a second sending cannot be stored twice.

    `kind` says how to read it back: 0 real, 1 integer, 2 boolean, 3 text. Integers beyond 2**53 keep their digits in
    `text`.
    """

    __tablename__ = "sample"
    __table_args__ = (
        ForeignKeyConstraint(["device_id", "signal_number"], ["signal.device_id", "signal.number"]),
        {**scaled(Scale.BY_DEVICE), "sqlite_with_rowid": False},
    )

    device_id: Mapped[UUID] = mapped_column(primary_key=True)
    signal_number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    at_ms: Mapped[Milliseconds] = mapped_column(primary_key=True, autoincrement=False)
    kind: Mapped[int] = mapped_column(SmallInteger)
    real: Mapped[float | None] = mapped_column(Float)
    text: Mapped[str | None] = mapped_column(Text)
    quality: Mapped[int] = mapped_column(SmallInteger)


class SampleConflict(Base):
    """Two values for one natural key: the first stands in `sample`, the other stands here, with where it came from."""

    __tablename__ = "sample_conflict"
    __table_args__ = (Index(None, "source", "seen_at"), scaled(Scale.BY_DEVICE))

    device_id: Mapped[UUID] = mapped_column(ForeignKey("device.id"), primary_key=True)
    id: Mapped[UUID] = mapped_column(primary_key=True)
    signal_name: Mapped[str] = mapped_column(String(100))
    at_ms: Mapped[Milliseconds]
    kept: Mapped[str] = mapped_column(Text)
    refused: Mapped[str] = mapped_column(Text)
    source: Mapped[str] = mapped_column(String(80))
    seen_at: Mapped[Instant]


class JournalEntry(Base):
    """What one group commit stored, for those who follow. Keyed by (writer, sequence), so that writers never wait."""

    __tablename__ = "journal_entry"
    __table_args__ = (scaled(Scale.LOCAL),)

    writer: Mapped[UUID] = mapped_column(primary_key=True)
    sequence: Mapped[Milliseconds] = mapped_column(primary_key=True, autoincrement=False)
    committed_at: Mapped[Instant]
    body: Mapped[bytes] = mapped_column(LargeBinary)


class JournalCursor(Base):
    """How far a follower has come in one writer's journal."""

    __tablename__ = "journal_cursor"
    __table_args__ = (scaled(Scale.LOCAL),)

    follower: Mapped[Word] = mapped_column(primary_key=True)
    writer: Mapped[UUID] = mapped_column(primary_key=True)
    sequence: Mapped[Milliseconds]
