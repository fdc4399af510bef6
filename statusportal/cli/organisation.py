"""`statusportal organisation`."""

import click

from statusportal.accounts.service import create_organisation
from statusportal.accounts.vocabulary import OrganisationKind
from statusportal.cli.portal import json_option, tell, writing


@click.group()
def organisation() -> None:
    """Look after organisations."""


@organisation.command()
@click.option("--slug", required=True, help="Short name: small letters, digits and hyphens.")
@click.option("--name", required=True, help="Name that people read.")
@click.option("--time-zone", default="", help="Such as Europe/Copenhagen. Default: the portal's.")
@click.option(
    "--kind",
    type=click.Choice([kind.value for kind in OrganisationKind]),
    default=OrganisationKind.CUSTOMER.value,
    help="The operator runs the portal; there is one.",
)
@json_option
def create(slug: str, name: str, time_zone: str, kind: str, as_json: bool) -> None:  # noqa: FBT001 - click passes flags so
    """Create an organisation."""
    with writing() as work:
        row = create_organisation(work, slug, name, OrganisationKind(kind), time_zone)
    tell({"id": str(row.id), "slug": row.slug}, f"Created {row.slug} ({row.id}).", as_json=as_json)
