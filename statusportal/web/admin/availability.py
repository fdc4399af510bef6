"""Routes of availability of many machines: one month of an organisation's, or of a model's."""

from collections.abc import Callable
from datetime import date, timedelta
from zoneinfo import ZoneInfo

from flask import render_template, request, url_for

from statusportal.access.permissions import Permission
from statusportal.access.policy import actor_holds, require
from statusportal.accounts.queries import organisation_for
from statusportal.availability.calendar import month_span
from statusportal.availability.queries import (
    FleetAvailability,
    FleetLine,
    availability_of_model,
    availability_of_organisation,
)
from statusportal.catalogue.queries import model_for
from statusportal.foundation.errors import Invalid, Sentence
from statusportal.foundation.ids import parse_id
from statusportal.http import portal
from statusportal.http.filters import reader_locale
from statusportal.http.formatting import month_name
from statusportal.http.policies import Reach, checked_by
from statusportal.http.views.availability import FleetAvailabilityPage, FleetRow
from statusportal.web.admin.blueprint import admin
from statusportal.web.devices.availability_view import spent
from statusportal.work import Work

_SHOWN = 100
_ONE_DAY = timedelta(days=1)
_EARLIEST = 1990


@admin.get("/organisations/<organisation_id>/availability")
@checked_by(Permission.DEVICE_VIEW)
def organisation_availability(organisation_id: str) -> str:
    """Show how much of a month the machines of an organisation were fit for use."""
    with portal.reading() as work:
        row = organisation_for(work, parse_id(organisation_id))
        require(work.actor, Permission.DEVICE_VIEW, row.id)
        on = _asked_month(work, row.time_zone)
        found = availability_of_organisation(work, row.id, *month_span(on, row.time_zone))
        may_open = actor_holds(work.actor, Permission.ORGANISATION_ADMINISTER, row.id)
        back = url_for("admin.organisation", organisation_id=row.id) if may_open else url_for("devices.my_devices")
        here = _Here(work, lambda month: url_for(".organisation_availability", organisation_id=row.id, month=month))
        return render_template("fleet_availability.html", page=here.page(row.name, back, on, found))


@admin.get("/models/<model_id>/availability")
@checked_by(Permission.DEVICE_VIEW, reach=Reach.ANYBODY)
def model_availability(model_id: str) -> str:
    """Show how much of a month the machines of a model that one may see were fit for use."""
    with portal.reading() as work:
        require(work.actor, Permission.DEVICE_VIEW)
        row = model_for(work, parse_id(model_id))
        zone = work.settings.default_time_zone
        on = _asked_month(work, zone)
        found = availability_of_model(work, row.id, *month_span(on, zone))
        may_open = actor_holds(work.actor, Permission.MODEL_ADMINISTER, None)
        back = url_for("admin.model", model_id=row.id) if may_open else url_for("devices.my_devices")
        here = _Here(work, lambda month: url_for(".model_availability", model_id=row.id, month=month))
        return render_template("fleet_availability.html", page=here.page(row.name, back, on, found))


class _Here:
    """Make the page of a month, with the addresses of the months beside."""

    def __init__(self, work: Work, address: Callable[[str], str]) -> None:
        self.work = work
        self.address = address

    def page(self, name: str, back_href: str, on: date, found: FleetAvailability) -> FleetAvailabilityPage:
        """Return the page; the future has none."""
        today = self.work.now.astimezone(ZoneInfo(found.zone)).date()
        later = (on.replace(day=28) + 4 * _ONE_DAY).replace(day=1)
        return FleetAvailabilityPage(
            name=name,
            back_href=back_href,
            month_on=on,
            month=month_name(on, locale=reader_locale()),
            zone=found.zone,
            total=spent(found.total),
            count=len(found.lines),
            rows=tuple(_row(line) for line in found.lines[:_SHOWN]),
            earlier_href=self._href(on - _ONE_DAY) if on.year > _EARLIEST else "",
            later_href=self._href(later) if later <= today else "",
        )

    def _href(self, on: date) -> str:
        return self.address(f"{on:%Y-%m}")


def _asked_month(work: Work, zone: str) -> date:
    """Return the first day of the month that is asked for, by default of the present one.

    Raises: Invalid for what is no month, or lies ahead.
    """
    present = work.now.astimezone(ZoneInfo(zone)).date().replace(day=1)
    text = request.args.get("month")
    if text is None:
        return present
    try:
        asked = date.fromisoformat(f"{text}-01")
    except ValueError as err:
        raise Invalid.field("/month", Sentence("must be a month, such as 2026-11")) from err
    if asked.year < _EARLIEST or asked > present:
        raise Invalid.field("/month", Sentence("must lie between 1990 and now"))
    return asked


def _row(line: FleetLine) -> FleetRow:
    href = url_for("devices.availability", device_id=line.device.id)
    return FleetRow(line.name, line.device.serial, href, spent(line.tally))
