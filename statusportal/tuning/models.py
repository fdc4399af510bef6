"""The table of devices' own limits: those that hold now. Who set what when, the audit log keeps."""

from uuid import UUID

from sqlalchemy import CheckConstraint, Float, ForeignKey, ForeignKeyConstraint, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from statusportal.accounts.models import Person
from statusportal.db.base import Base, Scale, scaled
from statusportal.db.columns import Instant, Word
from statusportal.tuning.vocabulary import REASON_CHARACTERS, Band


class DeviceLimit(Base):
    """A device's own numbers for one rule of its model, under one ownership: the next owner begins with the model's."""

    __tablename__ = "device_limit"
    __table_args__ = (
        ForeignKeyConstraint(
            ["organisation_id", "device_id", "ownership_id"],
            ["ownership.organisation_id", "ownership.device_id", "ownership.id"],
        ),
        CheckConstraint("low IS NOT NULL OR high IS NOT NULL", name="says_something"),
        scaled(Scale.BY_ORGANISATION),
    )

    organisation_id: Mapped[UUID] = mapped_column(ForeignKey("organisation.id"), primary_key=True)
    device_id: Mapped[UUID] = mapped_column(primary_key=True)
    ownership_id: Mapped[UUID] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(String(40), primary_key=True)
    low: Mapped[float | None] = mapped_column(Float)
    high: Mapped[float | None] = mapped_column(Float)
    reason: Mapped[str] = mapped_column(String(REASON_CHARACTERS))
    person_id: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))
    person_role: Mapped[Word | None]
    at: Mapped[Instant]

    person: Mapped[Person | None] = relationship(viewonly=True, lazy="raise_on_sql")

    @property
    def band(self) -> Band:
        """Return the numbers as a value."""
        return Band(self.low, self.high)
