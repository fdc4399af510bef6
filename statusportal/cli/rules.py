"""`statusportal rules`."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import TextIO

import click

from statusportal.authoring.importing import read_profile_file
from statusportal.catalogue.profiling import profile_of
from statusportal.catalogue.queries import find_model, rules_of
from statusportal.cli.backtest import Backtest, Shift
from statusportal.cli.portal import json_option, reading, tell
from statusportal.cli.recording import BadRow, Row, in_time, is_in_order, rows_of
from statusportal.foundation.errors import Invalid
from statusportal.profiles.finding import find_shipped, shipped_names
from statusportal.profiles.vocabulary import Profile
from statusportal.rules.replaying import HORIZON

_MOST_TOLD = 20


@click.group()
def rules() -> None:
    """Look after rules: what a device model's profile says about samples."""


@rules.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@json_option
def check(file: Path, as_json: bool) -> None:  # noqa: FBT001 - click passes flags so
    """Say whether a profile can be taken, and else every field that is wrong."""
    profile = _read(file)
    value = {"name": profile.name, "signals": len(profile.signals), "rules": len(profile.rules)}
    tell(value, f"{profile.name}: {len(profile.signals)} signals, {len(profile.rules)} rules.", as_json=as_json)


@rules.command()
@json_option
def examples(as_json: bool) -> None:  # noqa: FBT001 - click passes flags so
    """Name the profiles that ship with the portal."""
    names = shipped_names()
    tell({"items": names}, "\n".join(names), as_json=as_json)


@rules.command()
@click.argument("model")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@json_option
def backtest(model: str, file: Path, as_json: bool) -> None:  # noqa: FBT001 - click passes flags so
    """Replay a recording through a profile and print what would have happened, one line a change of level.

    MODEL is a profile's TOML file, the name of one that ships (`statusportal rules examples`), or a device model of
    this portal. FILE is CSV with the columns series,timestamp,signal,value. Levels are ok, warning and fault; a series
    begins as ok. What cannot be read is named by its line on standard error. The rows of a file may stand in any
    order; from a pipe they are judged as they come, and it fails where one came too late to be put in its place.
    """
    run = Backtest(_profile(model))
    troubles = _Troubles()
    is_jumbled = file.is_file() and not _is_in_order(file)
    with _opened(file) as lines:
        rows = troubles.without_bad(rows_of(lines))
        for shift in run.shifts(in_time(rows) if is_jumbled else rows):
            click.echo(_line(shift, as_json=as_json))
    troubles.tell(run.late)


def _opened(file: Path) -> TextIO:
    return file.open(encoding="utf-8", errors="replace", newline="")


def _is_in_order(file: Path) -> bool:
    with _opened(file) as lines:
        return is_in_order(rows_of(lines), HORIZON)


def _line(shift: Shift, *, as_json: bool) -> str:
    if as_json:
        value = {"series": shift.series, "timestamp": shift.timestamp, "level": shift.level}
        return json.dumps(value, ensure_ascii=False)
    return f"{shift.series:<20}  {shift.timestamp!s:<29}  {shift.level:<7}  {' '.join(shift.codes)}".rstrip()


class _Troubles:
    """Says what was wrong with a file, and not more than anybody would read."""

    def __init__(self) -> None:
        self._good = self._bad = 0

    def without_bad(self, rows: Iterator[Row | BadRow]) -> Iterator[Row]:
        """Let the good rows through."""
        for row in rows:
            if isinstance(row, Row):
                self._good += 1
                yield row
                continue
            self._bad += 1
            if self._bad <= _MOST_TOLD:
                click.echo(str(row), err=True)

    def tell(self, late: int) -> None:
        """Count what was left out.

        Raises: click.ClickException when nothing was usable, or what was usable was left out.
        """
        if self._bad > _MOST_TOLD:
            click.echo(f"and {self._bad - _MOST_TOLD} more lines like these", err=True)
        if late:
            raise click.ClickException(
                f"{late} samples came too late behind newer ones and were left out, so what is told above may be wrong."
                " Give a file instead of a pipe: its rows are put in order first."
            )
        if not self._good:
            raise click.ClickException("There is no usable row in this file.")


def _profile(model: str) -> Profile:
    path = Path(model)
    if path.is_file():
        return _read(path)
    shipped = find_shipped(model)
    if shipped is not None:
        return shipped
    with reading() as work:
        found = find_model(work, model)
        if found is not None:
            return profile_of(found.name, rules_of(work, [found.id])[found.id])
    known = ", ".join(shipped_names())
    raise click.ClickException(f"There is no file, no shipped profile ({known}) and no device model “{model}”.")


def _read(path: Path) -> Profile:
    try:
        return read_profile_file(path.read_bytes())
    except Invalid as err:
        fields = "\n".join(f"  {one.pointer.strip('/').replace('/', '.')}: {one.detail}" for one in err.errors)
        raise click.ClickException(f"This profile cannot be taken:\n{fields}") from err
