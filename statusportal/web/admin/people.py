"""The list of people, and inviting. A link with its secret stands in the answer to the form and nowhere else."""

from typing import cast

from flask import Response, flash, make_response, redirect, render_template, url_for
from flask_babel import gettext as _

from statusportal.access.permissions import Permission
from statusportal.access.policy import actor_holds
from statusportal.access.vocabulary import MemberRole, StaffRole
from statusportal.accounts import inviting
from statusportal.accounts.vocabulary import OrganisationKind
from statusportal.administration.people import (
    InvitationSeen,
    PeopleKind,
    PersonSeen,
    organisations_to_choose,
    people_looked_after,
    waiting_invitations,
)
from statusportal.foundation.errors import Faults, Invalid
from statusportal.foundation.ids import parse_id
from statusportal.http import portal
from statusportal.http.filters import reader_locale
from statusportal.http.policies import checked_by, needs
from statusportal.http.views.people import InvitationRow, PeoplePage, PersonRow
from statusportal.http.views.shell import FilterLink, Form, Option, Role
from statusportal.http.words import role_word
from statusportal.web.admin.blueprint import admin
from statusportal.web.admin.proofs import means_words
from statusportal.web.forms import FORM_TROUBLES, chosen, filled, text, troubled
from statusportal.web.paging import asked, page_links, wanted_slice
from statusportal.web.shell import initials
from statusportal.work import Work


@admin.get("/people")
@needs(Permission.MEMBER_INVITE)
def people() -> str:
    """List people and the invitations that wait."""
    with portal.reading() as work:
        page = _people_page(work, filled({"organisation": asked("organisation")}))
    return render_template("admin/people.html", page=page)


@admin.post("/people/invitations")
@checked_by(Permission.MEMBER_INVITE)
def invite() -> Response:
    """Invite somebody and show the link, this once: the answer is the only place where it stands."""
    form, secret, status = Form(), "", 201
    try:
        with portal.writing() as work:
            secret = _invite(work)
    except FORM_TROUBLES as err:
        form, status = troubled(err)
    return _answer(form, secret, status)


@admin.post("/people/invitations/<invitation_id>/resend")
@checked_by(Permission.MEMBER_INVITE)
def resend_invitation(invitation_id: str) -> Response:
    """Send an invitation again, or show its new link where no mail is sent; the one before opens nothing any more."""
    with portal.writing() as work:
        _, secret = inviting.resend_invitation(work, parse_id(invitation_id))
    return _answer(Form(), secret, 201)


@admin.post("/people/invitations/<invitation_id>/withdraw")
@checked_by(Permission.MEMBER_INVITE)
def withdraw_invitation(invitation_id: str) -> Response:
    """Let an invitation open nothing any more."""
    with portal.writing() as work:
        inviting.revoke_invitation(work, parse_id(invitation_id))
    flash(_("The invitation is taken back. Its link opens nothing any more."), "success")
    return make_response(redirect(url_for("admin.people", _anchor="inv"), 303))


def _answer(form: Form, secret: str, status: int) -> Response:
    """Show the list with the link for the inviter to hand over, unless a letter brings it."""
    is_mailed = bool(secret and portal.settings().smtp_url)
    if is_mailed:
        flash(_("A letter with the link is on its way."), "success")
    link = url_for("session.open_invitation_link", token=secret, _external=True) if secret and not is_mailed else ""
    with portal.reading() as work:
        page = _people_page(work, form, link)
    return make_response(render_template("admin/people.html", page=page), status)


def _invite(work: Work) -> str:
    """Invite into the operator by a staff role, or into the chosen organisation by a membership role."""
    wanted = text("role")
    if wanted in set(StaffRole):
        return inviting.invite_staff(work, text("email"), text("name"), StaffRole(wanted))[1]
    if wanted not in set(MemberRole):
        raise Invalid.field("/role", _("Choose one of these."))
    faults = Faults()
    organisation_id = chosen(faults, "organisation")
    faults.close()
    choices = {one.id: one for one in organisations_to_choose(work, Permission.MEMBER_INVITE)}
    if organisation_id in choices and choices[organisation_id].kind == OrganisationKind.OPERATOR.value:
        raise Invalid.field("/role", _("People of the operator have a staff role."))
    return inviting.invite_person(work, organisation_id, text("email"), text("name"), MemberRole(wanted))[1]


def _people_page(work: Work, form: Form, link: str = "") -> PeoplePage:
    q, chosen_kind, organisation = asked("q"), asked("kind"), asked("organisation")
    kind = PeopleKind(chosen_kind) if chosen_kind in set(PeopleKind) else PeopleKind.ALL
    narrowed = parse_id(organisation) if organisation else None
    page = people_looked_after(work, wanted_slice(), q, kind, narrowed)
    choices = organisations_to_choose(work, Permission.MEMBER_INVITE)
    return PeoplePage(
        headline=_("People"),
        people=tuple(person_row(one) for one in page.items),
        invitations=tuple(_invitation_row(work, one) for one in waiting_invitations(work)),
        organisations=tuple(Option(str(one.id), one.name) for one in choices),
        roles=role_options(with_staff=actor_holds(work.actor, Permission.STAFF_ADMINISTER, None)),
        filters=_filters(kind, q, organisation),
        query=q,
        form=form,
        link=link,
        pages=page_links(page, "admin.people", q=q, kind=kind.value, organisation=organisation),
    )


def person_row(seen: PersonSeen) -> PersonRow:
    """Present a person in a list."""
    role = seen.person.staff_role or next(iter(sorted((one.role for one in seen.standings), reverse=True)), "customer")
    return PersonRow(
        id=str(seen.person.id),
        name=seen.person.name,
        email=seen.person.email,
        initials=initials(seen.person.name),
        organisation=", ".join(one.organisation for one in seen.standings),
        role=cast("Role", role),
        seen_at=seen.seen_at,
        is_active=not seen.person.is_disabled,
        second_proof=means_words(seen.means),
    )


def role_options(*, with_staff: bool) -> tuple[Option, ...]:
    """Return the roles to choose from, in the reader's words; those of staff for who may give them."""
    roles = [*MemberRole, *(StaffRole if with_staff else ())]
    return tuple(Option(one.value, role_word(one.value, locale=reader_locale())) for one in roles)


def _invitation_row(work: Work, seen: InvitationSeen) -> InvitationRow:
    row = seen.invitation
    return InvitationRow(
        id=str(row.id),
        email=row.email,
        role=cast("Role", row.staff_role or row.role),
        organisation=seen.organisation,
        invited_by=seen.invited_by,
        sent_at=row.created_at,
        expires_at=row.expires_at,
        is_expired=row.expires_at <= work.now,
    )


def _filters(kind: PeopleKind, q: str, organisation: str) -> tuple[FilterLink, ...]:
    words = {
        PeopleKind.ALL: _("All"),
        PeopleKind.CUSTOMERS: _("Customers"),
        PeopleKind.STAFF: _("Staff"),
        PeopleKind.DISABLED: _("Locked out"),
        PeopleKind.WITHOUT_SECOND_PROOF: _("Without a second proof"),
    }
    return tuple(
        FilterLink(
            label,
            url_for("admin.people", kind=one.value or None, q=q or None, organisation=organisation or None),
            is_current=one is kind,
        )
        for one, label in words.items()
    )
