"""Verbs of handing a device over from one organisation to the next: both say yes, or staff does it at once."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import delete, select

from statusportal.access.permissions import Permission
from statusportal.access.policy import require
from statusportal.access.vocabulary import MemberRole, Right
from statusportal.accounts.queries import organisation_for
from statusportal.audit.service import record_act
from statusportal.custody.errors import OfferStanding, TransferSettled
from statusportal.custody.granting import put_grant, take_back
from statusportal.custody.models import Transfer
from statusportal.custody.policy import visible_transfers
from statusportal.custody.vocabulary import Receiver, TransferState
from statusportal.fleet.errors import PeriodsOverlap
from statusportal.fleet.events import DeviceRenamed, OwnershipTransferred
from statusportal.fleet.models import AccessGrant, Device, Ownership
from statusportal.fleet.queries import device_for, ownership_at
from statusportal.fleet.service import lock_ownerships, present_ownership, put_ownership
from statusportal.foundation.errors import Forbidden, Invalid, NotFound, Sentence
from statusportal.foundation.ids import new_id
from statusportal.work import Work, beyond_walls

_STANDING = (TransferState.OFFERED, TransferState.ACCEPTED)


def offer_transfer(work: Work, device_id: UUID, receiver: Receiver, at: datetime | None = None) -> Transfer:
    """Offer one's device to another organisation, from now or `at`. Nothing changes until they accept.

    Raises: NotFound, Forbidden, Invalid, OfferStanding.
    """
    device = device_for(work, device_id)
    ownership = present_ownership(work, device, Permission.DEVICE_TRANSFER)
    moment = _ahead(work, at)
    if receiver.organisation_id == ownership.organisation_id:
        raise Invalid.field("/organisation", Sentence("has the device already"))
    _refuse_second_offer(work, ownership)
    row = Transfer(**_offer(work, ownership, receiver, moment), state=TransferState.OFFERED.value)
    work.session.add(row)
    work.session.flush()
    _record(work, "transfer.offered", row)
    return row


def accept_transfer(work: Work, transfer_id: UUID) -> Transfer:
    """Take an offered device over: at the instant that was offered, or now if that is past.

    Raises: NotFound, Forbidden for the seller, TransferSettled.
    """
    row = _visible(work, transfer_id)
    _require_receiver(work, row)
    with beyond_walls(work):
        _hold(work, row)
        _refuse_settled(row)
        device = work.session.get_one(Device, row.device_id)
        seller = work.session.get_one(Ownership, _seller_of(row), populate_existing=True)
        buyer_id = row.to_organisation_id
        if buyer_id is None or seller.to_at is not None:
            raise TransferSettled(Sentence("The device has changed hands since."))
        row.from_at = max(row.from_at, work.now)
        row.state = TransferState.ACCEPTED.value
        row.answered_at, row.answered_by = work.now, work.actor.person_id
        _hand_over(work, device, seller, buyer_id, row.from_at)
        _record(work, "transfer.accepted", row)
        _open_history(work, row)
    return row


def decline_transfer(work: Work, transfer_id: UUID) -> Transfer:
    """Say no to an offered device.

    Raises: NotFound, Forbidden for the seller, TransferSettled.
    """
    row = _visible(work, transfer_id)
    _require_receiver(work, row)
    with beyond_walls(work):
        _hold(work, row)
        _refuse_settled(row)
        row.state = TransferState.DECLINED.value
        row.answered_at, row.answered_by = work.now, work.actor.person_id
        _record(work, "transfer.declined", row)
    return row


def withdraw_transfer(work: Work, transfer_id: UUID) -> Transfer:
    """Call a transfer off before it is done; either side may, and staff.

    Raises: NotFound, Forbidden, TransferSettled.
    """
    row = _visible(work, transfer_id)
    require(work.actor, Permission.DEVICE_TRANSFER)
    with beyond_walls(work):
        _hold(work, row)
        if row.state not in _STANDING or (row.state == TransferState.ACCEPTED and row.from_at <= work.now):
            raise TransferSettled(Sentence("This transfer is over."))
        if row.state == TransferState.ACCEPTED:
            _undo(work, row)
        row.state = TransferState.WITHDRAWN.value
        _record(work, "transfer.withdrawn", row)
    return row


def hand_history(work: Work, transfer_id: UUID) -> Transfer:
    """Consent, as the seller, that the receiver reads what arose in one's time; it opens when they want it too.

    Raises: NotFound, Forbidden for anybody else, TransferSettled for one that is off.
    """
    row = _visible(work, transfer_id)
    require(work.actor, Permission.DEVICE_TRANSFER, row.organisation_id)
    return _consent(work, row, "hands_history")


def take_back_history(work: Work, transfer_id: UUID) -> Transfer:
    """Let the receiver read one's time no more, as the seller; it opens again only when one hands it over again.

    Raises: NotFound, Forbidden for anybody else.
    """
    row = _visible(work, transfer_id)
    require(work.actor, Permission.DEVICE_TRANSFER, row.organisation_id)
    with beyond_walls(work):
        _hold(work, row)
        row.hands_history = False
        for grant in work.session.scalars(select(AccessGrant).where(*_history_of(row))):
            take_back(work, grant)
        _record(work, "transfer.history_taken_back", row)
    return row


def take_history(work: Work, transfer_id: UUID) -> Transfer:
    """Consent, as the receiver, to read what arose in the seller's time; it opens when they hand it over too.

    Raises: NotFound, Forbidden for anybody else, TransferSettled for one that is off.
    """
    row = _visible(work, transfer_id)
    _require_receiver(work, row)
    return _consent(work, row, "takes_history")


def transfer_device(work: Work, device_id: UUID, to_organisation_id: UUID, at: datetime | None = None) -> Ownership:
    """Hand a device over at once, as staff: the present owner's time ends at `at`, or now, and the next one's begins.

    What arose since `at` would stay with the seller whose it was, therefore `at` cannot lie in the past. Offers that
    stand are off.
    Raises: NotFound, Forbidden, Invalid, PeriodsOverlap.
    """
    device = device_for(work, device_id)
    require(work.actor, Permission.DEVICE_ADMINISTER)
    buyer = organisation_for(work, to_organisation_id)
    moment = _ahead(work, at)
    lock_ownerships(work, device.id)
    standing = select(Ownership).where(Ownership.device_id == device.id, Ownership.to_at.is_(None))
    seller = work.session.scalar(standing)
    if seller is not None and seller.organisation_id == buyer.id:
        raise Invalid.field("/organisation", Sentence("has the device already"))
    offers = select(Transfer).where(Transfer.device_id == device.id, Transfer.state == TransferState.OFFERED)
    for row in work.session.scalars(offers):
        withdraw_transfer(work, row.id)
    return _hand_over(work, device, seller, buyer.id, moment)


def hand_over_at_once(work: Work, device_id: UUID, receiver: Receiver, at: datetime | None = None) -> Transfer:
    """Hand a device over as staff, as `transfer_device`, and keep a transfer of it for both sides to read.

    Raises: NotFound, Forbidden, Invalid for a receiver that there is not, or a device that belongs to nobody.
    """
    seller = ownership_at(work, device_for(work, device_id).id, work.now)
    require(work.actor, Permission.DEVICE_ADMINISTER)
    if receiver.organisation_id is None:
        raise Invalid.field("/organisation", Sentence("is no organisation here"))
    if seller is None:
        raise Invalid.field("/device", Sentence("belongs to nobody now"))
    bought = transfer_device(work, device_id, receiver.organisation_id, at)
    row = Transfer(
        **_offer(work, seller, receiver, bought.from_at),
        state=TransferState.ACCEPTED.value,
        answered_at=work.now,
        answered_by=work.actor.person_id,
    )
    work.session.add(row)
    work.session.flush()
    return row


def settle_transfers(work: Work) -> int:
    """Give devices that changed hands their plain names, as the portal's own job, and tell how many.

    The old words were shown to nobody since the instant of the transfer; here they go.
    """
    gone = select(Device).where(Device.words_until <= work.now).with_for_update(of=Device)
    devices = work.session.scalars(gone).all()
    for device in devices:
        _drop_words(device)
        owner = ownership_at(work, device.id, work.now)
        if owner is not None:
            work.emit(DeviceRenamed(device_id=device.id, organisation_id=owner.organisation_id))
    return len(devices)


def _offer(work: Work, ownership: Ownership, receiver: Receiver, moment: datetime) -> dict[str, Any]:
    return {
        "organisation_id": ownership.organisation_id,
        "id": new_id(),
        "device_id": ownership.device_id,
        "ownership_id": ownership.id,
        "to_word": receiver.word,
        "to_organisation_id": receiver.organisation_id,
        "from_at": moment,
        "hands_history": False,
        "takes_history": False,
        "offered_at": work.now,
        "offered_by": work.actor.person_id,
    }


def _hand_over(work: Work, device: Device, seller: Ownership | None, buyer_id: UUID, moment: datetime) -> Ownership:
    """End one time where the next begins. Name and site are the seller's own words, so they do not go along."""
    if seller is not None:
        if moment <= seller.from_at:
            raise PeriodsOverlap(Sentence("The present owner's time begins after that."))
        seller.to_at = moment
        work.session.flush()
    bought = put_ownership(work, device.id, buyer_id, moment, None)
    if moment <= work.now:
        _drop_words(device)
    else:
        device.words_until = moment
    record_act(work, "device.transferred", "device", device.id, organisation_id=buyer_id, ownership_id=str(bought.id))
    work.emit(
        OwnershipTransferred(
            device_id=device.id,
            at=moment,
            from_organisation_id=seller.organisation_id if seller else None,
            from_ownership_id=seller.id if seller else None,
            to_organisation_id=buyer_id,
            to_ownership_id=bought.id,
        )
    )
    return bought


