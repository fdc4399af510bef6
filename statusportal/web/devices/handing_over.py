"""Routes of handing a device over: the offer, its two sides, and what others opened to us."""

from uuid import UUID

from flask import Response, flash, make_response, redirect, render_template, request, url_for
from flask_babel import gettext as _

from statusportal.access.permissions import Permission
from statusportal.access.policy import require
from statusportal.access.vocabulary import Right
from statusportal.accounts.models import Organisation
from statusportal.custody import transferring
from statusportal.custody.models import Transfer
from statusportal.custody.queries import (
    LONGEST_WORD,
    grants_received,
    handed_to,
    my_transfers,
    organisation_named,
    receiver_names,
    transfer_for,
)
from statusportal.custody.vocabulary import TransferState
from statusportal.fleet.models import AccessGrant, Device
from statusportal.fleet.queries import words_seen
from statusportal.foundation.errors import Faults, NotFound
from statusportal.foundation.ids import parse_id
from statusportal.http import portal
from statusportal.http.filters import reader_locale, reader_zone
from statusportal.http.formatting import day_and_time
from statusportal.http.policies import checked_by
from statusportal.http.views.access import OfferShown, ReceivedShown, SharedPage, Step, TransferPage
from statusportal.http.views.shell import Form
from statusportal.overview.access import who_sees
from statusportal.web.devices.access_words import rights_shown, state_words
from statusportal.web.devices.blueprint import devices
from statusportal.web.forms import FORM_TROUBLES, moment, text, troubled
from statusportal.work import Work

_ACTS = {
    "accept": transferring.accept_transfer,
    "decline": transferring.decline_transfer,
    "withdraw": transferring.withdraw_transfer,
    "hand-history": transferring.hand_history,
    "take-history": transferring.take_history,
    "take-back-history": transferring.take_back_history,
}


@devices.get("/devices/<device_id>/hand-over")
@checked_by(Permission.DEVICE_TRANSFER)
def hand_over(device_id: str) -> str:
    """Show the form of an offer, with what stays and what goes."""
    with portal.reading() as work:
        return render_template("transfer.html", page=_offer_page(work, parse_id(device_id), Form()))


@devices.post("/devices/<device_id>/hand-over")
@checked_by(Permission.DEVICE_TRANSFER)
def offer(device_id: str) -> Response:
    """Offer the device and go to the transfer."""
    found = parse_id(device_id)
    try:
        faults = Faults()
        at = moment(faults, "from")
        if not text("organisation"):
            faults.note("/organisation", _("Write to whom."))
        else:
            faults.line("/organisation", text("organisation"), most=LONGEST_WORD)
        faults.close()
        with portal.writing() as work:
            row = transferring.offer_transfer(work, found, organisation_named(work, text("organisation")), at)
            if request.form.get("history"):
                transferring.hand_history(work, row.id)
    except FORM_TROUBLES as err:
        form, status = troubled(err)
        with portal.reading() as work:
            return make_response(render_template("transfer.html", page=_offer_page(work, found, form)), status)
    return make_response(redirect(url_for("devices.transfer", transfer_id=row.id), 303))


@devices.get("/transfers/<transfer_id>")
@checked_by(Permission.DEVICE_TRANSFER)
def transfer(transfer_id: str) -> str:
    """Show a transfer with its two sides."""
    with portal.reading() as work:
        return render_template("transfer.html", page=_transfer_page(work, transfer_for(work, parse_id(transfer_id))))


@devices.post("/transfers/<transfer_id>/<act>")
@checked_by(Permission.DEVICE_TRANSFER)
def answer(transfer_id: str, act: str) -> Response:
    """Say yes or no, call it off, or agree to history."""
    found, verb = parse_id(transfer_id), _ACTS.get(act)
    if verb is None:
        raise NotFound
    try:
        with portal.writing() as work:
            verb(work, found)
            if act == "accept" and request.form.get("history"):
                transferring.take_history(work, found)
    except FORM_TROUBLES as err:
        form, status = troubled(err)
        with portal.reading() as work:
            page = _transfer_page(work, transfer_for(work, found), form)
        return make_response(render_template("transfer.html", page=page), status)
    flash(_("Kept."), "success")
    return make_response(redirect(url_for("devices.transfer", transfer_id=found), 303))


