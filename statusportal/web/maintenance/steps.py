"""Routes of one piece of planned work: its page, and each step it can take."""

from collections.abc import Callable
from uuid import UUID

from flask import Response, flash, make_response, redirect, render_template, url_for
from flask_babel import gettext as _

from statusportal.access.permissions import Permission
from statusportal.foundation.errors import Faults
from statusportal.foundation.ids import parse_id
from statusportal.http import portal
from statusportal.http.filters import reader_locale
from statusportal.http.policies import checked_by
from statusportal.http.views.maintenance import WorkPage
from statusportal.http.views.shell import Form
from statusportal.maintenance import planning
from statusportal.maintenance.queries import WorkSeen, may_plan, waits_for, work_for
from statusportal.maintenance.vocabulary import AHEAD, WorkKind
from statusportal.upkeep.queries import has_entry
from statusportal.upkeep.wording import span
from statusportal.web.forms import FORM_TROUBLES, filled, local_moment, moment, troubled
from statusportal.web.maintenance.blueprint import maintenance_pages
from statusportal.web.maintenance.words import effect_words, names_of, work_rows
from statusportal.work import Work


@maintenance_pages.get("/maintenance/<work_id>")
@checked_by(Permission.MAINTENANCE_VIEW)
def planned_work(work_id: str) -> str:
    """Show planned work: when, on what, what it does, and what can be done about it."""
    with portal.reading() as work:
        return _page(work, parse_id(work_id), None)


@maintenance_pages.post("/maintenance/<work_id>/move")
@checked_by(Permission.MAINTENANCE_PLAN)
def move(work_id: str) -> Response:
    """Give it another time."""

    def act(work: Work, found: UUID) -> WorkSeen:
        seen = work_for(work, found)
        faults = Faults()
        has_begun = seen.row.from_at <= work.now
        begins = seen.row.from_at if has_begun else moment(faults, "from", seen.zone)
        ends = moment(faults, "to", seen.zone)
        for name, at in (("from", begins), ("to", ends)):
            if at is None and not faults.errors:
                faults.note(f"/{name}", _("Write a day and a time."))
        faults.close()
        return planning.move_work(work, found, begins or work.now, ends or work.now)

    return _done(work_id, act)


@maintenance_pages.post("/maintenance/<work_id>/confirm")
@checked_by(Permission.MAINTENANCE_PLAN)
def confirm(work_id: str) -> Response:
    """Agree to its time."""
    return _done(work_id, planning.confirm_visit)


@maintenance_pages.post("/maintenance/<work_id>/finish")
@checked_by(Permission.MAINTENANCE_PLAN)
def finish(work_id: str) -> Response:
    """Say that it is done."""
    return _done(work_id, planning.finish_work)


@maintenance_pages.post("/maintenance/<work_id>/cancel")
@checked_by(Permission.MAINTENANCE_PLAN)
def cancel(work_id: str) -> Response:
    """Call it off."""
    return _done(work_id, planning.cancel_work)


def _done(work_id: str, act: Callable[[Work, UUID], WorkSeen]) -> Response:
    found = parse_id(work_id)
    try:
        with portal.writing() as work:
            act(work, found)
    except FORM_TROUBLES as err:
        form, status = troubled(err)
        with portal.reading() as work:
            return make_response(_page(work, found, form), status)
    flash(_("Kept."), "success")
    return make_response(redirect(url_for(".planned_work", work_id=found), 303))


def _page(work: Work, work_id: UUID, form: Form | None) -> str:
    seen = work_for(work, work_id)
    row, names = seen.row, names_of(work, [seen])
    has_begun = row.from_at <= work.now
    can_change = may_plan(work, seen) and row.state in AHEAD
    stands = {"from": local_moment(row.from_at, seen.zone), "to": local_moment(row.to_at, seen.zone)}
    page = WorkPage(
        id=str(row.id),
        row=work_rows(work, [seen])[0],
        kind=_("Window") if row.kind == WorkKind.WINDOW else _("Visit"),
        zone=seen.zone,
        effect=effect_words(row),
        machines=tuple((names.get(one, ""), url_for("devices.device", device_id=one)) for one in seen.device_ids),
        form=form or filled(stands),
        entry_href=url_for("entries.entry", entry_id=row.id) if has_entry(work, row.id) else "",
        was=_former(seen),
        services=tuple(row.services),
        can_confirm=can_change and waits_for(work, row),
        can_move=can_change and row.to_at > work.now,
        has_begun=has_begun,
        can_finish=can_change and has_begun,
        can_cancel=can_change and not has_begun,
    )
    return render_template("planned_work.html", page=page)


def _former(seen: WorkSeen) -> str:
    begins, ends = seen.row.was_from_at, seen.row.was_to_at
    return "" if begins is None or ends is None else span(begins, ends, seen.zone, reader_locale())
