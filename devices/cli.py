"""The `devices` command: what adapters there are, what they need, what they see, and a gateway to run them.

Exit status: 0 done, 1 it did not work, 2 it was asked wrongly.
"""

import functools
import json
import logging
import signal
import sys
import threading
from collections.abc import Callable
from pathlib import Path
from typing import ParamSpec, TypeVar

import click
import msgspec

from devices.connection import load_connection
from devices.errors import AdapterUnknown, DeviceError, SettingInvalid
from devices.gateway.running import portal_of, portal_options, run_gateway
from devices.loop import wall_ms
from devices.mapping import MapOptions
from devices.options import OptionSpec, describe
from devices.protocol import Happening
from devices.registry import ADAPTERS, FORMATS, format_options, manifest_of, manifests
from devices.times import format_time

_FAILED, _ASKED_WRONGLY = 1, 2
_P = ParamSpec("_P")
_R = TypeVar("_R")
as_json = click.option("--json", "as_json", is_flag=True, help="Write JSON for machines.")


def stating_errors(command: Callable[_P, _R]) -> Callable[_P, _R]:
    """Turn the house's errors into one sentence and an exit status."""

    @functools.wraps(command)
    def stated(*args: _P.args, **kwargs: _P.kwargs) -> _R:
        try:
            return command(*args, **kwargs)
        except SettingInvalid as err:
            click.echo(f"Error: {err}", err=True)
            sys.exit(_ASKED_WRONGLY)
        except DeviceError as err:
            click.echo(f"Error: {err}", err=True)
            sys.exit(_FAILED)

    return stated


@click.group()
def main() -> None:
    """Adapters that bring equipment telemetry to a status portal."""
    logging.basicConfig(level=logging.INFO, format="%(message)s", stream=sys.stderr)


@main.command("list")
@as_json
def list_adapters(*, as_json: bool) -> None:
    """List the adapters and formats."""
    if as_json:
        adapters = [{"name": one.name, "summary": one.summary} for one in manifests()]
        click.echo(json.dumps({"adapters": adapters, "formats": sorted(FORMATS)}))
        return
    for one in manifests():
        click.echo(f"{one.name:<12} {one.summary}")
    click.echo(f"\nFormats: {', '.join(sorted(FORMATS))}")


@main.command("describe")
@click.argument("name")
@as_json
@stating_errors
def describe_one(name: str, *, as_json: bool) -> None:
    """Show the options of the adapter or format NAME."""
    tables: dict[str, tuple[OptionSpec, ...]] = {}
    if name in ADAPTERS:
        tables = {"options": describe(manifest_of(name).options), "map": describe(MapOptions)}
    elif name in FORMATS:
        tables = {"format": describe(format_options(name))}
    else:
        raise AdapterUnknown(name, (*sorted(ADAPTERS), *sorted(FORMATS)))
    if as_json:
        click.echo(msgspec.json.encode({"name": name, **tables}))
        return
    for table, specs in tables.items():
        click.echo(f"[{table}]")
        for spec in specs:
            click.echo(f"{spec.name:<20} {_kind(spec):<22} {spec.help}")


def _kind(spec: OptionSpec) -> str:
    if spec.is_required:
        return f"{spec.kind}, required"
    if spec.is_secret:
        return f"{spec.kind}, secret"
    return spec.kind if spec.default in ("", None, (), {}) else f"{spec.kind} = {spec.default}"


@main.command()
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@click.option(
    "--wait", "wait_s", default=5.0, show_default=True, type=click.FloatRange(0, 600), help="Seconds to look."
)
@as_json
@stating_errors
def check(file: Path, wait_s: float, *, as_json: bool) -> None:
    """Connect once as FILE says and show what is seen; nothing is stored or acknowledged."""
    sighting = load_connection(file).build().check(wait_s)
    if as_json:
        click.echo(msgspec.json.encode(sighting, enc_hook=str))
        return
    click.echo(sighting.address)
    for note in sighting.notes:
        click.echo(f"  {note}")
    for one in sighting.readings:
        unit = f" {one.unit}" if one.unit else ""
        click.echo(f"  {format_time(one.at_ms)} {one.serial} {one.signal} = {one.value}{unit}")


@main.command()
@click.argument("files", nargs=-1, required=True, type=click.Path(dir_okay=False, path_type=Path))
@click.option("--buffer", type=click.Path(dir_okay=False, path_type=Path), help="The file of the durable buffer.")
@as_json
@stating_errors
def run(files: tuple[Path, ...], buffer: Path | None, *, as_json: bool) -> None:
    """Run the connections FILES as a gateway, until SIGTERM or Ctrl-C.

    The portal is the [portal] table's, or STATUSPORTAL_URL; the token stands in STATUSPORTAL_GATEWAY_TOKEN, or where
    the table's token_env or token_file says.
    """
    connections = [load_connection(file) for file in files]
    options = portal_options(connections)
    portal = portal_of(options)
    place = buffer or (Path(options.buffer) if options.buffer else files[0].with_suffix(".buffer.sqlite"))
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())

    def tell(name: str, happening: Happening) -> None:
        _tell(name, happening, as_json=as_json)

    run_gateway(connections, portal, place, stop, tell)


def _tell(name: str, happening: Happening, *, as_json: bool) -> None:
    at = format_time(wall_ms())
    if as_json:
        fact = msgspec.to_builtins(happening, enc_hook=str)
        click.echo(json.dumps({"at": at, "connection": name, "happening": fact.pop("type"), **fact}))
        return
    words = " ".join(f"{field}={getattr(happening, field)!r}" for field in happening.__struct_fields__)
    click.echo(f"{at} {name}: {type(happening).__name__} {words}")
