"""Invitations: asking somebody to join, again if need be, and joining."""

from datetime import datetime
from typing import Any
from uuid import UUID

from flask import Response, make_response, url_for
from marshmallow import Schema, ValidationError, fields, validate, validates_schema

from statusportal.access.actor import SYSTEM
from statusportal.access.permissions import Permission
from statusportal.access.vocabulary import MemberRole, StaffRole
from statusportal.accounts import inviting
from statusportal.accounts.models import Invitation
from statusportal.administration.people import InvitationSeen, waiting_invitations
from statusportal.api.fields import Instant
from statusportal.api.root import blueprint
from statusportal.foundation.ids import parse_id
from statusportal.http import portal
from statusportal.http.policies import checked_by, needs, public
from statusportal.http.retries import forget_answer
from statusportal.passwords.choosing import prepare_password

invitations = blueprint("Invitations", "Asking people in, and joining")


class InvitationRequest(Schema):
    """Whom to invite, into an organisation with a role, or among the operator's people with a staff role."""

    email = fields.String(required=True, validate=validate.Length(max=320))
    name = fields.String(required=True, validate=validate.Length(max=200))
    organisation = fields.UUID()
    role = fields.Enum(MemberRole, by_value=True)
    staff_role = fields.Enum(StaffRole, by_value=True)

    @validates_schema
    def _one_way_in(self, data: dict[str, Any], **_: object) -> None:
        if ("staff_role" in data) == ("role" in data):
            raise ValidationError("name role and organisation, or staff_role", "role")
        if "role" in data and "organisation" not in data:
            raise ValidationError("is missing", "organisation")


class InvitationView(Schema):
    """An invitation that waits or has run out."""

    id = fields.UUID()
    email = fields.String()
    name = fields.String()
    organisation_id = fields.UUID()
    role = fields.String(allow_none=True)
    staff_role = fields.String(allow_none=True)
    invited_by = fields.String(metadata={"description": "A name; empty when the portal itself did."})
    created_at = Instant()
    expires_at = Instant()
    is_expired = fields.Boolean()


class SentInvitation(Schema):
    """An invitation just made or sent again, and its link, to be handed over: null where a letter brings it."""

    id = fields.UUID()
    expires_at = Instant()
    link = fields.String(allow_none=True)


class InvitationList(Schema):
    """Invitations that wait or have run out, the newest first."""

    items = fields.List(fields.Nested(InvitationView))
    next = fields.String(allow_none=True)


class JoinRequest(Schema):
    """The secret out of an invitation's link, and who the invited is from now on."""

    secret = fields.String(required=True, validate=validate.Length(max=200))
    name = fields.String(load_default="", validate=validate.Length(max=200))
    password = fields.String(required=True, validate=validate.Length(max=1024))


@invitations.get("/invitations")
@needs(Permission.MEMBER_INVITE)
@invitations.response(200, InvitationList)
def list_invitations() -> dict[str, Any]:
    """List the invitations into what I look after."""
    with portal.reading() as work:
        return {"items": [_present(one, work.now) for one in waiting_invitations(work)], "next": None}


@invitations.post("/invitations")
@checked_by(Permission.MEMBER_INVITE)
@invitations.arguments(InvitationRequest)
@invitations.response(201, SentInvitation)
def invite(wanted: dict[str, Any]) -> dict[str, Any]:
    """Invite somebody."""
    with portal.writing() as work:
        if "staff_role" in wanted:
            row, secret = inviting.invite_staff(work, wanted["email"], wanted["name"], wanted["staff_role"])
        else:
            place: UUID = wanted["organisation"]
            row, secret = inviting.invite_person(work, place, wanted["email"], wanted["name"], wanted["role"])
    return _sent(row, secret)


@invitations.post("/invitations/<invitation_id>/resend")
@checked_by(Permission.MEMBER_INVITE)
@invitations.response(201, SentInvitation)
def resend(invitation_id: str) -> dict[str, Any]:
    """Send an invitation again, with another secret and the whole time before it."""
    with portal.writing() as work:
        row, secret = inviting.resend_invitation(work, parse_id(invitation_id))
    return _sent(row, secret)


@invitations.delete("/invitations/<invitation_id>")
@checked_by(Permission.MEMBER_INVITE)
@invitations.response(204)
def withdraw(invitation_id: str) -> Response:
    """Let an invitation open nothing any more."""
    with portal.writing() as work:
        inviting.revoke_invitation(work, parse_id(invitation_id))
    return make_response("", 204)


@invitations.post("/invitations/accept")
@public("the invited have no account yet; the secret that the link handed over is the right")
@invitations.arguments(JoinRequest)
@invitations.response(204)
def accept(wanted: dict[str, str]) -> Response:
    """Make the invited person's account; they sign in with it afterwards."""
    works = portal.works()
    with works.reading(SYSTEM) as work:
        prepared = prepare_password(work, wanted["secret"], wanted["name"], wanted["password"])
    with works.writing(SYSTEM) as work:
        inviting.accept_invitation(work, wanted["secret"], wanted["name"], prepared)
    return make_response("", 204)


def _sent(row: Invitation, secret: str) -> dict[str, Any]:
    forget_answer()
    address = url_for("session.open_invitation_link", token=secret, _external=True)
    link = None if portal.settings().smtp_url else address
    return {"id": row.id, "expires_at": row.expires_at, "link": link}


def _present(seen: InvitationSeen, now: datetime) -> dict[str, Any]:
    row = seen.invitation
    shown = ("id", "email", "name", "organisation_id", "role", "staff_role", "created_at", "expires_at")
    facts = {name: getattr(row, name) for name in shown}
    return {**facts, "invited_by": seen.invited_by, "is_expired": row.expires_at <= now}