def _undo(work: Work, row: Transfer) -> None:
    """Give the seller their open time back: the receiver's has not begun, so nothing arose in it."""
    work.session.execute(
        delete(Ownership).where(
            Ownership.organisation_id == row.to_organisation_id,
            Ownership.device_id == row.device_id,
            Ownership.from_at == row.from_at,
        )
    )
    work.session.get_one(Ownership, _seller_of(row)).to_at = None
    work.session.get_one(Device, row.device_id).words_until = None
    for grant in work.session.scalars(select(AccessGrant).where(*_history_of(row))):
        take_back(work, grant)


def _consent(work: Work, row: Transfer, side: str) -> Transfer:
    with beyond_walls(work):
        _hold(work, row)
        if row.state not in _STANDING:
            raise TransferSettled(Sentence("This transfer is over."))
        setattr(row, side, True)
        _open_history(work, row)
    return row


def _open_history(work: Work, row: Transfer) -> None:
    """Let the receiver read the seller's time from the transfer on, once it is agreed and both said so."""
    is_agreed = row.state == TransferState.ACCEPTED and row.hands_history and row.takes_history
    if not is_agreed or work.session.scalar(select(AccessGrant.id).where(*_history_of(row))) is not None:
        return
    seller = work.session.get_one(Ownership, _seller_of(row))
    receiver = Receiver(row.to_word, organisation_id=row.to_organisation_id)
    rights = (Right.VIEW | Right.EXPORT).value
    grant = AccessGrant(device_id=row.device_id, rights=rights, from_at=seller.from_at, opens_at=row.from_at)
    put_grant(work, seller, receiver, grant)


