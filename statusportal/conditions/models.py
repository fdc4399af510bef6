"""The table of shelving: what rests now. Who put what aside when, the audit log keeps."""

from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, ForeignKeyConstraint, Index, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from statusportal.accounts.models import Person
from statusportal.conditions.vocabulary import REASON_CHARACTERS, Rest
from statusportal.db.base import Base, Scale, scaled
from statusportal.db.columns import Instant, Word


class RestingCondition(Base):
    """A condition that people put aside under one ownership: for the next owner nothing rests.

    `until` is set for a shelved one alone; `health` is what it meant then, since a worse one brings it back.
    """

    __tablename__ = "resting_condition"
    __table_args__ = (
        ForeignKeyConstraint(
            ["organisation_id", "device_id", "ownership_id"],
            ["ownership.organisation_id", "ownership.device_id", "ownership.id"],
        ),
        CheckConstraint(f"(rest = '{Rest.SHELVED}') = (until IS NOT NULL)", name="shelved_until"),
        Index(None, "until"),
        scaled(Scale.BY_ORGANISATION),
    )

    organisation_id: Mapped[UUID] = mapped_column(ForeignKey("organisation.id"), primary_key=True)
    device_id: Mapped[UUID] = mapped_column(primary_key=True)
    ownership_id: Mapped[UUID] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(String(80), primary_key=True)
    rest: Mapped[Word]
    until: Mapped[Instant | None]
    reason: Mapped[str] = mapped_column(String(REASON_CHARACTERS))
    health: Mapped[Word]
    person_id: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))
    person_role: Mapped[Word | None]
    at: Mapped[Instant]

    person: Mapped[Person | None] = relationship(viewonly=True, lazy="raise_on_sql")
