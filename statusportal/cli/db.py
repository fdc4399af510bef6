"""`statusportal db`."""

import click

from statusportal.cli.checks import CHECKS
from statusportal.cli.portal import json_option, opened_portal, reading, tell


@click.group()
def db() -> None:
    """Look after the database."""


@db.command()
@json_option
def upgrade(as_json: bool) -> None:  # noqa: FBT001 - click passes flags so
    """Run the migrations that are missing."""
    with opened_portal() as works:
        tell({"upgraded": True}, f"{works.engine.dialect.name} is up to date.", as_json=as_json)


@db.command()
@json_option
@click.pass_context
def check(ctx: click.Context, as_json: bool) -> None:  # noqa: FBT001 - click passes flags so
    """Look for what no constraint can forbid, and say what was looked at. Status 1 when anything is wrong."""
    with reading() as work:
        found = {name: look(work) for name, look in CHECKS.items()}
    lines = [f"{'wrong' if wrongs else 'fine'}  {name}" for name, wrongs in found.items()]
    lines += [f"  {one}" for wrongs in found.values() for one in wrongs]
    is_fine = not any(found.values())
    tell({"fine": is_fine, "checks": found}, "\n".join(lines), as_json=as_json)
    if not is_fine:
        ctx.exit(1)
