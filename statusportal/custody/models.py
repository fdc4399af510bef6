"""Tables of custody: offers of transfer, and which grants stand for those of a group."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey, ForeignKeyConstraint, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from statusportal.custody.vocabulary import TransferState
from statusportal.db.base import Base, Scale, scaled
from statusportal.db.columns import Instant, Word
from statusportal.foundation.ids import new_id


class Transfer(Base):
    """A device handed from its owner to the next. `organisation_id` is the seller; the receiver answers.

    `to_word` is what the seller wrote. One that nobody answers to makes an offer without a receiver, which waits like
    any other, so that nobody learns who is here. The history of the seller's time goes along where both said so.
    """

    __tablename__ = "transfer"
    __table_args__ = (
        ForeignKeyConstraint(
            ["organisation_id", "device_id", "ownership_id"],
            ["ownership.organisation_id", "ownership.device_id", "ownership.id"],
        ),
        Index(None, "device_id"),
        Index(None, "to_organisation_id"),
        scaled(Scale.REFERENCE),
    )

    organisation_id: Mapped[UUID] = mapped_column(ForeignKey("organisation.id"), primary_key=True)
    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    device_id: Mapped[UUID] = mapped_column(ForeignKey("device.id"))
    ownership_id: Mapped[UUID]
    to_word: Mapped[str] = mapped_column(String(254))
    to_organisation_id: Mapped[UUID | None] = mapped_column(ForeignKey("organisation.id"))
    from_at: Mapped[Instant]
    state: Mapped[Word]
    hands_history: Mapped[bool]
    takes_history: Mapped[bool]
    offered_at: Mapped[Instant]
    offered_by: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))
    answered_at: Mapped[Instant | None]
    answered_by: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))

    def state_at(self, now: datetime) -> TransferState:
        """Tell how far it has come; an accepted one is done when its day is there, without anybody's doing."""
        is_due = self.state == TransferState.ACCEPTED and self.from_at <= now
        return TransferState.DONE if is_due else TransferState(self.state)


class GroupShare(Base):
    """One device's grant that stands for a group's: kept in step by `groups.grouping` alone."""

    __tablename__ = "group_share"
    __table_args__ = (
        ForeignKeyConstraint(["organisation_id", "grant_id"], ["access_grant.organisation_id", "access_grant.id"]),
        ForeignKeyConstraint(["organisation_id", "group_grant_id"], ["group_grant.organisation_id", "group_grant.id"]),
        Index(None, "organisation_id", "group_grant_id"),
        scaled(Scale.REFERENCE),
    )

    organisation_id: Mapped[UUID] = mapped_column(ForeignKey("organisation.id"), primary_key=True)
    grant_id: Mapped[UUID] = mapped_column(primary_key=True)
    group_grant_id: Mapped[UUID]
