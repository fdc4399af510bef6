"""`statusportal user`."""

import click

from statusportal.access.vocabulary import MemberRole, StaffRole
from statusportal.accounts.queries import organisation_by_slug, person_by_email
from statusportal.accounts.service import add_member, create_person
from statusportal.cli.portal import json_option, secret_from_stdin, tell, writing
from statusportal.identity.actors import actor_of_person
from statusportal.identity.signing_in import end_all_sign_ins_of
from statusportal.passwords.choosing import first_password
from statusportal.passwords.resetting import ask_reset_of, make_reset_secret
from statusportal.proofs.recovering import reset_second_proofs


@click.group()
def user() -> None:
    """Look after people."""


@user.command()
@click.option("--email", required=True, help="Mail address, with which the person signs in.")
@click.option("--password-stdin", is_flag=True, help="Read the password from standard input.")
@click.option("--name", default="", help="Name that others read. Default: the first part of the address.")
@click.option("--staff", type=click.Choice([role.value for role in StaffRole]), help="Role at the operator.")
@click.option("--organisation", help="Slug of the organisation to belong to.")
@click.option("--role", type=click.Choice([role.value for role in MemberRole]), help="Role in that organisation.")
@json_option
def create(
    email: str,
    password_stdin: bool,  # noqa: FBT001 - click passes flags so
    name: str,
    staff: str | None,
    organisation: str | None,
    role: str | None,
    as_json: bool,  # noqa: FBT001 - as above
) -> None:
    """Create a person. Without --password-stdin nobody can sign in as them until they are given a password."""
    if (organisation is None) != (role is None):
        raise click.UsageError("--organisation and --role go together.")
    called = name or email.partition("@")[0]
    typed = secret_from_stdin("A password") if password_stdin else None
    with writing() as work:
        password = first_password(work, email, called, typed) if typed else None
        person = create_person(work, email, called, password, StaffRole(staff) if staff else None)
        if organisation is not None and role is not None:
            add_member(work, organisation_by_slug(work, organisation).id, person.id, MemberRole(role))
    tell({"id": str(person.id), "email": person.email}, f"Created {person.email} ({person.id}).", as_json=as_json)


@user.command()
@click.option("--email", required=True, help="Whose password was forgotten.")
@json_option
def reset(email: str, as_json: bool) -> None:  # noqa: FBT001 - click passes flags so
    """Help to a new password: by a letter where mail is set up, else by a link that is printed this once."""
    with writing() as work:
        whose = actor_of_person(work, person_by_email(work, email).id)
        if whose is None:
            raise click.ClickException("Who is locked out is let in first.")
        link = None
        if work.settings.smtp_url:
            ask_reset_of(work, whose)
        else:
            link = work.settings.link(f"/reset/{make_reset_secret(work, whose)}")
    tell({"link": link}, link or f"A letter is on its way to {email}.", as_json=as_json)


@user.command("sign-out")
@click.option("--email", required=True, help="Whose sessions end.")
@json_option
def sign_out(email: str, as_json: bool) -> None:  # noqa: FBT001 - as above
    """End every session of somebody, in every process and on every socket."""
    with writing() as work:
        ended = end_all_sign_ins_of(work, person_by_email(work, email).id)
    tell({"ended": ended}, f"Ended {ended}.", as_json=as_json)


@user.command("reset-second-factor")
@click.option("--email", required=True, help="Mail address of the person.")
@json_option
def reset_second_factor(email: str, as_json: bool) -> None:  # noqa: FBT001 - click passes flags so
    """Take away a lost app, passkeys and recovery codes, and end the person's sessions."""
    with writing() as work:
        person = person_by_email(work, email)
        reset_second_proofs(work, person.id)
    tell({"id": str(person.id), "email": person.email}, f"{person.email} signs in by password again.", as_json=as_json)
