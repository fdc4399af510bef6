"""Tables of the catalogue. All are reference tables: small, and joined by everything."""

from uuid import UUID

from sqlalchemy import CheckConstraint, Float, ForeignKey, ForeignKeyConstraint, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from statusportal.accounts.models import Person
from statusportal.db.base import Base, Scale, scaled
from statusportal.db.columns import Instant, Json, JsonList, Name, PrimaryId, Prose, Word
from statusportal.profiles.vocabulary import CLEAR_AFTER_S


class DeviceModel(Base):
    """A product. An open model takes any signal; a strict one rejects those it does not declare.

    `rules` are those of its profile, beside its limits, and `codes` its alarm codes, as plain values.
    """

    __tablename__ = "device_model"
    __table_args__ = (CheckConstraint("expected_interval_s > 0", name="interval_positive"), scaled(Scale.REFERENCE))

    id: Mapped[PrimaryId]
    slug: Mapped[str] = mapped_column(String(80), unique=True)
    name: Mapped[Name]
    description: Mapped[Prose] = mapped_column(default="")
    is_strict: Mapped[bool] = mapped_column(default=False)
    expected_interval_s: Mapped[int] = mapped_column(default=60)
    clear_after_s: Mapped[int] = mapped_column(default=CLEAR_AFTER_S)
    rules: Mapped[JsonList] = mapped_column(default=list)
    codes: Mapped[JsonList] = mapped_column(default=list)
    version: Mapped[int] = mapped_column(default=1)
    created_at: Mapped[Instant]

    signals: Mapped[list["ModelSignal"]] = relationship(order_by="ModelSignal.position", cascade="all, delete-orphan")
    limits: Mapped[list["SignalLimit"]] = relationship(order_by="SignalLimit.code", cascade="all, delete-orphan")


class ModelSignal(Base):
    """A signal that a model declares, with the words a person reads."""

    __tablename__ = "model_signal"
    __table_args__ = (scaled(Scale.REFERENCE),)

    model_id: Mapped[UUID] = mapped_column(ForeignKey("device_model.id"), primary_key=True)
    name: Mapped[str] = mapped_column(String(100), primary_key=True)
    label_en: Mapped[Name]
    label_da: Mapped[Name]
    unit: Mapped[Word] = mapped_column(default="")
    kind: Mapped[Word]
    decimals: Mapped[int] = mapped_column(default=1)
    position: Mapped[int] = mapped_column(default=0)
    traits: Mapped[Json] = mapped_column(default=dict)


class SignalLimit(Base):
    """One limit of one signal, and what it means when it is broken.

    It becomes active when the value is beyond `threshold` for `duration_s`, and clears when it is back by `hysteresis`.
    """

    __tablename__ = "signal_limit"
    __table_args__ = (
        ForeignKeyConstraint(["model_id", "signal_name"], ["model_signal.model_id", "model_signal.name"]),
        UniqueConstraint("model_id", "code"),
        CheckConstraint("hysteresis >= 0", name="hysteresis_not_negative"),
        CheckConstraint("duration_s >= 0", name="duration_not_negative"),
        scaled(Scale.REFERENCE),
    )

    id: Mapped[PrimaryId]
    model_id: Mapped[UUID] = mapped_column(ForeignKey("device_model.id"))
    signal_name: Mapped[str] = mapped_column(String(100))
    code: Mapped[Word]
    side: Mapped[Word]
    threshold: Mapped[float] = mapped_column(Float)
    hysteresis: Mapped[float] = mapped_column(Float, default=0.0)
    duration_s: Mapped[int] = mapped_column(default=0)
    health: Mapped[Word]
    sentence_en: Mapped[Prose] = mapped_column(default="")
    sentence_da: Mapped[Prose] = mapped_column(default="")
    advice_en: Mapped[Prose] = mapped_column(default="")
    advice_da: Mapped[Prose] = mapped_column(default="")


class ModelVersion(Base):
    """A model as it stood after a change, as its file; who changed it, and by which act."""

    __tablename__ = "model_version"
    __table_args__ = (scaled(Scale.REFERENCE),)

    model_id: Mapped[UUID] = mapped_column(ForeignKey("device_model.id"), primary_key=True)
    version: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[Instant]
    act: Mapped[Word]
    person_id: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))
    profile: Mapped[Prose]

    person: Mapped[Person | None] = relationship(viewonly=True, lazy="raise_on_sql")
