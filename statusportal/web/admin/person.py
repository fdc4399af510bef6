"""A person's page: what they are at the operator and in each organisation, whether they may sign in, and where."""

from uuid import UUID

from flask import Response, flash, make_response, redirect, render_template, request, url_for
from flask_babel import gettext as _

from statusportal.access.actor import SYSTEM
from statusportal.access.permissions import Permission
from statusportal.access.policy import actor_holds, require
from statusportal.access.vocabulary import MemberRole, StaffRole
from statusportal.accounts import service
from statusportal.administration.people import (
    PersonSeen,
    organisations_to_choose,
    person_looked_after,
    sign_ins_of,
)
from statusportal.foundation.errors import Conflict, Faults, Invalid
from statusportal.foundation.ids import parse_id
from statusportal.http import portal
from statusportal.http.filters import reader_locale
from statusportal.http.policies import Reach, checked_by
from statusportal.http.views.people import PersonPage, SessionView, StandingRow
from statusportal.http.views.shell import Form, Option
from statusportal.http.words import role_word
from statusportal.identity import signing_in
from statusportal.identity.actors import actor_of_person
from statusportal.identity.browsers import browser_words
from statusportal.identity.models import SignIn
from statusportal.passwords import resetting
from statusportal.web.admin.blueprint import admin
from statusportal.web.admin.people import role_options
from statusportal.web.admin.proofs import means_words
from statusportal.web.forms import FORM_TROUBLES, chosen, filled, text, troubled, word
from statusportal.web.shell import initials
from statusportal.web.ways import way_words
from statusportal.work import Work


@admin.get("/people/<person_id>")
@checked_by(Permission.MEMBER_INVITE)
def person(person_id: str) -> str:
    """Show a person."""
    with portal.reading() as work:
        page = _person_page(work, parse_id(person_id))
    return render_template("admin/person.html", page=page)


@admin.post("/people/<person_id>")
@checked_by(Permission.STAFF_ADMINISTER)
def change_person(person_id: str) -> Response:
    """Set the staff role and whether the person may sign in."""
    found = parse_id(person_id)
    try:
        with portal.writing() as work:
            _change(work, found)
    except FORM_TROUBLES as err:
        form, status = troubled(err)
        return _again(found, status, form=form)
    flash(_("Kept."), "success")
    return _back(found)


@admin.post("/people/<person_id>/memberships")
@checked_by(Permission.MEMBER_INVITE)
def change_membership(person_id: str) -> Response:
    """Give the person a role in an organisation, or take them out of it."""
    found = parse_id(person_id)
    try:
        faults = Faults()
        organisation_id = chosen(faults, "organisation")
        is_leaving = request.form.get("do") == "remove"
        role = MemberRole.CUSTOMER if is_leaving else word(faults, "role", MemberRole, MemberRole.CUSTOMER)
        faults.close()
        with portal.writing() as work:
            if is_leaving:
                service.remove_member(work, organisation_id, found)
            else:
                service.add_member(work, organisation_id, found, role)
    except Invalid as err:
        form, status = troubled(err)
        return _again(found, status, membership_form=form)
    flash(_("Taken out of the organisation.") if is_leaving else _("Kept."), "success")
    with portal.reading() as work:
        is_theirs = actor_holds(work.actor, Permission.STAFF_ADMINISTER, None) or not is_leaving
    return _back(found) if is_theirs else make_response(redirect(url_for("admin.people"), 303))


@admin.post("/people/<person_id>/sessions/<session_id>/end")
@checked_by(Permission.STAFF_ADMINISTER, reach=Reach.ANYBODY)
def end_session(person_id: str, session_id: str) -> Response:
    """End one of the person's sessions, in every process and on every socket."""
    found = parse_id(person_id)
    with portal.writing() as work:
        signing_in.end_sign_in_of(work, found, parse_id(session_id))
    flash(_("The session is ended."), "success")
    return _back(found)


@admin.post("/people/<person_id>/sessions/end")
@checked_by(Permission.STAFF_ADMINISTER)
def end_sessions(person_id: str) -> Response:
    """End every session of the person, in every process and on every socket."""
    found = parse_id(person_id)
    with portal.writing() as work:
        signing_in.end_all_sign_ins_of(work, found)
    flash(_("Every session is ended."), "success")
    return _back(found)


