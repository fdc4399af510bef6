"""`statusportal model`."""

from pathlib import Path

import click

from statusportal.authoring.comparing import changes
from statusportal.authoring.importing import check_model_file, import_model
from statusportal.catalogue.filing import ModelFile, read_model_file, rules_in_file, write_model_file
from statusportal.catalogue.queries import find_model, model_as_file, model_for, rules_of
from statusportal.cli.portal import json_option, reading, tell, writing
from statusportal.trials.trying import Change, try_model
from statusportal.work import Work


@click.group()
def model() -> None:
    """Look after device models."""


@model.command("export")
@click.argument("name")
@json_option
def export_model(name: str, as_json: bool) -> None:  # noqa: FBT001 - click passes flags so
    """Print a model, found by slug or name, as TOML."""
    with reading() as work:
        found = model_for(work, name)
        content = write_model_file(model_as_file(work, found))
    tell({"slug": found.slug, "toml": content}, content.rstrip("\n"), as_json=as_json)


@model.command("import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--dry-run", is_flag=True, help="Say what would change, and change nothing.")
@json_option
def import_file(file: Path, dry_run: bool, as_json: bool) -> None:  # noqa: FBT001 - click passes flags so
    """Make a model equal to a TOML file: what the file does not name is taken out of the model.

    A dry run also names the devices that would have another health, judged by the seven days before their last sample.
    """
    wanted = read_model_file(file.read_bytes())
    if dry_run:
        with reading() as work:
            check_model_file(wanted)
            found = [*_changes(work, wanted), *_changed(work, wanted)]
    else:
        with writing() as work:
            found = _changes(work, wanted)
            if found:
                import_model(work, wanted)
    value = {"slug": wanted.slug, "changes": found, "done": not dry_run}
    tell(value, "\n".join(found) if found else "Nothing to change.", as_json=as_json)


def _changes(work: Work, wanted: ModelFile) -> list[str]:
    stored = find_model(work, wanted.slug)
    before = None if stored is None or stored.slug != wanted.slug else model_as_file(work, stored)
    return [str(one) for one in changes(before, wanted)]


def _changed(work: Work, wanted: ModelFile) -> list[str]:
    stored = find_model(work, wanted.slug)
    if stored is None or stored.slug != wanted.slug:
        return []
    change = Change(rules_of(work, [stored.id])[stored.id], rules_in_file(wanted))
    turns = try_model(work, stored.id, change, most_samples=None).turns
    return [f"device {one.serial}: {one.was} would be {one.would_be}" for one in turns]
