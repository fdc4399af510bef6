"""`statusportal connection`."""

import json
from datetime import datetime
from pathlib import Path

import click

from devices.reading import Reading
from statusportal.access.actor import SYSTEM
from statusportal.accounts.queries import organisations_named
from statusportal.cli.connection_file import read_filed
from statusportal.cli.portal import json_option, opened_portal, reading, tell, writing
from statusportal.connections.models import Connection
from statusportal.connections.queries import connections_page
from statusportal.connections.service import create_connection
from statusportal.connections.testing import LOOK_S, Look, adapter_to_test, look_once
from statusportal.foundation.clock import from_ms
from statusportal.foundation.paging import MOST, Slice

_SHOWN = 20

_file_option = click.option(
    "--file",
    "path",
    required=True,
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="The connection as TOML: adapter, name, organisation, [options], [map], [format].",
)


@click.group()
def connection() -> None:
    """Look after connections: configured adapters that bring samples in."""


@connection.command()
@_file_option
@json_option
def create(path: Path, as_json: bool) -> None:  # noqa: FBT001 - click passes flags so
    """Create a connection from a file; a running portal takes it up within a second."""
    with writing() as work:
        filed = read_filed(work, path)
        row = create_connection(work, filed.organisation.id, filed.draft)
        value = _as_value(row, filed.organisation.slug)
    tell(value, f"Created {row.name} ({row.id}).", as_json=as_json)


@connection.command("list")
@json_option
def list_(as_json: bool) -> None:  # noqa: FBT001 - click passes flags so
    """List all connections with their state, counters and last error."""
    with reading() as work:
        rows: list[Connection] = []
        page = connections_page(work, Slice(limit=MOST))
        rows.extend(page.items)
        while page.next_cursor is not None:
            page = connections_page(work, Slice(limit=MOST, cursor=page.next_cursor))
            rows.extend(page.items)
        owners = organisations_named(work, [row.organisation_id for row in rows])
        values = [_as_value(row, owners[row.organisation_id].slug) for row in rows]
    if as_json:
        click.echo(json.dumps(values, ensure_ascii=False))
        return
    for one in values:
        trouble = f"  {one['last_error']}" if one["last_error"] else ""
        click.echo(f"{one['state']:<10}  {one['adapter']:<10}  {one['name']}  {one['accepted']} samples{trouble}")


@connection.command()
@_file_option
@click.option("--seconds", default=LOOK_S, type=click.FloatRange(0.1, 60), help="How long to look for samples.")
@json_option
def test(path: Path, seconds: float, as_json: bool) -> None:  # noqa: FBT001 - click passes flags so
    """Connect once as a file says and show what is seen; nothing is stored."""
    with opened_portal() as works:
        with works.reading(SYSTEM) as work:
            filed = read_filed(work, path)
            adapter = adapter_to_test(work, filed.organisation.id, filed.draft)
        look = look_once(adapter, seconds, seconds + 15)
    if look.problem and not as_json:
        raise click.ClickException(look.problem)
    tell(_look_as_value(look), _look_as_text(look), as_json=as_json)
    if look.problem:
        raise click.exceptions.Exit(1)


def _as_value(row: Connection, organisation: str) -> dict[str, object]:
    return {
        "id": str(row.id),
        "name": row.name,
        "adapter": row.adapter,
        "organisation": organisation,
        "enabled": row.is_enabled,
        "state": row.state,
        "state_since": _time(row.state_since),
        "last_error": row.last_error,
        "last_error_at": _time(row.last_error_at),
        "last_heard_at": _time(row.last_heard_at),
        "accepted": row.accepted or 0,
        "duplicates": row.duplicates or 0,
        "conflicts": row.conflicts or 0,
        "rejected": row.rejected or 0,
    }


def _time(at: datetime | None) -> str | None:
    return None if at is None else at.isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _look_as_value(look: Look) -> dict[str, object]:
    return {
        "problem": look.problem,
        "address": look.address,
        "notes": list(look.notes),
        "samples": [
            {"device": one.serial, "signal": one.signal, "ts": one.at_ms, "value": one.value, "unit": one.unit}
            for one in look.readings
        ],
    }


def _look_as_text(look: Look) -> str:
    lines = [look.address, *look.notes, *(_line(one) for one in look.readings[:_SHOWN])]
    more = len(look.readings) - _SHOWN
    return "\n".join([*lines, f"and {more} more"] if more > 0 else lines)


def _line(one: Reading) -> str:
    return f"{one.serial}  {one.signal} = {one.value} {one.unit or ''}".rstrip() + f"  at {_time(from_ms(one.at_ms))}"
