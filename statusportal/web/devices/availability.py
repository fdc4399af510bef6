"""The route of a device's availability: ninety days as bars, twelve months as rows."""

from flask import render_template

from statusportal.access.permissions import Permission
from statusportal.availability.calendar import months_back
from statusportal.availability.queries import BAR_DAYS, DeviceAvailability, availability_of, zone_of
from statusportal.availability.vocabulary import Day
from statusportal.fleet.queries import device_for, words_seen
from statusportal.foundation.clock import to_ms
from statusportal.foundation.ids import parse_id
from statusportal.http import portal
from statusportal.http.filters import reader_locale
from statusportal.http.formatting import month_name
from statusportal.http.policies import checked_by
from statusportal.http.views.availability import DeviceAvailabilityPage, MonthRow
from statusportal.web.devices.availability_view import bars, spent
from statusportal.web.devices.blueprint import devices

_MONTHS = 12


@devices.get("/devices/<device_id>/availability")
@checked_by(Permission.DEVICE_VIEW)
def availability(device_id: str) -> str:
    """Show how much of its time a device was fit for use."""
    with portal.reading() as work:
        row = device_for(work, parse_id(device_id))
        zone = zone_of(work, row.id)
        found = availability_of(work, row.id, months_back(work.now, _MONTHS, zone), to_ms(work.now))
        page = DeviceAvailabilityPage(
            id=str(row.id),
            name=words_seen(work, [row])[row.id].name,
            model=row.model.name,
            serial=row.serial,
            zone=zone,
            bars=bars(found.days[-BAR_DAYS:]),
            total=spent(found.total),
            months=_months(found),
        )
    return render_template("availability.html", page=page)


def _months(found: DeviceAvailability) -> tuple[MonthRow, ...]:
    """Return the months from the first of which something is known, the newest first."""
    months = found.months
    first = next((place for place, month in enumerate(months) if month.tally.known_ms), len(months))
    return tuple(_row(month) for month in reversed(months[first:]))


def _row(month: Day) -> MonthRow:
    return MonthRow(month_name(month.on, locale=reader_locale()), spent(month.tally))