def _history_of(row: Transfer) -> tuple[Any, ...]:
    return (
        AccessGrant.organisation_id == row.organisation_id,
        AccessGrant.device_id == row.device_id,
        AccessGrant.ownership_id == row.ownership_id,
        AccessGrant.to_organisation_id == row.to_organisation_id,
        AccessGrant.opens_at.is_not(None),
        AccessGrant.revoked_at.is_(None),
    )


def _drop_words(device: Device) -> None:
    device.name, device.site, device.words_until = f"{device.model.name} {device.serial}", "", None


def _ahead(work: Work, at: datetime | None) -> datetime:
    moment = at or work.now
    if moment < work.now:
        raise Invalid.field("/from", Sentence("cannot lie in the past"))
    return moment


def _refuse_second_offer(work: Work, ownership: Ownership) -> None:
    lock_ownerships(work, ownership.device_id)
    standing = (Transfer.device_id == ownership.device_id, Transfer.state == TransferState.OFFERED)
    is_offered = work.session.scalar(select(Transfer.id).where(*standing).limit(1)) is not None
    if ownership.to_at is not None or is_offered:
        raise OfferStanding(Sentence("The device is offered to somebody already. Call that off first."))


def _visible(work: Work, transfer_id: UUID) -> Transfer:
    query = select(Transfer).where(Transfer.id == transfer_id, visible_transfers(work.actor))
    row = work.session.scalar(query)
    if row is None:
        raise NotFound
    return row


def _hold(work: Work, row: Transfer) -> None:
    """Let one answer at a time be given about a device, and read the transfer as it then is."""
    lock_ownerships(work, row.device_id)
    work.session.refresh(row)


def _seller_of(row: Transfer) -> tuple[UUID, UUID, UUID]:
    return row.organisation_id, row.device_id, row.ownership_id


def _refuse_settled(row: Transfer) -> None:
    if row.state != TransferState.OFFERED:
        raise TransferSettled(Sentence("This offer was answered or called off already."))


def _require_receiver(work: Work, row: Transfer) -> None:
    """Let nobody say yes for another: staff hands over at once, and does not answer for a customer."""
    if row.to_organisation_id is None or work.actor.memberships.get(row.to_organisation_id) is None:
        raise Forbidden(Permission.DEVICE_TRANSFER.value, MemberRole.CUSTOMER_ADMIN.value)
    require(work.actor, Permission.DEVICE_TRANSFER, row.to_organisation_id)


def _record(work: Work, act: str, row: Transfer) -> None:
    receiver = str(row.to_organisation_id or "unknown")
    codes: dict[str, str | float | None] = {"transfer_id": str(row.id), "receiver": receiver}
    record_act(work, act, "device", row.device_id, organisation_id=row.organisation_id, **codes)
