"""`statusportal token`."""

from datetime import datetime
from uuid import UUID

import click

from statusportal.access.actor import SYSTEM, Actor
from statusportal.accounts.queries import person_by_email
from statusportal.cli.portal import json_option, opened_portal, tell
from statusportal.cli.spans import span
from statusportal.foundation.errors import NotFound
from statusportal.identity.actors import actor_of_person
from statusportal.identity.issuing import issue_personal_token, revoke_personal_token
from statusportal.identity.queries import my_tokens
from statusportal.work import Works


@click.group()
def token() -> None:
    """Look after people's API tokens."""


@token.command()
@click.option("--email", required=True, help="Whose token it is.")
@click.option("--name", default="Made on the command line", help="What the token is for.")
@click.option(
    "--scope", "scopes", multiple=True, help="A right such as entry:publish; without any, all of its person's."
)
@click.option("--expires", default="", help="Such as 90d, 12h or 4w. Default: never.")
@json_option
def create(email: str, name: str, scopes: tuple[str, ...], expires: str, as_json: bool) -> None:  # noqa: FBT001 - click passes flags so
    """Create a personal API token. It is printed once and kept as a digest only."""
    with opened_portal() as works, works.writing(_actor_of(works, email)) as work:
        row, secret = issue_personal_token(work, name, scopes, _moment(work.now, expires))
    ends = row.expires_at.isoformat() if row.expires_at else None
    tell({"id": str(row.id), "token": secret, "expires_at": ends}, secret, as_json=as_json)


@token.command("list")
@click.option("--email", required=True, help="Whose tokens they are.")
@json_option
def list_(email: str, as_json: bool) -> None:  # noqa: FBT001 - click passes flags so
    """List a person's tokens that still work. The secrets themselves are kept nowhere."""
    with opened_portal() as works, works.reading(_actor_of(works, email)) as work:
        rows = my_tokens(work)
    facts = [
        {
            "id": str(row.id),
            "name": row.name,
            "scopes": row.scopes,
            "expires_at": row.expires_at.isoformat() if row.expires_at else None,
            "used_at": row.used_at.isoformat() if row.used_at else None,
        }
        for row in rows
    ]
    tell({"items": facts}, "\n".join(f"{row.id}  {row.name}" for row in rows), as_json=as_json)


@token.command()
@click.argument("token_id", type=click.UUID)
@click.option("--email", required=True, help="Whose token it is.")
@json_option
def revoke(token_id: UUID, email: str, as_json: bool) -> None:  # noqa: FBT001 - click passes flags so
    """Take a token back; it stops working at once."""
    with opened_portal() as works, works.writing(_actor_of(works, email)) as work:
        revoke_personal_token(work, token_id)
    tell({"id": str(token_id), "revoked": True}, f"Revoked {token_id}.", as_json=as_json)


def _actor_of(works: Works, email: str) -> Actor:
    """Return the person that a token stands for; their tokens are their own affair."""
    with works.reading(SYSTEM) as work:
        actor = actor_of_person(work, person_by_email(work, email).id)
    if actor is None:
        raise NotFound(f"{email} may not sign in.")
    return actor


def _moment(now: datetime, text: str) -> datetime | None:
    return now + span(text, "--expires") if text else None
