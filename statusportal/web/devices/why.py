"""Routes of why a machine says what it says: the page, and what people do about a condition."""

from collections.abc import Callable
from datetime import UTC, datetime, time, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from flask import Response, flash, make_response, redirect, render_template, url_for
from flask_babel import gettext as _

from statusportal.access.permissions import Permission
from statusportal.conditions.acknowledging import acknowledge_condition
from statusportal.conditions.shelving import Shelf, bring_back, put_aside
from statusportal.foundation.ids import parse_id
from statusportal.http import portal
from statusportal.http.policies import Reach, checked_by
from statusportal.http.views.shell import Form
from statusportal.upkeep.serving import note_serviced
from statusportal.web.devices.blueprint import devices
from statusportal.web.devices.why_view import why_page
from statusportal.web.forms import FORM_TROUBLES, picked, text, troubled
from statusportal.web.shell import chosen_time_zone
from statusportal.work import Work

_MORNING = time(8)


def _next_morning(now: datetime) -> datetime:
    place = ZoneInfo(chosen_time_zone())
    tomorrow = now.astimezone(place).date() + timedelta(days=1)
    return datetime.combine(tomorrow, _MORNING, place).astimezone(UTC)


_LENGTHS: dict[str, Callable[[datetime], datetime | None]] = {
    "hour": lambda now: now + timedelta(hours=1),
    "morning": _next_morning,
    "week": lambda now: now + timedelta(days=7),
    "out_of_service": lambda _now: None,
}


@devices.get("/devices/<device_id>/why")
@checked_by(Permission.DEVICE_VIEW)
def why(device_id: str) -> str:
    """Show how the verdict came about, what would clear it, and every condition."""
    with portal.reading() as work:
        return render_template("why.html", page=why_page(work, parse_id(device_id)))


@devices.post("/devices/<device_id>/conditions/<code>/acknowledge")
@checked_by(Permission.ENTRY_ACKNOWLEDGE, reach=Reach.ROW)
def acknowledge(device_id: str, code: str) -> Response:
    """Say that one has seen a condition."""
    return _done(device_id, code, lambda work, found: acknowledge_condition(work, found, code))


@devices.post("/devices/<device_id>/conditions/<code>/rest")
@checked_by(Permission.CONDITION_SHELVE)
def put_to_rest(device_id: str, code: str) -> Response:
    """Put a condition aside for as long as was chosen."""

    def act(work: Work, found: UUID) -> object:
        until = _LENGTHS[picked("length", *_LENGTHS)](work.now)
        return put_aside(work, found, code, Shelf(text("reason"), until))

    return _done(device_id, code, act)


@devices.post("/devices/<device_id>/conditions/<code>/wake")
@checked_by(Permission.CONDITION_SHELVE)
def wake(device_id: str, code: str) -> Response:
    """Bring a condition back."""
    return _done(device_id, code, lambda work, found: bring_back(work, found, code))


@devices.post("/devices/<device_id>/conditions/<code>/serviced")
@checked_by(Permission.MAINTENANCE_PLAN)
def service(device_id: str, code: str) -> Response:
    """Say that the service was done which a counter calls for."""
    return _done(device_id, code, lambda work, found: note_serviced(work, found, code))


def _done(device_id: str, code: str, act: Callable[[Work, UUID], object]) -> Response:
    """Do it and show the page again; what was wrong stands in the condition's own form."""
    found = parse_id(device_id)
    try:
        with portal.writing() as work:
            act(work, found)
    except FORM_TROUBLES as err:
        form, status = troubled(err)
        return make_response(_again(found, code, form), status)
    flash(_("Kept."), "success")
    return make_response(redirect(url_for("devices.why", device_id=found, _anchor="conditions"), 303))


def _again(device_id: UUID, code: str, form: Form) -> str:
    with portal.reading() as work:
        return render_template("why.html", page=why_page(work, device_id, {code: form}))
