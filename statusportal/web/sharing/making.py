"""Making links, watching them and ending them: of a device, of an entry, and by support for a customer."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from uuid import UUID

from flask import Blueprint, Response, flash, make_response, redirect, render_template, request, url_for
from flask_babel import gettext as _

from statusportal.access.permissions import Permission
from statusportal.access.policy import require
from statusportal.accounts.queries import organisation_for
from statusportal.entries.queries import entry_for
from statusportal.fleet.queries import device_for, ownership_at
from statusportal.foundation.errors import Conflict, Faults, Invalid, NotFound
from statusportal.foundation.ids import parse_id
from statusportal.http import portal
from statusportal.http.policies import checked_by
from statusportal.http.views.sharing import LinksPage, NewLink
from statusportal.overview.supporting import people_of_customer
from statusportal.sharing.models import ShareLink
from statusportal.sharing.posting import post_link
from statusportal.sharing.service import link_device, link_entry, revoke_link
from statusportal.sharing.vocabulary import LinkScope
from statusportal.web.forms import text, troubled, whole, word
from statusportal.web.sharing.making_view import customers_links_page, devices_links_page, entrys_links_page, mail_href
from statusportal.web.shell import safe_next
from statusportal.work import Work

links = Blueprint("links", __name__)

_USUAL_DAYS = 7


@links.get("/devices/<device_id>/links")
@checked_by(Permission.LINK_MAKE)
def of_device(device_id: str) -> str:
    """Show the links to a device and its entries, and the form for a new one."""
    with portal.reading() as work:
        return _drawn(devices_links_page(work, device_for(work, parse_id(device_id))))


@links.post("/devices/<device_id>/links")
@checked_by(Permission.LINK_MAKE)
def make_for_device(device_id: str) -> Response:
    """Make a link to a device and tell its address."""
    key = parse_id(device_id)
    return _made(lambda _work: ("device", key), lambda work: devices_links_page(work, device_for(work, key)))


@links.get("/entries/<entry_id>/links")
@checked_by(Permission.LINK_MAKE)
def of_entry(entry_id: str) -> str:
    """Show the links to an entry, and the form for a new one."""
    with portal.reading() as work:
        return _drawn(entrys_links_page(work, entry_for(work, parse_id(entry_id))))


@links.post("/entries/<entry_id>/links")
@checked_by(Permission.LINK_MAKE)
def make_for_entry(entry_id: str) -> Response:
    """Make a link to an entry and tell its address."""
    key = parse_id(entry_id)
    return _made(lambda _work: ("entry", key), lambda work: entrys_links_page(work, entry_for(work, key)))


@links.get("/support/customers/<organisation_id>/links")
@checked_by(Permission.LINK_SEND)
def of_customer(organisation_id: str) -> str:
    """Choose a page of a customer and to whom it goes, and see what was sent and opened. It is recorded."""
    with portal.writing() as work:
        return _drawn(customers_links_page(work, parse_id(organisation_id)))


@links.post("/support/customers/<organisation_id>/links")
@checked_by(Permission.LINK_SEND)
def make_for_customer(organisation_id: str) -> Response:
    """Make a link to what was chosen and tell its address."""
    key = parse_id(organisation_id)
    with portal.reading() as work:
        require(work.actor, Permission.LINK_SEND, organisation_for(work, key).id)
    return _made(lambda work: _chosen_thing(work, key), lambda work: customers_links_page(work, key))


@links.post("/share-links/<link_id>/end")
@checked_by(Permission.LINK_MAKE)
def end(link_id: str) -> Response:
    """End a link and return to the list."""
    with portal.writing() as work:
        revoke_link(work, parse_id(link_id))
    flash(_("The link is ended. Whoever has it open is out."), "info")
    return make_response(redirect(safe_next(request.form.get("next")), 303))


def _drawn(page: LinksPage) -> str:
    return render_template("links.html", page=page)


def _made(thing: Callable[[Work], tuple[str, UUID]], page: Callable[[Work], LinksPage]) -> Response:
    """Make the link that the form asks for, and draw the page with its address: it is told on this answer alone."""
    try:
        with portal.writing() as work:
            receiver, email = _receiver(work)
            row, token = _link(work, *thing(work), receiver)
            if letter_to := _letter_to(email):
                post_link(work, row, letter_to)
    except (Invalid, Conflict) as err:
        form, status = troubled(err)
        with portal.reading() as work:
            return make_response(_drawn(replace(page(work), form=form)), status)
    if letter_to:
        flash(_("The letter with the link is on its way. You see here when it is opened."), "success")
        return make_response(redirect(request.path, 303))
    address = url_for("shared.follow", token=token, _external=True)
    with portal.writing() as work:
        shown = replace(page(work), made=_new(row, address, email))
    return make_response(_drawn(shown), 201)


def _link(work: Work, kind: str, thing_id: UUID, receiver: str) -> tuple[ShareLink, str]:
    faults = Faults()
    scope = word(faults, "scope", LinkScope, LinkScope.READ)
    days = whole(faults, "lasts", _USUAL_DAYS)
    faults.close()
    make = link_entry if kind == "entry" else link_device
    # Beyond any calendar lies beyond the limit too.
    expires_at = work.now + timedelta(days=min(max(days, 0), 10_000))
    try:
        return make(work, thing_id, scope, expires_at, receiver)
    except Invalid as err:
        raise _at_fields(err) from err


def _at_fields(err: Invalid) -> Invalid:
    """Return the same sentences at the fields of the form."""
    names = {"/expires_at": "/lasts", "/to": "/to_other"}
    return Invalid([replace(one, pointer=names.get(one.pointer, one.pointer)) for one in err.errors])


def _receiver(work: Work) -> tuple[str, str]:
    """Return the name and the address of a person who was picked, or what was written instead."""
    picked, organisation_id = text("to"), (request.view_args or {}).get("organisation_id")
    if picked and organisation_id is not None:
        for one in people_of_customer(work, parse_id(organisation_id)):
            if str(one.person.id) == picked:
                return one.person.name, one.person.email
    return text("to_other"), ""


def _letter_to(email_of_picked: str) -> str:
    """Return where a letter goes: to who was picked, where that was ticked, else to the address that was written."""
    return email_of_picked if email_of_picked and request.form.get("by_letter") else text("email")


def _chosen_thing(work: Work, organisation_id: UUID) -> tuple[str, UUID]:
    """Return the page that was chosen; it is one of this customer's or none."""
    kind, _colon, written = text("thing").partition(":")
    try:
        thing_id = UUID(written)
        if kind == "entry" and entry_for(work, thing_id).organisation_id == organisation_id:
            return kind, thing_id
        owner = ownership_at(work, thing_id, work.now) if kind == "device" else None
        if owner is not None and owner.organisation_id == organisation_id:
            return kind, thing_id
    except (ValueError, NotFound):
        pass
    raise Invalid.field("/thing", _("Choose one of these."))


def _new(row: ShareLink, address: str, email: str) -> NewLink:
    return NewLink(
        address=address, mail_href=mail_href(email, row, address), to_name=row.to_name, ends_at=row.expires_at
    )
