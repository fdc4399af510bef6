"""Organisations: their list, making one, and its page with people and machines."""

from dataclasses import dataclass
from uuid import UUID

from flask import Response, flash, make_response, redirect, render_template, url_for
from flask_babel import gettext as _

from statusportal.access.permissions import Permission
from statusportal.access.policy import actor_holds
from statusportal.accounts import service
from statusportal.accounts.vocabulary import OrganisationKind
from statusportal.administration.devices import DeviceOwned, devices_looked_after
from statusportal.administration.people import (
    members_looked_after,
    organisation_looked_after,
    organisations_looked_after,
)
from statusportal.federation.policy import may_administer_provider
from statusportal.foundation.ids import parse_id
from statusportal.foundation.paging import MOST, Slice
from statusportal.http import portal
from statusportal.http.policies import checked_by, needs
from statusportal.http.views.people import (
    OrganisationDevice,
    OrganisationPage,
    OrganisationRow,
    OrganisationsPage,
)
from statusportal.http.views.shell import Form
from statusportal.proofs.queries import is_second_proof_asked
from statusportal.web.admin.blueprint import admin
from statusportal.web.admin.inside import choose_parent, choose_sharing, inside_part, tree_part
from statusportal.web.admin.people import person_row
from statusportal.web.forms import FORM_TROUBLES, filled, text, troubled
from statusportal.web.paging import asked, page_links, wanted_slice
from statusportal.web.shell import time_zones
from statusportal.work import Work


@dataclass(frozen=True, slots=True)
class OrganisationForms:
    """The forms of an organisation's page as they came back; one that was not sent shows what stands."""

    change: Form | None = None
    sharing: Form | None = None
    parent: Form | None = None


@admin.get("/organisations")
@needs(Permission.ORGANISATION_ADMINISTER)
def organisations() -> str:
    """List organisations."""
    with portal.reading() as work:
        page = _organisations_page(work, Form())
    return render_template("admin/organisations.html", page=page)


@admin.post("/organisations")
@checked_by(Permission.ORGANISATION_CREATE)
def create_organisation() -> Response:
    """Make an organisation and go to its page."""
    try:
        with portal.writing() as work:
            row = service.create_organisation(work, text("slug"), text("name"))
    except FORM_TROUBLES as err:
        form, status = troubled(err)
        with portal.reading() as work:
            page = _organisations_page(work, form)
        return make_response(render_template("admin/organisations.html", page=page), status)
    flash(_("%(name)s is here. Invite its first person.", name=row.name), "success")
    return make_response(redirect(url_for("admin.organisation", organisation_id=row.id), 303))


@admin.get("/organisations/<organisation_id>")
@checked_by(Permission.ORGANISATION_ADMINISTER)
def organisation(organisation_id: str) -> str:
    """Show an organisation with its people and machines."""
    with portal.reading() as work:
        page = _organisation_page(work, parse_id(organisation_id), OrganisationForms())
    return render_template("admin/organisation.html", page=page)


@admin.post("/organisations/<organisation_id>")
@checked_by(Permission.ORGANISATION_ADMINISTER)
def change_organisation(organisation_id: str) -> Response:
    """Rename an organisation or move it to another time zone."""
    found = parse_id(organisation_id)
    try:
        with portal.writing() as work:
            service.change_organisation(work, found, text("name"), text("time_zone"))
    except FORM_TROUBLES as err:
        form, status = troubled(err)
        return _again(found, OrganisationForms(change=form), status)
    return _kept(found)


@admin.post("/organisations/<organisation_id>/sharing")
@checked_by(Permission.DEVICE_SHARE)
def share_inside(organisation_id: str) -> Response:
    """Choose who of an organisation's people sees its machines; it holds at once."""
    found = parse_id(organisation_id)
    try:
        choose_sharing(found)
    except FORM_TROUBLES as err:
        form, status = troubled(err)
        return _again(found, OrganisationForms(sharing=form), status)
    return _kept(found, "inside")


@admin.post("/organisations/<organisation_id>/parent")
@checked_by(Permission.ORGANISATION_PLACE)
def place(organisation_id: str) -> Response:
    """Put an organisation under another, or under nobody."""
    found = parse_id(organisation_id)
    try:
        choose_parent(found)
    except FORM_TROUBLES as err:
        form, status = troubled(err)
        return _again(found, OrganisationForms(parent=form), status)
    return _kept(found, "tree")


def _kept(organisation_id: UUID, anchor: str | None = None) -> Response:
    flash(_("Kept."), "success")
    return make_response(redirect(url_for("admin.organisation", organisation_id=organisation_id, _anchor=anchor), 303))


def _again(organisation_id: UUID, forms: OrganisationForms, status: int) -> Response:
    with portal.reading() as work:
        page = _organisation_page(work, organisation_id, forms)
        return make_response(render_template("admin/organisation.html", page=page), status)


def _organisations_page(work: Work, form: Form) -> OrganisationsPage:
    q = asked("q")
    page = organisations_looked_after(work, wanted_slice(), q)
    rows = tuple(
        OrganisationRow(
            id=str(one.organisation.id),
            name=one.organisation.name,
            slug=one.organisation.slug,
            people=one.people,
            devices=one.devices,
            is_operator=one.organisation.kind == OrganisationKind.OPERATOR.value,
        )
        for one in page.items
    )
    return OrganisationsPage(
        organisations=rows,
        query=q,
        form=form,
        pages=page_links(page, "admin.organisations", q=q),
        can_create=actor_holds(work.actor, Permission.ORGANISATION_CREATE, None),
    )


def _organisation_page(work: Work, organisation_id: UUID, forms: OrganisationForms) -> OrganisationPage:
    row = organisation_looked_after(work, organisation_id)
    members = members_looked_after(work, row.id)
    devices = devices_looked_after(work, Slice(MOST), organisation_id=row.id)
    return OrganisationPage(
        id=str(row.id),
        name=row.name,
        slug=row.slug,
        people=tuple(person_row(one) for one in members),
        devices=tuple(_device(one) for one in devices.items),
        form=forms.change or filled({"name": row.name, "time_zone": row.time_zone}),
        time_zones=time_zones(),
        can_have_provider=may_administer_provider(work.actor, row),
        can_ask_proof=actor_holds(work.actor, Permission.PROOF_ADMINISTER, row.id),
        is_proof_asked=is_second_proof_asked(work, row.id),
        has_more_devices=devices.next_cursor is not None,
        can_add_devices=actor_holds(work.actor, Permission.DEVICE_ADMINISTER, None),
        is_customer=row.kind == OrganisationKind.CUSTOMER.value
        and actor_holds(work.actor, Permission.CUSTOMER_FIND, None),
        inside=inside_part(work, row, forms.sharing),
        tree=tree_part(work, row, forms.parent),
    )


def _device(one: DeviceOwned) -> OrganisationDevice:
    row = one.device
    return OrganisationDevice(str(row.id), row.name, row.model.name, row.serial, one.owned_from)
