"""Seeing as a customer: beginning it from their page, leaving it from the frame, and reading who did."""

from uuid import UUID

from flask import Blueprint, Response, make_response, redirect, render_template, url_for

from statusportal.access.permissions import Permission
from statusportal.access.policy import require
from statusportal.accounts.models import Membership
from statusportal.accounts.queries import organisation_for, person_for
from statusportal.foundation.errors import Conflict, Faults, Invalid, NotFound
from statusportal.foundation.ids import parse_id
from statusportal.http import portal
from statusportal.http.policies import Reach, checked_by, leaving, signed_in
from statusportal.http.views.seeing import BeginPage, VisitRow, VisitsPage
from statusportal.http.views.shell import Form
from statusportal.seen_as.queries import visits_page
from statusportal.seen_as.service import LONGEST_MINUTES, begin_seeing_as, end_seeing_as
from statusportal.seen_as.vocabulary import Visit
from statusportal.web.forms import filled, text, troubled, whole
from statusportal.web.paging import page_links, wanted_slice
from statusportal.work import Work

seeing = Blueprint("seeing", __name__)

_USUAL_MINUTES = 30


@seeing.get("/support/customers/<organisation_id>/people/<person_id>/see-as")
@checked_by(Permission.CUSTOMER_SEE_AS, reach=Reach.KNOWN)
def begin(organisation_id: str, person_id: str) -> str:
    """Ask why and for how long."""
    with portal.reading() as work:
        page = _page(work, parse_id(organisation_id), parse_id(person_id), filled({"minutes": _USUAL_MINUTES}))
    return render_template("support/see_as.html", page=page)


@seeing.post("/support/customers/<organisation_id>/people/<person_id>/see-as")
@checked_by(Permission.CUSTOMER_SEE_AS, reach=Reach.KNOWN)
def begin_now(organisation_id: str, person_id: str) -> Response:
    """Begin, and show what they see first."""
    organisation, person = parse_id(organisation_id), parse_id(person_id)
    try:
        faults = Faults()
        minutes = whole(faults, "minutes", _USUAL_MINUTES)
        faults.close()
        with portal.writing() as work:
            begin_seeing_as(work, person, organisation, text("reason"), minutes)
    except (Invalid, Conflict) as err:
        form, status = troubled(err)
        with portal.reading() as work:
            page = _page(work, organisation, person, form)
        return make_response(render_template("support/see_as.html", page=page), status)
    return make_response(redirect(url_for("devices.my_devices"), 303))


@seeing.post("/seen-as/leave")
@leaving("it shows a session to itself again, whoever that is")
def leave() -> Response:
    """Leave, and return to the customer's page."""
    with portal.works().writing(portal.own_actor()) as work:
        left = end_seeing_as(work)
    there = url_for("support.customer", organisation_id=left.organisation_id) if left else "/"
    return make_response(redirect(there, 303))


@seeing.get("/seen-as")
@signed_in("everybody reads who looked as them; the rows say for whom else they are")
def visits() -> str:
    """Show who of the operator looked as the reader, or as people they look after."""
    with portal.reading() as work:
        page = visits_page(work, wanted_slice())
        mine = work.actor.person_id
    shown = VisitsPage(visits=tuple(_row(one, mine) for one in page.items), pages=page_links(page, "seeing.visits"))
    return render_template("visits.html", page=shown)


def _page(work: Work, organisation_id: UUID, person_id: UUID, form: Form) -> BeginPage:
    organisation = organisation_for(work, organisation_id)
    require(work.actor, Permission.CUSTOMER_SEE_AS, organisation.id)
    person = person_for(work, person_id)
    if work.session.get(Membership, (organisation.id, person.id)) is None:
        raise NotFound
    return BeginPage(
        person=person.name,
        organisation=organisation.name,
        back_href=url_for("support.customer", organisation_id=organisation.id),
        action=url_for("seeing.begin_now", organisation_id=organisation.id, person_id=person.id),
        longest_minutes=LONGEST_MINUTES,
        form=form,
    )


def _row(visit: Visit, mine: UUID | None) -> VisitRow:
    return VisitRow(
        staff=visit.staff_name,
        person=visit.person_name,
        is_me=visit.person_id == mine,
        organisation=visit.organisation_name,
        reason=visit.reason,
        began_at=visit.began_at,
        ended_at=visit.ended_at,
        ends_at=visit.ends_at,
        page_count=visit.page_count,
    )
