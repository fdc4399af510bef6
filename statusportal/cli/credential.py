"""`statusportal credential`."""

from typing import Any, TextIO

import click

from statusportal.accounts.queries import organisation_by_slug
from statusportal.cli.portal import json_option, reading, secret_from_stdin, tell, writing
from statusportal.cli.spans import span
from statusportal.credentials.issuing import (
    accept_certificate,
    issue_device_credential,
    issue_gateway_credential,
    revoke_credential,
)
from statusportal.credentials.models import DeviceCredential
from statusportal.credentials.queries import credentials_of, credentials_of_device
from statusportal.credentials.rotating import rotate_credential
from statusportal.foundation.ids import parse_id
from statusportal.http.json_provider import rfc3339


@click.group()
def credential() -> None:
    """Look after what machines sign in with."""


@credential.command()
@click.option("--device", help="Id of the device to speak for.")
@click.option("--gateway", is_flag=True, help="Speak for every device of an organisation.")
@click.option("--organisation", help="Slug of the gateway's organisation.")
@click.option("--name", default="", help="What the token is for.")
@click.option("--token-stdin", is_flag=True, help="Keep a token the machine has already, read from standard input.")
@click.option("--certificate", type=click.File(), help="Let a device's client certificate in: a PEM file.")
@json_option
def create(
    device: str | None,
    gateway: bool,  # noqa: FBT001 - click passes flags so
    organisation: str | None,
    name: str,
    token_stdin: bool,  # noqa: FBT001 - as above
    certificate: TextIO | None,
    as_json: bool,  # noqa: FBT001 - as above
) -> None:
    """Create a token for a device or a gateway. It is printed once and kept as a digest only."""
    if (device is None) == (not gateway) or gateway != (organisation is not None):
        raise click.UsageError("Give either --device ID, or --gateway with --organisation SLUG.")
    if certificate is not None and (device is None or token_stdin):
        raise click.UsageError("--certificate goes with --device and without a token.")
    kept = secret_from_stdin("A token") if token_stdin else None
    with writing() as work:
        if certificate is not None:
            row, secret = accept_certificate(work, parse_id(device or ""), certificate.read(), name), ""
        elif device is not None:
            row, secret = issue_device_credential(work, parse_id(device), name, kept)
        else:
            owner = organisation_by_slug(work, organisation or "")
            row, secret = issue_gateway_credential(work, owner.id, name, kept)
    _tell_issued(row, secret, as_json=as_json)


@credential.command()
@click.argument("credential_id")
@click.option("--overlap", default="", help="How long both work, such as 12h. Default: until the new one is used.")
@json_option
def rotate(credential_id: str, overlap: str, as_json: bool) -> None:  # noqa: FBT001 - click passes flags so
    """Make a token beside an older one, which then ends. It is printed once."""
    with writing() as work:
        row, secret = rotate_credential(work, parse_id(credential_id), span(overlap, "--overlap") if overlap else None)
    _tell_issued(row, secret, as_json=as_json)


@credential.command("list")
@click.option("--device", help="Id of one device.")
@click.option("--organisation", help="Slug of an organisation, for all it has.")
@json_option
def list_(device: str | None, organisation: str | None, as_json: bool) -> None:  # noqa: FBT001 - click passes flags so
    """List what machines may sign in with. The tokens themselves are kept nowhere."""
    if (device is None) == (organisation is None):
        raise click.UsageError("Give either --device ID or --organisation SLUG.")
    with reading() as work:
        if device is not None:
            rows = credentials_of_device(work, parse_id(device))
        else:
            rows = credentials_of(work, organisation_by_slug(work, organisation or "").id)
    tell(
        {"items": [_facts(row) for row in rows]},
        "\n".join(f"{row.id}  {row.kind:<11}  {_used(row):<24}  {row.name}" for row in rows),
        as_json=as_json,
    )


@credential.command()
@click.argument("credential_id")
@json_option
def revoke(credential_id: str, as_json: bool) -> None:  # noqa: FBT001 - click passes flags so
    """Take a credential back; it opens nothing from now on."""
    with writing() as work:
        revoke_credential(work, parse_id(credential_id))
    tell({"id": credential_id, "revoked": True}, f"Revoked {credential_id}.", as_json=as_json)


def _tell_issued(row: DeviceCredential, secret: str, *, as_json: bool) -> None:
    facts: dict[str, Any] = {"id": str(row.id), "kind": row.kind}
    facts |= {"token": secret} if secret else {"fingerprint": row.secret_digest}
    tell(facts, secret or row.secret_digest, as_json=as_json)


def _facts(row: DeviceCredential) -> dict[str, Any]:
    return {
        "id": str(row.id),
        "kind": row.kind,
        "name": row.name,
        "device": str(row.device_id) if row.device_id else None,
        "replaces": str(row.replaces_id) if row.replaces_id else None,
        "expires_at": rfc3339(row.expires_at) if row.expires_at else None,
        "used_at": rfc3339(row.used_at) if row.used_at else None,
    }


def _used(row: DeviceCredential) -> str:
    return rfc3339(row.used_at) if row.used_at else "never used"
