"""Routes of the calendar, and of the form of new work on a machine, a group or an organisation."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from flask import Response, flash, make_response, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext

from statusportal.access.permissions import Permission
from statusportal.access.policy import actor_holds, require
from statusportal.access.vocabulary import Right
from statusportal.accounts.queries import organisation_for
from statusportal.fleet.queries import device_for, may, periods_of, words_seen
from statusportal.foundation.errors import Faults, Forbidden, Invalid, Sentence
from statusportal.foundation.ids import parse_id
from statusportal.foundation.paging import MOST, Slice
from statusportal.groups.queries import group_for
from statusportal.http import portal
from statusportal.http.calendars import CALENDAR_SCOPES
from statusportal.http.filters import reader_locale
from statusportal.http.formatting import month_name
from statusportal.http.policies import checked_by, needs
from statusportal.http.rule_sentences import rule_sentence
from statusportal.http.views.maintenance import MaintenancePage, PlanPage
from statusportal.http.views.shell import Form, Option
from statusportal.maintenance import planning
from statusportal.maintenance.planning import Plan
from statusportal.maintenance.queries import WorkSeen, waits_for, works_page
from statusportal.maintenance.vocabulary import AHEAD, LONGEST_WORK, WorkKind
from statusportal.profiles.vocabulary import CounterRule
from statusportal.standings.forecasting import counters_running_out
from statusportal.tuning.queries import rules_of_device
from statusportal.web.forms import FORM_TROUBLES, moment, picked, text, troubled
from statusportal.web.maintenance.blueprint import maintenance_pages
from statusportal.web.maintenance.calendar_view import day_names, month_shown, weeks_of
from statusportal.web.maintenance.counters_view import counter_rows
from statusportal.web.maintenance.words import work_rows
from statusportal.web.shell import chosen_time_zone, me
from statusportal.work import Work

_COMING = 12
_ONE_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class _Place:
    """What new work is planned on, and in whose time zone; `device_id` where it is one machine."""

    name: str
    zone: str
    back_href: str
    device_id: UUID | None = None
    can_plan: bool = True


@maintenance_pages.get("/maintenance")
@needs(Permission.MAINTENANCE_VIEW)
def calendar() -> str:
    """Show what waits for an answer, a month of planned work, and what comes next."""
    with portal.reading() as work:
        return render_template("maintenance.html", page=_calendar(work))


@maintenance_pages.get("/devices/<device_id>/maintenance")
@checked_by(Permission.MAINTENANCE_VIEW)
def of_device(device_id: str) -> str:
    """Show what is planned on a machine, with the form of new work."""
    with portal.reading() as work:
        return _form(work, _device(work, parse_id(device_id)), Form())


@maintenance_pages.post("/devices/<device_id>/maintenance")
@checked_by(Permission.MAINTENANCE_PLAN)
def plan_on_device(device_id: str) -> Response:
    """Plan work on a machine."""
    found = parse_id(device_id)
    return _plan(lambda work: _device(work, found), lambda work, plan: planning.plan_on_device(work, found, plan))


@maintenance_pages.get("/organisations/<organisation_id>/maintenance")
@checked_by(Permission.MAINTENANCE_PLAN)
def of_organisation(organisation_id: str) -> str:
    """Show the form of new work on every machine of an organisation."""
    with portal.reading() as work:
        return _form(work, _organisation(work, parse_id(organisation_id)), Form())


@maintenance_pages.post("/organisations/<organisation_id>/maintenance")
@checked_by(Permission.MAINTENANCE_PLAN)
def plan_on_organisation(organisation_id: str) -> Response:
    """Plan work on every machine of an organisation."""
    found = parse_id(organisation_id)
    return _plan(
        lambda work: _organisation(work, found), lambda work, plan: planning.plan_on_organisation(work, found, plan)
    )


@maintenance_pages.get("/groups/<group_id>/maintenance")
@checked_by(Permission.DEVICE_SHARE)
def of_group(group_id: str) -> str:
    """Show the form of new work on the machines of a group."""
    with portal.reading() as work:
        return _form(work, _group(work, parse_id(group_id)), Form())


@maintenance_pages.post("/groups/<group_id>/maintenance")
@checked_by(Permission.DEVICE_SHARE)
def plan_on_group(group_id: str) -> Response:
    """Plan work on the machines that are in a group now."""
    found = parse_id(group_id)
    return _plan(lambda work: _group(work, found), lambda work, plan: planning.plan_on_group(work, found, plan))


def _calendar(work: Work) -> MaintenancePage:
    zone = chosen_time_zone()
    place = ZoneInfo(zone)
    on = _asked_month(work.now.astimezone(place).date())
    begins, ends = (datetime.combine(day, time(), place).astimezone(UTC) for day in month_shown(on))
    month = works_page(work, Slice(MOST), None, begins - LONGEST_WORK, ends)
    following = works_page(work, Slice(MOST), None, work.now)
    ahead = [one for one in following.items if one.row.state in AHEAD]
    waiting = [one for one in ahead if waits_for(work, one.row)]
    shell = me()
    counters = counters_running_out(work)
    home = shell.current_organisation if shell and not shell.staff_role else None
    return MaintenancePage(
        headline=_headline(len(ahead), len(waiting)),
        month=month_name(on, locale=reader_locale()),
        zone=zone,
        weeks=weeks_of(work, on, zone, month.items),
        day_names=day_names(),
        earlier_href=url_for(".calendar", month=f"{on - _ONE_DAY:%Y-%m}"),
        later_href=url_for(".calendar", month=f"{on.replace(day=28) + 4 * _ONE_DAY:%Y-%m}"),
        waiting=work_rows(work, waiting),
        coming=work_rows(work, ahead[:_COMING]),
        plan_href=url_for(".of_organisation", organisation_id=home.id) if home else "",
        is_cut=month.next_cursor is not None or following.next_cursor is not None,
        counters=counter_rows(work, counters),
        counters_cut=counters.is_cut,
        follow_href=url_for("tokens.tokens", scopes=[*CALENDAR_SCOPES], name=_("Calendar"), _anchor="make"),
    )


def _headline(ahead: int, waiting: int) -> str:
    if not ahead:
        return str(_("No work is planned."))
    planned: str = ngettext("%(num)d piece of work is planned.", "%(num)d pieces of work are planned.", ahead)
    if not waiting:
        return planned
    asked: str = ngettext("One waits for your answer.", "%(num)d wait for your answer.", waiting)
    return f"{planned} {asked}"


def _asked_month(today: date) -> date:
    """Return the first day of the month that is asked for. Raises: Invalid for what is no month of these years."""
    asked = request.args.get("month")
    if asked is None:
        return today.replace(day=1)
    try:
        found = date.fromisoformat(f"{asked}-01")
    except ValueError as err:
        raise Invalid.field("/month", Sentence("must be a month, such as 2026-11")) from err
    if abs(found.year - today.year) > 100:  # noqa: PLR2004 - beyond a life's calendar
        raise Invalid.field("/month", Sentence("must be a month, such as 2026-11"))
    return found


def _plan(where: Callable[[Work], _Place], act: Callable[[Work, Plan], WorkSeen]) -> Response:
    """Plan it and go to its page; what was wrong stands in the form."""
    with portal.reading() as work:
        zone = where(work).zone
    try:
        faults = Faults()
        kind = WorkKind(picked("kind", *WorkKind))
        begins, ends = (moment(faults, name, zone) for name in ("from", "to"))
        for name, at in (("from", begins), ("to", ends)):
            if at is None and not faults.errors:
                faults.note(f"/{name}", _("Write a day and a time."))
        faults.close()
        with portal.writing() as work:
            services = tuple(request.form.getlist("services"))
            seen = act(work, Plan(kind, text("title"), begins or work.now, ends or work.now, services))
    except FORM_TROUBLES as err:
        form, status = troubled(err)
        with portal.reading() as work:
            return make_response(_form(work, where(work), form), status)
    flash(_("It is planned."), "success")
    return make_response(redirect(url_for(".planned_work", work_id=seen.row.id), 303))


def _form(work: Work, place: _Place, form: Form) -> str:
    known = (
        works_page(work, Slice(MOST), place.device_id, work.now - timedelta(days=90)).items if place.device_id else ()
    )
    page = PlanPage(
        name=place.name,
        back_href=place.back_href,
        action=request.path,
        zone=place.zone,
        kinds=(
            Option(WorkKind.VISIT.value, _("Visit"), _("Somebody comes. The other side confirms the time.")),
            Option(WorkKind.WINDOW.value, _("Window"), _("The machine may misbehave. It holds at once.")),
        ),
        form=form,
        services=_services(work, place.device_id),
        chosen=frozenset(request.form.getlist("services") or request.args.getlist("service")),
        known=work_rows(work, list(reversed(known))),
        can_plan=place.can_plan,
    )
    return render_template("plan_work.html", page=page)


def _services(work: Work, device_id: UUID | None) -> tuple[Option, ...]:
    """Return what a visit to a machine can be for: the services that its counters call for."""
    if device_id is None:
        return ()
    rules = rules_of_device(work, device_for(work, device_id))
    counters = [one for one in rules.rules if isinstance(one, CounterRule)]
    return tuple(Option(one.code, one.code, rule_sentence(one, rules)) for one in counters)


def _device(work: Work, device_id: UUID) -> _Place:
    row = device_for(work, device_id)
    if not work.actor.is_scoped_to(Permission.MAINTENANCE_VIEW):
        raise Forbidden(Permission.MAINTENANCE_VIEW.value)
    period = next((one for one in periods_of(work, row.id) if one.covers(work.now)), None)
    owner = organisation_for(work, period.organisation_id) if period else None
    plan = Permission.MAINTENANCE_PLAN
    return _Place(
        name=words_seen(work, [row])[row.id].name,
        zone=owner.time_zone if owner else work.settings.default_time_zone,
        back_href=url_for("devices.device", device_id=row.id),
        device_id=row.id,
        can_plan=period is not None and may(work, plan, Right.MANAGE, row.id, period.organisation_id, work.now),
    )


def _organisation(work: Work, organisation_id: UUID) -> _Place:
    row = organisation_for(work, organisation_id)
    require(work.actor, Permission.MAINTENANCE_PLAN, row.id)
    return _Place(_("every machine of %(name)s", name=row.name), row.time_zone, url_for(".calendar"))


def _group(work: Work, group_id: UUID) -> _Place:
    row = group_for(work, group_id)
    owner = organisation_for(work, row.organisation_id)
    can_plan = actor_holds(work.actor, Permission.MAINTENANCE_PLAN, owner.id)
    back = url_for("devices.group", group_id=row.id)
    return _Place(row.name, owner.time_zone, back, can_plan=can_plan)
