"""`statusportal credential`."""

import click

from statusportal.accounts.queries import organisation_by_slug
from statusportal.cli.portal import json_option, secret_from_stdin, tell, writing
from statusportal.credentials.issuing import issue_device_credential, issue_gateway_credential
from statusportal.foundation.ids import parse_id


@click.group()
def credential() -> None:
    """Look after the tokens of machines."""


@credential.command()
@click.option("--device", help="Id of the device to speak for.")
@click.option("--gateway", is_flag=True, help="Speak for every device of an organisation.")
@click.option("--organisation", help="Slug of the gateway's organisation.")
@click.option("--name", default="", help="What the token is for.")
@click.option("--token-stdin", is_flag=True, help="Keep a token the machine has already, read from standard input.")
@json_option
def create(
    device: str | None,
    gateway: bool,  # noqa: FBT001 - click passes flags so
    organisation: str | None,
    name: str,
    token_stdin: bool,  # noqa: FBT001 - as above
    as_json: bool,  # noqa: FBT001 - as above
) -> None:
    """Create a token for a device or a gateway. It is printed once and kept as a digest only."""
    if (device is None) == (not gateway) or gateway != (organisation is not None):
        raise click.UsageError("Give either --device ID, or --gateway with --organisation SLUG.")
    kept = secret_from_stdin("A token") if token_stdin else None
    with writing() as work:
        if device is not None:
            row, secret = issue_device_credential(work, parse_id(device), name, kept)
        else:
            owner = organisation_by_slug(work, organisation or "")
            row, secret = issue_gateway_credential(work, owner.id, name, kept)
    tell({"id": str(row.id), "kind": row.kind, "token": secret}, secret, as_json=as_json)
