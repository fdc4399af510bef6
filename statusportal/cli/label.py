"""`statusportal label`."""

from pathlib import Path

import click

from statusportal.accounts.queries import organisation_by_slug
from statusportal.cli.portal import json_option, reading, tell
from statusportal.labels.drawing import label_sheets
from statusportal.labels.queries import devices_to_label, labels_of
from statusportal.labels.vocabulary import GRIDS, USUAL_GRID
from statusportal.labels.wording import USUAL_LANGUAGE, WORDS, words_in


@click.group()
def label() -> None:
    """Print what machines carry."""


@label.command()
@click.option("--organisation", required=True, help="Slug of the organisation that has the machines.")
@click.option("--out", required=True, type=click.Path(dir_okay=False, path_type=Path), help="The PDF to write.")
@click.option("--grid", type=click.Choice(list(GRIDS)), default=USUAL_GRID, help="Columns and rows on A4.")
@click.option("--language", type=click.Choice(list(WORDS)), default=USUAL_LANGUAGE, help="Language of the labels.")
@json_option
def sheet(organisation: str, out: Path, grid: str, language: str, as_json: bool) -> None:  # noqa: FBT001 - click passes flags so
    """Draw labels with the address of each machine an organisation has. No secret is on them."""
    with reading() as work:
        owner = organisation_by_slug(work, organisation)
        labels = labels_of(work, devices_to_label(work, owner.id))
    out.write_bytes(label_sheets(labels, GRIDS[grid], words_in(language)))
    tell({"file": str(out), "labels": len(labels)}, f"{len(labels)} labels in {out}.", as_json=as_json)
