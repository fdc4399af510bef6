"""Verbs of handing a device over from one organisation to the next."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import select

from statusportal.access.permissions import Permission
from statusportal.access.policy import require
from statusportal.accounts.queries import organisation_for
from statusportal.audit.service import record_act
from statusportal.fleet.errors import PeriodsOverlap
from statusportal.fleet.events import OwnershipTransferred
from statusportal.fleet.models import Ownership
from statusportal.fleet.queries import device_for
from statusportal.fleet.service import add_ownership, lock_ownerships
from statusportal.foundation.errors import Invalid, Sentence
from statusportal.work import Work


def transfer_device(work: Work, device_id: UUID, to_organisation_id: UUID, at: datetime | None = None) -> Ownership:
    """Hand a device over: the present owner's time ends at `at`, or now, and the next one's begins.

    Name and site are the seller's own words, so they do not go along. What arose since `at` would stay with the seller
    whose it was, therefore `at` cannot lie in the past.
    Raises: NotFound, Forbidden, Invalid, PeriodsOverlap.
    """
    device = device_for(work, device_id)
    require(work.actor, Permission.DEVICE_ADMINISTER)
    buyer = organisation_for(work, to_organisation_id)
    moment = at or work.now
    if moment < work.now:
        raise Invalid.field("/from", Sentence("cannot lie in the past"))
    seller = _end_present_ownership(work, device.id, buyer.id, moment)
    bought = add_ownership(work, device.id, buyer.id, moment, None)
    device.name, device.site = f"{device.model.name} {device.serial}", ""
    record_act(work, "device.transferred", "device", device.id, organisation_id=buyer.id, ownership_id=str(bought.id))
    work.emit(
        OwnershipTransferred(
            device_id=device.id,
            at=moment,
            from_organisation_id=seller.organisation_id if seller else None,
            from_ownership_id=seller.id if seller else None,
            to_organisation_id=buyer.id,
            to_ownership_id=bought.id,
        )
    )
    return bought


def _end_present_ownership(work: Work, device_id: UUID, buyer_id: UUID, moment: datetime) -> Ownership | None:
    lock_ownerships(work, device_id)
    seller = work.session.scalar(select(Ownership).where(Ownership.device_id == device_id, Ownership.to_at.is_(None)))
    if seller is None:
        return None
    if seller.organisation_id == buyer_id:
        raise Invalid.field("/organisation", Sentence("has the device already"))
    if moment <= seller.from_at:
        raise PeriodsOverlap(Sentence("The present owner's time begins after that."))
    seller.to_at = moment
    work.session.flush()
    return seller
