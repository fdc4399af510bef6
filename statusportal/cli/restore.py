"""`statusportal restore`."""

from pathlib import Path

import click
from rich.console import Console

from statusportal.access.actor import SYSTEM
from statusportal.backup.dumping import has_tables
from statusportal.backup.restoring import (
    Ended,
    end_again,
    ended_here,
    nobody_serving,
    proven_manifest,
    put_back,
    refuse_full_target,
)
from statusportal.cli.portal import json_option, opened_portal, tell
from statusportal.config import Settings, load_settings
from statusportal.db.engine import open_engine
from statusportal.erasure.erasing import erase_again
from statusportal.erasure.ledger import ledger_path, lines_of
from statusportal.erasure.scrubbing import scrub
from statusportal.foundation.clock import SystemClock
from statusportal.wiring import wiring
from statusportal.work import Works


@click.command()
@click.argument("folder", type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.option("--force", is_flag=True, help="Put it in the place of what is here.")
@click.option(
    "--ledger",
    "ledgers",
    multiple=True,
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="A newer erasures.jsonl, kept elsewhere, when the data folder was lost.",
)
@json_option
def restore(folder: Path, force: bool, ledgers: tuple[Path, ...], as_json: bool) -> None:  # noqa: FBT001 - click passes flags so
    """Put a backup back from FOLDER: proven by its hashes, with the erased erased again and what had ended ended."""
    settings = load_settings()
    console = Console(stderr=True)
    with nobody_serving(settings), console.status("restore") as status:
        manifest = proven_manifest(folder)
        if not force:
            refuse_full_target(settings)
        ended = _ended(settings)
        put_back(settings, folder, manifest, ledgers, status.update)
        with opened_portal() as works:
            with works.writing(SYSTEM) as work:
                count = end_again(work, ended)
            with works.writing(SYSTEM) as work:
                erased = erase_again(work, lines_of(ledger_path(works.settings)))
            scrub(works.engine)
    value = {"as_of": manifest.began_at, "ended": count, "erased": erased, "asked_former": ended is not None}
    sentence = f"Restored as of {manifest.began_at}. Ended again: {count}. Erased again: {erased}."
    if ended is None:
        sentence += " There was no former database to ask, so every session, personal token and link has ended."
    tell(value, sentence, as_json=as_json)


def _ended(settings: Settings) -> Ended | None:
    """Ask the database that is about to go what has ended in it."""
    if not has_tables(settings):
        return None
    engine = open_engine(settings.database_url)
    try:
        with Works(engine, SystemClock(), wiring(), settings).reading(SYSTEM) as work:
            return ended_here(work)
    finally:
        engine.dispose()
