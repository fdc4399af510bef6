"""Sample view models of availability."""

from statusportal.http.views import availability, devices
from tests.factories.views import NOW, ago, days

_MONTH = 30 * 86_400


def _spent(percent: float | None, down_s: int, breakdowns: int, planned_s: int = 0, unknown_s: int = 0):
    up_s = _MONTH - down_s - planned_s - unknown_s
    between = up_s // breakdowns if breakdowns else None
    repair = down_s // breakdowns if breakdowns else None
    return availability.Spent(percent, up_s, down_s, planned_s, unknown_s, breakdowns, between, repair)


def of_device() -> availability.DeviceAvailabilityPage:
    return availability.DeviceAvailabilityPage(
        id="d1",
        name="Culture bank freezer",
        model="Polar 86",
        serial="PL86-0931",
        zone="Europe/Copenhagen",
        bars=devices.Availability(days(d40="unknown", d89="failure"), ago(days=89).date(), 97.6, 99.8),
        total=_spent(97.6, 62_000, 3, 14_400),
        months=(
            availability.MonthRow("November 2026", _spent(97.2, 72_600, 2, 14_400, 900)),
            availability.MonthRow("October 2026", _spent(100.0, 0, 0)),
            availability.MonthRow("September 2026", _spent(None, 0, 0, 0, _MONTH)),
        ),
    )


def of_unheard() -> availability.DeviceAvailabilityPage:
    return availability.DeviceAvailabilityPage(
        id="d2",
        name="Conductivity meter",
        model="Lumen C1",
        serial="LC1-5540",
        zone="UTC",
        bars=devices.Availability(("unknown",) * 90, ago(days=89).date()),
        total=_spent(None, 0, 0, 0, _MONTH),
    )


def of_fleet() -> availability.FleetAvailabilityPage:
    return availability.FleetAvailabilityPage(
        name="Engdal Mejeri",
        back_href="/admin/organisations/o1",
        month_on=NOW.date().replace(day=1),
        month="November 2026",
        zone="Europe/Copenhagen",
        total=_spent(98.9, 30_000, 3),
        count=120,
        rows=(
            availability.FleetRow("Culture bank freezer", "PL86-0931", "/a", _spent(97.2, 72_600, 2, 14_400)),
            availability.FleetRow("Milk analyser 1", "AM3-20391", "/b", _spent(100.0, 0, 0)),
        ),
        earlier_href="?month=2026-10",
        later_href="?month=2026-12",
    )
