"""Support: find a customer by whatever they said on the phone, see how they fare, and hand them the right link."""

from typing import cast

from flask import Blueprint, render_template, url_for
from flask_babel import gettext as _
from flask_babel import ngettext

from statusportal.access.permissions import Permission
from statusportal.access.policy import actor_holds
from statusportal.accounts.models import Organisation
from statusportal.entries.models import StatusEntry
from statusportal.foundation.ids import parse_id
from statusportal.foundation.vocabulary import Health
from statusportal.http import portal
from statusportal.http.policies import checked_by, needs
from statusportal.http.views import shell
from statusportal.http.views.devices import DeviceCard
from statusportal.http.views.people import PersonRow
from statusportal.http.views.support import CustomerPage, CustomerRow, CustomersPage, OpenEntry
from statusportal.overview.supporting import (
    Customer,
    DeviceFaring,
    MemberSeen,
    customers_page,
    devices_of_customer,
    open_customer,
    open_entries_of,
    people_of_customer,
)
from statusportal.web.admin.device_page import connectivity_of, health_of
from statusportal.web.paging import asked, page_links, wanted_slice
from statusportal.web.reasons import reason_words
from statusportal.web.shell import initials
from statusportal.web.talk.words import entry_title

support = Blueprint("support", __name__, url_prefix="/support/customers")

_NEVER_SEEN: dict[str, object] = {"key": "never_seen", "args": {}}
_HEALTHY = {Health.NORMAL.value, Health.UNKNOWN.value}


@support.get("")
@needs(Permission.CUSTOMER_FIND)
def customers() -> str:
    """List customers, critical and old first, or those that a search finds."""
    q = asked("q")
    with portal.reading() as work:
        page = customers_page(work, wanted_slice(), q)
    shown = CustomersPage(
        customers=tuple(_customer_row(one) for one in page.items),
        query=q,
        pages=page_links(page, "support.customers", q=q),
    )
    return render_template("support/customers.html", page=shown)


@support.get("/<organisation_id>")
@checked_by(Permission.CUSTOMER_FIND)
def customer(organisation_id: str) -> str:
    """Show a customer: what is open, how the machines fare, who is there. That it was opened is recorded."""
    with portal.writing() as work:
        row = open_customer(work, parse_id(organisation_id))
        devices = devices_of_customer(work, row.id)
        entries = open_entries_of(work, row.id)
        people = people_of_customer(work, row.id)
        may_administer = actor_holds(work.actor, Permission.MEMBER_INVITE, row.id)
        may_see_as = actor_holds(work.actor, Permission.CUSTOMER_SEE_AS, row.id)
        opened_at = work.now
    page = CustomerPage(
        id=str(row.id),
        name=row.name,
        summary=_summary(devices),
        link=url_for("support.customer", organisation_id=row.id, _external=True),
        opened_at=opened_at,
        entries=tuple(_open_entry(entry, name) for entry, name in entries),
        devices=tuple(_device_card(one) for one in devices),
        people=tuple(_person_row(one, row, has_page=may_administer, may_see_as=may_see_as) for one in people),
    )
    return render_template("support/customer.html", page=page)


def _customer_row(one: Customer) -> CustomerRow:
    return CustomerRow(
        id=str(one.id),
        name=one.name,
        people=one.people,
        devices=one.devices,
        open_entries=one.open_entries,
        worst=one.worst.value,
        waiting_since_at=one.waiting_since,
    )


def _summary(devices: list[DeviceFaring]) -> str:
    troubled = sum(1 for one in devices if one.status is not None and one.status.health not in _HEALTHY)
    machines = ngettext("%(num)d machine", "%(num)d machines", len(devices))
    if not devices:
        return str(_("No machine yet."))
    if troubled == 0:
        return str(_("%(machines)s, none of them in trouble.", machines=machines))
    return str(_("%(machines)s, %(count)d not as they should be.", machines=machines, count=troubled))


def _open_entry(entry: StatusEntry, device: str) -> OpenEntry:
    return OpenEntry(
        title=entry_title(entry),
        href=url_for("entries.entry", entry_id=entry.id),
        health=cast("shell.Health | None", entry.health),
        device=device,
        at=entry.opened_at,
        code=entry.code or "",
        link=url_for("entries.entry", entry_id=entry.id, _external=True),
    )


def _device_card(one: DeviceFaring) -> DeviceCard:
    return DeviceCard(
        id=str(one.device.id),
        name=one.name,
        model=one.device.model.name,
        serial=one.device.serial,
        site=one.site,
        health=health_of(one.status),
        reason=reason_words(one.status.reason if one.status else _NEVER_SEEN),
        connectivity=connectivity_of(one.status),
        since_at=one.status.health_since if one.status else None,
        open_entries=one.open_entries,
    )


def _person_row(one: MemberSeen, organisation: Organisation, *, has_page: bool, may_see_as: bool) -> PersonRow:
    see_as_href = url_for("seeing.begin", organisation_id=organisation.id, person_id=one.person.id)
    may_see = may_see_as and not one.person.is_disabled and one.person.staff_role is None
    return PersonRow(
        id=str(one.person.id),
        name=one.person.name,
        email=one.person.email,
        initials=initials(one.person.name),
        organisation=organisation.name,
        role=cast("shell.Role", one.role),
        seen_at=one.seen_at,
        is_active=not one.person.is_disabled,
        href=url_for("admin.person", person_id=one.person.id) if has_page else "",
        see_as_href=see_as_href if may_see else "",
    )