@admin.post("/people/<person_id>/reset")
@checked_by(Permission.MEMBER_INVITE)
def reset_password(person_id: str) -> Response:
    """Send the person a link for a new password, or show it to hand over where no mail is sent."""
    found = parse_id(person_id)
    with portal.reading() as work:
        person_looked_after(work, found)
    with portal.works().reading(SYSTEM) as work:
        whose = actor_of_person(work, found)
    if whose is None:
        raise Conflict(_("Who is locked out is let in first."))
    if portal.settings().smtp_url:
        with portal.writing() as work:
            resetting.ask_reset_of(work, whose)
        flash(_("A letter with the link is on its way."), "success")
        return _back(found)
    with portal.writing() as work:
        secret = resetting.make_reset_secret(work, whose)
        page = _person_page(work, found, link=url_for("forgotten.open_link", secret=secret, _external=True))
    return make_response(render_template("admin/person.html", page=page), 201)


def _change(work: Work, person_id: UUID) -> None:
    """Apply what differs, so that the log holds no act that changed nothing."""
    before = person_looked_after(work, person_id).person
    require(work.actor, Permission.STAFF_ADMINISTER)
    wanted = text("role")
    if wanted and wanted not in set(StaffRole):
        raise Invalid.field("/role", _("Choose one of these."))
    if wanted != (before.staff_role or ""):
        service.change_staff_role(work, person_id, StaffRole(wanted) if wanted else None)
    is_active = "is_active" in request.form
    if is_active and before.is_disabled:
        service.enable_person(work, person_id)
    elif not is_active and not before.is_disabled:
        service.disable_person(work, person_id)


def _back(person_id: UUID) -> Response:
    return make_response(redirect(url_for("admin.person", person_id=person_id), 303))


def _again(person_id: UUID, status: int, form: Form | None = None, membership_form: Form | None = None) -> Response:
    with portal.reading() as work:
        page = _person_page(work, person_id, form, membership_form)
    return make_response(render_template("admin/person.html", page=page), status)


def _person_page(
    work: Work, person_id: UUID, form: Form | None = None, membership_form: Form | None = None, link: str = ""
) -> PersonPage:
    seen = person_looked_after(work, person_id)
    is_staff_administered = actor_holds(work.actor, Permission.STAFF_ADMINISTER, None)
    sign_ins = sign_ins_of(work, person_id) if is_staff_administered else ()
    own = {one.organisation_id for one in seen.standings}
    elsewhere = organisations_to_choose(work, Permission.MEMBER_INVITE)
    row = seen.person
    return PersonPage(
        id=str(row.id),
        name=row.name,
        email=row.email,
        initials=initials(row.name),
        organisation=", ".join(one.organisation for one in seen.standings),
        form=form or filled({"role": row.staff_role, "is_active": not row.is_disabled}),
        roles=_staff_options() if is_staff_administered else (),
        sessions=tuple(_session(one) for one in sign_ins),
        standings=_standings(seen),
        member_roles=role_options(with_staff=False),
        organisations=tuple(Option(str(one.id), one.name) for one in elsewhere if one.id not in own),
        membership_form=membership_form or Form(),
        is_active=not row.is_disabled,
        link=link,
        sends_mail=bool(portal.settings().smtp_url),
        second_proof=means_words(seen.means),
        can_reset=seen.means.is_enough and actor_holds(work.actor, Permission.PROOF_ADMINISTER, None),
    )


def _standings(seen: PersonSeen) -> tuple[StandingRow, ...]:
    return tuple(
        StandingRow(str(one.organisation_id), one.organisation, filled({"role": one.role})) for one in seen.standings
    )


def _staff_options() -> tuple[Option, ...]:
    none = Option("", _("None, a customer"))
    return (none, *(Option(one.value, role_word(one.value, locale=reader_locale())) for one in StaffRole))


def _session(row: SignIn) -> SessionView:
    return SessionView(
        id=str(row.id),
        label=browser_words(row.user_agent),
        started_at=row.created_at,
        seen_at=row.seen_at,
        icon="mobile" if "Mobile" in row.user_agent else "laptop",
        detail=row.address,
        way=way_words(row.way),
        is_current=row.id == portal.actor().session_id,
    )