@devices.get("/shared-with-us")
@checked_by(Permission.DEVICE_VIEW)
def shared() -> str:
    """List offers that concern us, and what others opened to us."""
    with portal.reading() as work:
        return render_template("shared.html", page=_shared_page(work))


def _offer_page(work: Work, device_id: UUID, form: Form) -> TransferPage:
    seen = who_sees(work, device_id)
    require(work.actor, Permission.DEVICE_TRANSFER, seen.owner.id)
    name = words_seen(work, [seen.device])[seen.device.id].name
    return TransferPage(
        device_id=str(seen.device.id),
        title=_("Hand over %(name)s", name=name),
        summary=_("Nothing changes until the other side says yes."),
        machine=seen.device.model.name,
        serial=seen.device.serial,
        seller=seen.owner.name,
        form=form,
    )


def _transfer_page(work: Work, row: Transfer, form: Form | None = None) -> TransferPage:
    device = work.session.get_one(Device, row.device_id)
    seller = work.session.get_one(Organisation, row.organisation_id).name
    receiver = receiver_names(work, [handed_to(row)])[handed_to(row)]
    state = row.state_at(work.now)
    memberships = work.actor.memberships
    is_receiver, is_seller = row.to_organisation_id in memberships, row.organisation_id in memberships
    is_open = state in {TransferState.OFFERED, TransferState.ACCEPTED}
    is_alive = is_open or state is TransferState.DONE
    return TransferPage(
        id=str(row.id),
        device_id=str(row.device_id) if is_seller or work.actor.is_staff or state is TransferState.DONE else "",
        title=_("Hand over %(name)s to %(receiver)s", name=f"{device.model.name} {device.serial}", receiver=receiver),
        summary=f"{state_words()[state]}, {_when(work, row)}",
        machine=device.model.name,
        serial=device.serial,
        seller=seller,
        receiver=receiver,
        steps=_steps(state),
        seller_said=_("%(name)s offered it", name=seller),
        receiver_said=state_words()[state],
        hands_history=row.hands_history,
        takes_history=row.takes_history,
        form=form or Form(),
        can_answer=is_receiver and state is TransferState.OFFERED,
        can_withdraw=is_open and (is_seller or is_receiver),
        can_hand_history=is_seller and is_alive and not row.hands_history,
        can_take_back_history=is_seller and row.hands_history,
        can_take_history=is_receiver and is_alive and not row.takes_history,
    )


def _when(work: Work, row: Transfer) -> str:
    when = day_and_time(row.from_at, now=work.now, zone=reader_zone(), locale=reader_locale())
    words: str = _("from %(time)s", time=when)
    return words


def _steps(state: TransferState) -> tuple[Step, ...]:
    reached = {TransferState.OFFERED: 1, TransferState.ACCEPTED: 2, TransferState.DONE: 3}.get(state, 1)
    words = (_("Offered"), _("Both said yes"), _("Handed over"))
    return tuple(Step(word, number < reached, number == reached) for number, word in enumerate(words))


def _shared_page(work: Work) -> SharedPage:
    words = state_words()
    offers = [
        OfferShown(str(row.id), f"{device.model.name} {device.serial}", giver, words[row.state_at(work.now)])
        for row, device, giver in my_transfers(work)
        if not work.actor.is_operator
    ]
    received = [_received(row, device, giver) for row, device, giver in grants_received(work)]
    return SharedPage(tuple(offers), tuple(received))


def _received(row: AccessGrant, device: Device, giver: str) -> ReceivedShown:
    name = f"{device.model.name} {device.serial}"
    return ReceivedShown(str(row.device_id), name, giver, rights_shown(Right(row.rights)), row.to_at)
