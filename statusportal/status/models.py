"""Tables of status. They carry no organisation: like samples, they are reached through periods of ownership."""

from uuid import UUID

from sqlalchemy import Float, ForeignKey, Index, String, Uuid
from sqlalchemy.orm import Mapped, mapped_column

from statusportal.db.base import Base, Scale, scaled
from statusportal.db.columns import Digest, Instant, Json, JsonList, Milliseconds, Word


class DeviceStatus(Base):
    """How a device fares now, under one ownership: for the next owner it begins anew.

    `due_at` is its place in the expiry queue: when silence or a timer comes due next. `memory` is what the model's
    rules remember of its samples; only derivation reads it. `kept_ms` is the time of its newest `KeptState`; with
    `late_from_ms` set, samples from then on came late, and at `correct_at` its history is told again. Since
    `aside_since` it is set aside: an error keeps it from being derived. `untold` are
    shifts that stand here already, and of which those who listen have yet to hear: it stays due until they have.
    """

    __tablename__ = "device_status"
    __table_args__ = (Index(None, "due_at"), scaled(Scale.BY_DEVICE))

    device_id: Mapped[UUID] = mapped_column(ForeignKey("device.id"), primary_key=True)
    ownership_id: Mapped[UUID | None] = mapped_column(Uuid)
    health: Mapped[Word]
    last_health: Mapped[Word]
    connectivity: Mapped[Word]
    health_since: Mapped[Instant]
    connectivity_since: Mapped[Instant]
    reason: Mapped[Json]
    last_sample_at_ms: Mapped[Milliseconds | None]
    heard_at: Mapped[Instant | None]
    arrived_at: Mapped[Instant | None]
    due_at: Mapped[Instant | None]
    version: Mapped[int] = mapped_column(default=1)
    memory: Mapped[Json | None] = mapped_column(deferred=True)
    kept_ms: Mapped[Milliseconds | None]
    late_from_ms: Mapped[Milliseconds | None]
    correct_at: Mapped[Instant | None]
    aside_since: Mapped[Instant | None]
    poor_since_ms: Mapped[Milliseconds | None]
    unusable_since_ms: Mapped[Milliseconds | None]
    untold: Mapped[JsonList | None]


class SetAside(Base):
    """An error that keeps a device from being derived; its samples are kept, and heard when it is tried again.

    Shape: `error_id` stands in the portal's log with all that is known of it, `kind` is the error's name; `from_ms` is
    the oldest sample that was not heard, None where there was none; `since_try_ms` is the oldest of those that came
    since it was tried again last. Of one that `is_mute` not even life is heard.
    """

    __tablename__ = "set_aside"
    __table_args__ = (Index(None, "retry_at"), scaled(Scale.BY_DEVICE))

    device_id: Mapped[UUID] = mapped_column(ForeignKey("device.id"), primary_key=True)
    since: Mapped[Instant]
    error_id: Mapped[UUID] = mapped_column(Uuid)
    kind: Mapped[str] = mapped_column(String(100))
    attempts: Mapped[int] = mapped_column(default=0)
    retry_at: Mapped[Instant]
    from_ms: Mapped[Milliseconds | None]
    since_try_ms: Mapped[Milliseconds | None]
    is_mute: Mapped[bool] = mapped_column(default=False)


class LongCorrection(Base):
    """A history that is to be told again from a time on and is too long for one transaction.

    Shape: `asked` counts how often it was asked for, so that what comes late while it is told is told too.
    """

    __tablename__ = "long_correction"
    __table_args__ = (scaled(Scale.BY_DEVICE),)

    device_id: Mapped[UUID] = mapped_column(ForeignKey("device.id"), primary_key=True)
    from_ms: Mapped[Milliseconds]
    asked: Mapped[int] = mapped_column(default=0)


class KeptState(Base):
    """What derivation knew of a device after all samples up to a time: from there history can be told again.

    Shape: `state` is None where nothing was heard yet; `mark` is that of the rules it was derived by.
    """

    __tablename__ = "kept_state"
    __table_args__ = (scaled(Scale.BY_DEVICE),)

    device_id: Mapped[UUID] = mapped_column(ForeignKey("device.id"), primary_key=True)
    at_ms: Mapped[Milliseconds] = mapped_column(primary_key=True, autoincrement=False)
    ownership_id: Mapped[UUID | None] = mapped_column(Uuid)
    mark: Mapped[Digest]
    state: Mapped[Json | None]


class Condition(Base):
    """A rule or a declaration that is pending, active or normal, de-duplicated by its code.

    `last_ms` is the newest sample it has looked at, `due_ms` when a pending one becomes active by the clock.
    """

    __tablename__ = "condition"
    __table_args__ = (scaled(Scale.BY_DEVICE),)

    device_id: Mapped[UUID] = mapped_column(ForeignKey("device.id"), primary_key=True)
    code: Mapped[str] = mapped_column(String(80), primary_key=True)
    state: Mapped[Word]
    health: Mapped[Word]
    signal_name: Mapped[str | None] = mapped_column(String(100))
    limit_id: Mapped[UUID | None] = mapped_column(Uuid)
    value: Mapped[float | None] = mapped_column(Float)
    since_ms: Mapped[Milliseconds]
    active_since_ms: Mapped[Milliseconds | None]
    due_ms: Mapped[Milliseconds | None]
    first_ms: Mapped[Milliseconds]
    last_ms: Mapped[Milliseconds]
    count: Mapped[int] = mapped_column(default=0)
    reason: Mapped[Json]


class StatusInterval(Base):
    """A stretch of time with one health and one connectivity; the open one has no `to_ms`."""

    __tablename__ = "status_interval"
    __table_args__ = (scaled(Scale.BY_DEVICE),)

    device_id: Mapped[UUID] = mapped_column(ForeignKey("device.id"), primary_key=True)
    from_ms: Mapped[Milliseconds] = mapped_column(primary_key=True, autoincrement=False)
    to_ms: Mapped[Milliseconds | None]
    health: Mapped[Word]
    connectivity: Mapped[Word]
    cause: Mapped[Json]
