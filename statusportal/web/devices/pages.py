"""Routes of one device: its page, and the parts of it that are fetched again."""

from uuid import UUID

from flask import render_template, url_for
from flask_babel import gettext as _

from statusportal.access.permissions import Permission
from statusportal.access.policy import actor_holds
from statusportal.access.vocabulary import Right
from statusportal.accounts.queries import organisations_named
from statusportal.availability.queries import days_of
from statusportal.export.queries import may_export
from statusportal.export.vocabulary import Format
from statusportal.fleet.models import Device
from statusportal.fleet.queries import device_for, may, periods_of, words_seen
from statusportal.fleet.vocabulary import Period, WordsSeen
from statusportal.foundation.ids import parse_id
from statusportal.http import portal
from statusportal.http.filters import reader_locale, reader_zone
from statusportal.http.formatting import duration, long_date
from statusportal.http.policies import checked_by
from statusportal.http.views.devices import DevicePage, Fact, Reader
from statusportal.web.devices.availability_view import bars
from statusportal.web.devices.blueprint import devices
from statusportal.web.devices.chart_view import chart_view
from statusportal.web.devices.live_view import live_part
from statusportal.web.devices.looks import looks_panel
from statusportal.web.devices.timeline_view import timeline_view
from statusportal.web.maintenance.words import notice_of
from statusportal.web.shell import operator_name
from statusportal.work import Work


@devices.get("/devices/<device_id>")
@checked_by(Permission.DEVICE_VIEW)
def device(device_id: str) -> str:
    """Show a device: what it says now, its curve, its ninety days, what happened."""
    with portal.reading() as work:
        row = device_for(work, parse_id(device_id))
        return render_template("device.html", page=device_page(work, row))


@devices.get("/devices/<device_id>/live")
@checked_by(Permission.DEVICE_VIEW)
def live(device_id: str) -> str:
    """Give verdict and values alone, for the live refresh."""
    with portal.reading() as work:
        row = device_for(work, parse_id(device_id))
        return render_template("_live.html", live=live_part(work, row))


@devices.get("/devices/<device_id>/timeline")
@checked_by(Permission.DEVICE_VIEW)
def timeline(device_id: str) -> str:
    """Give what happened alone, for the live refresh."""
    with portal.reading() as work:
        row = device_for(work, parse_id(device_id))
        return render_template("_timeline.html", timeline=timeline_view(work, row.id))


def device_page(work: Work, row: Device) -> DevicePage:
    """Return the whole page of a device for the work's actor."""
    now, words = live_part(work, row), words_seen(work, [row])[row.id]
    period = next((one for one in periods_of(work, row.id) if one.covers(work.now)), None)
    owner_id = period.organisation_id if period else None
    names = organisations_named(work, [owner_id]) if owner_id else {}
    owner = names[owner_id].name if owner_id in names else ""
    may_administer = actor_holds(work.actor, Permission.DEVICE_ADMINISTER, None)
    is_theirs = owner_id is not None and work.actor.belongs_to(owner_id)
    return DevicePage(
        id=str(row.id),
        name=words.name,
        model=row.model.name,
        serial=row.serial,
        site=words.site,
        firmware=words.firmware,
        live=now,
        availability=bars(days_of(work, [row.id])[row.id]),
        planned=notice_of(work, row.id),
        maintenance_href=url_for("maintenance.of_device", device_id=row.id),
        availability_href=url_for("devices.availability", device_id=row.id),
        timeline=timeline_view(work, row.id),
        chart=chart_view(work, row, now.signals),
        facts=_facts(row, words),
        readers=_readers(owner),
        looks=looks_panel(work, row),
        organisation=owner if work.actor.is_staff else "",
        can_ask=period is not None,
        export_formats=tuple(one.value for one in Format) if may_export(work, row.id) else (),
        links_href=url_for("links.of_device", device_id=row.id) if _may_link(work, row.id, period) else "",
        administer_href=url_for("admin.device", device_id=row.id) if may_administer else "",
        access_href=url_for("devices.access", device_id=row.id) if is_theirs else "",
        model_href=url_for("community.of_model", model_slug=row.model.slug) if is_theirs else "",
    )


def _may_link(work: Work, device_id: UUID, period: Period | None) -> bool:
    """Tell whether the reader may open the device to others by a link: its owners, staff, and who manages it."""
    if period is None:
        return False
    return may(work, Permission.LINK_MAKE, Right.MANAGE, device_id, period.organisation_id, work.now)


def _facts(row: Device, words: WordsSeen) -> tuple[Fact, ...]:
    every = duration(row.model.expected_interval_s, locale=reader_locale())
    facts = [Fact(_("Serial"), row.serial, is_code=True), Fact(_("Model"), row.model.name)]
    if words.installed_on:
        installed = long_date(words.installed_on, zone=reader_zone(), locale=reader_locale())
        facts.append(Fact(_("Installed"), installed))
    if words.site:
        facts.append(Fact(_("Site"), words.site))
    facts.append(Fact(_("Reports"), _("every %(time)s", time=every)))
    return tuple(facts)


def _readers(owner: str) -> tuple[Reader, ...]:
    operator = Reader("wrench", operator_name())
    return (Reader("building", owner), operator) if owner else (operator,)
