"""Transfers: offering a device to another organisation, and the answers to it."""

from typing import Any

from marshmallow import Schema, fields, validate

from statusportal.access.permissions import Permission
from statusportal.access.policy import actor_holds
from statusportal.api.fields import Instant
from statusportal.api.root import blueprint
from statusportal.custody import transferring
from statusportal.custody.models import Transfer
from statusportal.custody.queries import (
    LONGEST_WORD,
    handed_to,
    my_transfers,
    organisation_named,
    receiver_names,
    transfer_for,
    transfers_of,
)
from statusportal.custody.vocabulary import TransferState
from statusportal.foundation.ids import parse_id
from statusportal.http import portal
from statusportal.http.policies import checked_by, needs
from statusportal.work import Work

transfers = blueprint("Transfers", "Handing a device over, when both say yes")


class TransferRequest(Schema):
    """To whom, and from when; left out, from the moment it is accepted."""

    organisation = fields.String(
        required=True,
        validate=validate.Length(1, LONGEST_WORD),
        metadata={"description": "An organisation's short name or id. Whether there is one is not told."},
    )
    from_ = Instant(data_key="from", load_default=None, allow_none=True)
    history = fields.Boolean(
        load_default=False, metadata={"description": "I agree that they read what arose in my time, if they want to."}
    )


class TransferAcceptance(Schema):
    """How the receiver takes it."""

    history = fields.Boolean(
        load_default=False, metadata={"description": "I want to read what arose before, if the seller agrees."}
    )


class HandedHistory(Schema):
    """Who agreed that the seller's time is read by the receiver; it is where both did."""

    offered = fields.Boolean()
    wanted = fields.Boolean()


class TransferAnswer(Schema):
    """A transfer. `organisation` is what the seller wrote, or a name that the reader knows anyway."""

    id = fields.UUID()
    device = fields.UUID()
    organisation = fields.String()
    state = fields.String(validate=validate.OneOf([state.value for state in TransferState]))
    from_ = Instant(data_key="from")
    history = fields.Nested(HandedHistory)
    offered_at = Instant()
    answered_at = Instant(allow_none=True)


class TransferList(Schema):
    """Transfers, the newest first."""

    items = fields.List(fields.Nested(TransferAnswer))


@transfers.get("/devices/<device_id>/transfers")
@checked_by(Permission.DEVICE_VIEW)
@transfers.response(200, TransferList)
def list_transfers_of_device(device_id: str) -> dict[str, Any]:
    """List a device's transfers, as far as my organisation is a side of them."""
    with portal.reading() as work:
        return {"items": [_present(work, row) for row in transfers_of(work, parse_id(device_id))]}


@transfers.post("/devices/<device_id>/transfers")
@checked_by(Permission.DEVICE_TRANSFER)
@transfers.arguments(TransferRequest)
@transfers.response(201, TransferAnswer)
def offer(asked: dict[str, Any], device_id: str) -> tuple[dict[str, Any], int, dict[str, str]]:
    """Offer a device to another organisation; staff hand it over at once."""
    with portal.writing() as work:
        receiver = organisation_named(work, asked["organisation"])
        at_once = work.actor.is_staff and actor_holds(work.actor, Permission.DEVICE_ADMINISTER, None)
        verb = transferring.hand_over_at_once if at_once else transferring.offer_transfer
        row = verb(work, parse_id(device_id), receiver, asked["from_"])
        if asked["history"]:
            transferring.hand_history(work, row.id)
        answer = _present(work, row)
    return answer, 201, {"Location": f"/api/v1/transfers/{row.id}"}


@transfers.get("/transfers")
@needs(Permission.DEVICE_TRANSFER)
@transfers.response(200, TransferList)
def list_transfers() -> dict[str, Any]:
    """List what my organisations hand over, and what they are offered."""
    with portal.reading() as work:
        return {"items": [_present(work, row) for row, _, _ in my_transfers(work)]}


@transfers.get("/transfers/<transfer_id>")
@checked_by(Permission.DEVICE_TRANSFER)
@transfers.response(200, TransferAnswer)
def read_transfer(transfer_id: str) -> dict[str, Any]:
    """Read one transfer, as the seller or the receiver."""
    with portal.reading() as work:
        return _present(work, transfer_for(work, parse_id(transfer_id)))


@transfers.post("/transfers/<transfer_id>/accept")
@checked_by(Permission.DEVICE_TRANSFER)
@transfers.arguments(TransferAcceptance)
@transfers.response(200, TransferAnswer)
def accept(asked: dict[str, Any], transfer_id: str) -> dict[str, Any]:
    """Take the device over."""
    with portal.writing() as work:
        row = transferring.accept_transfer(work, parse_id(transfer_id))
        if asked["history"]:
            transferring.take_history(work, row.id)
        return _present(work, row)


@transfers.post("/transfers/<transfer_id>/decline")
@checked_by(Permission.DEVICE_TRANSFER)
@transfers.response(200, TransferAnswer)
def decline(transfer_id: str) -> dict[str, Any]:
    """Say no to the device."""
    with portal.writing() as work:
        return _present(work, transferring.decline_transfer(work, parse_id(transfer_id)))


@transfers.post("/transfers/<transfer_id>/withdraw")
@checked_by(Permission.DEVICE_TRANSFER)
@transfers.response(200, TransferAnswer)
def withdraw(transfer_id: str) -> dict[str, Any]:
    """Call it off before it is done, as either side."""
    with portal.writing() as work:
        return _present(work, transferring.withdraw_transfer(work, parse_id(transfer_id)))


@transfers.post("/transfers/<transfer_id>/hand-history")
@checked_by(Permission.DEVICE_TRANSFER)
@transfers.response(200, TransferAnswer)
def hand_history(transfer_id: str) -> dict[str, Any]:
    """Agree, as the seller, that the receiver reads what arose in my time."""
    with portal.writing() as work:
        return _present(work, transferring.hand_history(work, parse_id(transfer_id)))


@transfers.post("/transfers/<transfer_id>/take-back-history")
@checked_by(Permission.DEVICE_TRANSFER)
@transfers.response(200, TransferAnswer)
def take_back_history(transfer_id: str) -> dict[str, Any]:
    """Let the receiver read my time no more, as the seller."""
    with portal.writing() as work:
        return _present(work, transferring.take_back_history(work, parse_id(transfer_id)))


@transfers.post("/transfers/<transfer_id>/take-history")
@checked_by(Permission.DEVICE_TRANSFER)
@transfers.response(200, TransferAnswer)
def take_history(transfer_id: str) -> dict[str, Any]:
    """Agree, as the receiver, to read what arose in the seller's time."""
    with portal.writing() as work:
        return _present(work, transferring.take_history(work, parse_id(transfer_id)))


def _present(work: Work, row: Transfer) -> dict[str, Any]:
    receiver = handed_to(row)
    return {
        "id": row.id,
        "device": row.device_id,
        "organisation": receiver_names(work, [receiver])[receiver],
        "state": row.state_at(work.now),
        "from_": row.from_at,
        "history": {"offered": row.hands_history, "wanted": row.takes_history},
        "offered_at": row.offered_at,
        "answered_at": row.answered_at,
    }
