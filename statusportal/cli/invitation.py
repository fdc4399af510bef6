"""`statusportal invitation`."""

from uuid import UUID

import click

from statusportal.access.vocabulary import MemberRole, StaffRole
from statusportal.accounts.inviting import invite_person, invite_staff, resend_invitation, revoke_invitation
from statusportal.accounts.models import Invitation
from statusportal.accounts.queries import organisation_by_slug
from statusportal.administration.people import waiting_invitations
from statusportal.cli.portal import json_option, reading, tell, writing
from statusportal.config import Settings


@click.group()
def invitation() -> None:
    """Ask people in."""


@invitation.command()
@click.option("--email", required=True, help="Mail address of who is invited.")
@click.option("--name", default="", help="Name that others read. Default: the first part of the address.")
@click.option("--organisation", help="Slug of the organisation to join.")
@click.option("--role", type=click.Choice([role.value for role in MemberRole]), help="Role in that organisation.")
@click.option("--staff", type=click.Choice([role.value for role in StaffRole]), help="Role at the operator, instead.")
@json_option
def create(
    email: str,
    name: str,
    organisation: str | None,
    role: str | None,
    staff: str | None,
    as_json: bool,  # noqa: FBT001 - click passes flags so
) -> None:
    """Invite somebody: by a letter where mail is set up, else by a link that is printed this once."""
    if (staff is None) == (role is None) or (role is None) != (organisation is None):
        raise click.UsageError("Give --organisation with --role, or --staff.")
    called = name or email.partition("@")[0]
    with writing() as work:
        if staff is not None:
            row, secret = invite_staff(work, email, called, StaffRole(staff))
        else:
            place = organisation_by_slug(work, organisation or "").id
            row, secret = invite_person(work, place, email, called, MemberRole(role or ""))
        settings = work.settings
    _tell_link(settings, row, secret, as_json=as_json)


@invitation.command("list")
@json_option
def list_(as_json: bool) -> None:  # noqa: FBT001 - click passes flags so
    """List invitations that wait or have run out."""
    with reading() as work:
        found = waiting_invitations(work)
    facts = [
        {
            "id": str(one.invitation.id),
            "email": one.invitation.email,
            "organisation": one.organisation,
            "role": one.invitation.role or one.invitation.staff_role,
            "expires_at": one.invitation.expires_at.isoformat(),
        }
        for one in found
    ]
    tell({"items": facts}, "\n".join(f"{one['id']}  {one['email']}  {one['role']}" for one in facts), as_json=as_json)


@invitation.command()
@click.argument("invitation_id", type=click.UUID)
@json_option
def resend(invitation_id: UUID, as_json: bool) -> None:  # noqa: FBT001 - click passes flags so
    """Send an invitation again, with another link and its whole time before it."""
    with writing() as work:
        row, secret = resend_invitation(work, invitation_id)
        settings = work.settings
    _tell_link(settings, row, secret, as_json=as_json)


@invitation.command()
@click.argument("invitation_id", type=click.UUID)
@json_option
def withdraw(invitation_id: UUID, as_json: bool) -> None:  # noqa: FBT001 - click passes flags so
    """Take an invitation back; its link opens nothing any more."""
    with writing() as work:
        revoke_invitation(work, invitation_id)
    tell({"id": str(invitation_id), "withdrawn": True}, f"Withdrew {invitation_id}.", as_json=as_json)


def _tell_link(settings: Settings, row: Invitation, secret: str, *, as_json: bool) -> None:
    link = None if settings.smtp_url else settings.link(f"/invitations/{secret}")
    facts = {"id": str(row.id), "expires_at": row.expires_at.isoformat(), "link": link}
    tell(facts, link or f"A letter is on its way to {row.email}.", as_json=as_json)
