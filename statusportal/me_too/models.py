"""Tables of me too: what an organisation says of its own machine, and what of that everybody else may count.

The two are apart, so that no query under an entry can lead to whose machine it is.
"""

from uuid import UUID, uuid4

from sqlalchemy import ForeignKey, ForeignKeyConstraint, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from statusportal.db.base import Base, Scale, scaled
from statusportal.db.columns import Instant, Json, Word
from statusportal.foundation.ids import new_id


class MeToo(Base):
    """Somebody said for a machine of theirs that it has the same, with what the machine looked like then.

    It belongs to the ownership of that machine. `entry_id` may be of another organisation's entry, and is no foreign
    key; `publication_id` names what is counted under it.
    """

    __tablename__ = "me_too"
    __table_args__ = (
        ForeignKeyConstraint(
            ["organisation_id", "device_id", "ownership_id"],
            ["ownership.organisation_id", "ownership.device_id", "ownership.id"],
        ),
        UniqueConstraint("organisation_id", "entry_id", "device_id", "ownership_id"),
        Index(None, "publication_id"),
        scaled(Scale.BY_ORGANISATION),
    )

    organisation_id: Mapped[UUID] = mapped_column(primary_key=True)
    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    device_id: Mapped[UUID]
    ownership_id: Mapped[UUID]
    entry_id: Mapped[UUID]
    publication_id: Mapped[UUID]
    said_by: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))
    said_at: Mapped[Instant]
    snapshot: Mapped[Json]


class AffectedMachine(Base):
    """One machine that is affected too, as it is counted under an entry: no owner, no name, no serial, no time.

    Its id is drawn by lot, so that it tells neither when it was made nor what it belongs to.
    """

    __tablename__ = "affected_machine"
    __table_args__ = (
        ForeignKeyConstraint(["organisation_id", "entry_id"], ["status_entry.organisation_id", "status_entry.id"]),
        Index(None, "entry_id"),
        scaled(Scale.BY_ORGANISATION),
    )

    organisation_id: Mapped[UUID] = mapped_column(primary_key=True)
    entry_id: Mapped[UUID] = mapped_column(primary_key=True)
    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    firmware: Mapped[str] = mapped_column(String(60))
    site_type: Mapped[Word | None]
