"""People that one looks after: who they are, where they belong, and where they are signed in."""

from typing import Any

from flask import Response, make_response, url_for
from marshmallow import Schema, fields, validate

from statusportal.access.actor import SYSTEM
from statusportal.access.permissions import Permission
from statusportal.access.vocabulary import MemberRole
from statusportal.accounts import service
from statusportal.administration.people import PersonSeen, people_looked_after, person_looked_after, sign_ins_of
from statusportal.api.fields import Instant, PageQuery, slice_of
from statusportal.api.root import blueprint
from statusportal.api.session import SessionList, session_facts
from statusportal.foundation.errors import Conflict
from statusportal.foundation.ids import parse_id
from statusportal.http import portal
from statusportal.http.policies import checked_by, needs
from statusportal.http.retries import forget_answer
from statusportal.identity import signing_in
from statusportal.identity.actors import actor_of_person
from statusportal.passwords import resetting

people = blueprint("People", "Who is here, and looking after them")


class MembershipView(Schema):
    """A person's role in one organisation that I look after."""

    organisation_id = fields.UUID()
    organisation = fields.String()
    role = fields.String()


class PersonView(Schema):
    """Somebody here."""

    id = fields.UUID()
    name = fields.String()
    email = fields.String()
    staff_role = fields.String(allow_none=True)
    is_disabled = fields.Boolean()
    seen_at = Instant(allow_none=True)
    memberships = fields.List(fields.Nested(MembershipView))


class PeopleList(Schema):
    """One page of people, by name."""

    items = fields.List(fields.Nested(PersonView))
    next = fields.String(allow_none=True)


class PeopleQuery(PageQuery):
    """What narrows the list."""

    q = fields.String(load_default="", validate=validate.Length(max=200))
    organisation = fields.UUID(load_default=None)


class RoleRequest(Schema):
    """A role in an organisation."""

    role = fields.Enum(MemberRole, by_value=True, required=True)


class ResetLink(Schema):
    """A link for a new password, to be handed over: null where a letter brings it."""

    link = fields.String(allow_none=True)


@people.get("/people")
@needs(Permission.MEMBER_INVITE)
@people.arguments(PeopleQuery, location="query")
@people.response(200, PeopleList)
def list_people(query: dict[str, Any]) -> dict[str, Any]:
    """List the people that I look after."""
    wanted = slice_of(query)
    with portal.reading() as work:
        page = people_looked_after(work, wanted, query["q"], organisation_id=query["organisation"])
    return {"items": [_present(one) for one in page.items], "next": page.next_cursor}


@people.get("/people/<person_id>")
@checked_by(Permission.MEMBER_INVITE)
@people.response(200, PersonView)
def show_person(person_id: str) -> dict[str, Any]:
    """Show one of them."""
    with portal.reading() as work:
        return _present(person_looked_after(work, parse_id(person_id)))


@people.put("/people/<person_id>/memberships/<organisation_id>")
@checked_by(Permission.MEMBER_INVITE)
@people.arguments(RoleRequest)
@people.response(204)
def give_role(wanted: dict[str, MemberRole], person_id: str, organisation_id: str) -> Response:
    """Give somebody a role in an organisation."""
    with portal.writing() as work:
        service.add_member(work, parse_id(organisation_id), parse_id(person_id), wanted["role"])
    return make_response("", 204)


@people.delete("/people/<person_id>/memberships/<organisation_id>")
@checked_by(Permission.MEMBER_INVITE)
@people.response(204)
def take_out(person_id: str, organisation_id: str) -> Response:
    """Take somebody out of an organisation."""
    with portal.writing() as work:
        service.remove_member(work, parse_id(organisation_id), parse_id(person_id))
    return make_response("", 204)


@people.post("/people/<person_id>/reset")
@checked_by(Permission.MEMBER_INVITE)
@people.response(201, ResetLink)
def reset_password(person_id: str) -> dict[str, Any]:
    """Help somebody to a new password: by a letter, or by a link to hand over where no mail is sent."""
    found = parse_id(person_id)
    with portal.reading() as work:
        person_looked_after(work, found)
    with portal.works().reading(SYSTEM) as work:
        whose = actor_of_person(work, found)
    if whose is None:
        raise Conflict("Who is locked out is let in first.")
    with portal.writing() as work:
        if portal.settings().smtp_url:
            resetting.ask_reset_of(work, whose)
            return {"link": None}
        secret = resetting.make_reset_secret(work, whose)
    forget_answer()
    return {"link": url_for("forgotten.open_link", secret=secret, _external=True)}


@people.get("/people/<person_id>/sessions")
@checked_by(Permission.STAFF_ADMINISTER)
@people.response(200, SessionList)
def list_sessions(person_id: str) -> dict[str, Any]:
    """List where somebody is signed in."""
    with portal.reading() as work:
        rows = sign_ins_of(work, parse_id(person_id))
    return {"items": [session_facts(row, portal.actor().session_id) for row in rows], "next": None}


@people.delete("/people/<person_id>/sessions")
@checked_by(Permission.STAFF_ADMINISTER)
@people.response(204)
def end_sessions(person_id: str) -> Response:
    """End every session of somebody, in every process and on every socket."""
    with portal.writing() as work:
        signing_in.end_all_sign_ins_of(work, parse_id(person_id))
    return make_response("", 204)


@people.delete("/people/<person_id>/sessions/<session_id>")
@checked_by(Permission.STAFF_ADMINISTER)
@people.response(204)
def end_session(person_id: str, session_id: str) -> Response:
    """End one session of somebody."""
    with portal.writing() as work:
        signing_in.end_sign_in_of(work, parse_id(person_id), parse_id(session_id))
    return make_response("", 204)


def _present(seen: PersonSeen) -> dict[str, Any]:
    row = seen.person
    shown = ("id", "name", "email", "staff_role", "is_disabled")
    memberships = [{name: getattr(one, name) for name in MembershipView().fields} for one in seen.standings]
    return {**{name: getattr(row, name) for name in shown}, "seen_at": seen.seen_at, "memberships": memberships}
