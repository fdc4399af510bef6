"""Tables of planned work: one row for the work, one for each machine it is on."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, ForeignKeyConstraint, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from statusportal.db.base import Base, Scale, scaled
from statusportal.db.columns import Instant, JsonList, Word
from statusportal.foundation.ids import new_id
from statusportal.maintenance.vocabulary import TITLE_CHARACTERS


class PlannedWork(Base):
    """A window or a visit, from `from_at` (inclusive) to `to_at` (exclusive).

    `was_from_at` and `was_to_at` are the time it had before it was moved last. `proposed_by` is the side whose time
    stands. `settled_at` is set once the portal has told what outlasted it. `services` are the codes of
    the counters that begin anew when it is done.
    """

    __tablename__ = "planned_work"
    __table_args__ = (
        CheckConstraint("to_at > from_at", name="time_forward"),
        Index(None, "organisation_id", "from_at"),
        Index(None, "settled_at", "to_at"),
        scaled(Scale.BY_ORGANISATION),
    )

    organisation_id: Mapped[UUID] = mapped_column(ForeignKey("organisation.id"), primary_key=True)
    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    kind: Mapped[Word]
    title: Mapped[str] = mapped_column(String(TITLE_CHARACTERS))
    from_at: Mapped[Instant]
    to_at: Mapped[Instant]
    was_from_at: Mapped[Instant | None]
    was_to_at: Mapped[Instant | None]
    state: Mapped[Word]
    proposed_by: Mapped[Word]
    planned_by: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))
    created_at: Mapped[Instant]
    settled_at: Mapped[Instant | None]
    services: Mapped[JsonList] = mapped_column(default=list)

    def is_running(self, at: datetime) -> bool:
        """Tell whether an instant lies in its time."""
        return self.from_at <= at < self.to_at


class PlannedDevice(Base):
    """A machine that planned work is on, under the ownership it was planned for: it is over when that is."""

    __tablename__ = "planned_device"
    __table_args__ = (
        ForeignKeyConstraint(
            ["organisation_id", "work_id"], ["planned_work.organisation_id", "planned_work.id"], ondelete="CASCADE"
        ),
        ForeignKeyConstraint(
            ["organisation_id", "device_id", "ownership_id"],
            ["ownership.organisation_id", "ownership.device_id", "ownership.id"],
        ),
        Index(None, "device_id"),
        scaled(Scale.BY_ORGANISATION),
    )

    organisation_id: Mapped[UUID] = mapped_column(primary_key=True)
    work_id: Mapped[UUID] = mapped_column(primary_key=True)
    device_id: Mapped[UUID] = mapped_column(primary_key=True)
    ownership_id: Mapped[UUID]
