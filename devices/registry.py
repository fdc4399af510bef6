"""What adapters and formats there are, imported only when asked for."""

import importlib
from collections.abc import Mapping as MappingABC
from types import MappingProxyType
from typing import Any, Final, NamedTuple

from devices.errors import AdapterUnavailable, AdapterUnknown, FormatUnknown, OptionInvalid, SettingInvalid
from devices.formats.protocol import Format
from devices.mapping import MapOptions, Mapping
from devices.options import Options, OptionSpec, describe, validate
from devices.protocol import Adapter, Capability, Manifest
from devices.route import Route
from devices.sentence import Sentence

_PAYLOAD: Final = "payload"


class _AdapterEntry(NamedTuple):
    folder: str
    class_name: str
    package: str | None = None


class _FormatEntry(NamedTuple):
    module: str
    maker: str
    options: str | None = None


_ADAPTERS: Final = {
    "files": _AdapterEntry("devices.adapters.files", "FilesAdapter", "watchfiles"),
    "mqtt": _AdapterEntry("devices.adapters.mqtt", "MqttAdapter", "paho-mqtt"),
    "replay": _AdapterEntry("devices.adapters.replay", "ReplayAdapter"),
    "simulated": _AdapterEntry("devices.adapters.simulated", "SimulatedAdapter"),
}
_FORMATS: Final = {
    "csv": _FormatEntry("devices.formats.csv", "Csv", "devices.formats.csv_options:CsvOptions"),
    "native-json": _FormatEntry("devices.formats.native_json", "NativeJson"),
    "thingsboard-json": _FormatEntry("devices.formats.thingsboard_json", "ThingsBoardJson"),
}

ADAPTERS: Final[MappingABC[str, _AdapterEntry]] = MappingProxyType(_ADAPTERS)
FORMATS: Final[MappingABC[str, _FormatEntry]] = MappingProxyType(_FORMATS)


class Fault(NamedTuple):
    """One wrong setting: its place as an RFC 6901 pointer into the connection file, and a sentence."""

    pointer: str
    detail: Sentence


class NoOptions(Options, frozen=True, kw_only=True):
    """The options of a format that has none."""


def manifest_of(name: str) -> Manifest:
    """Tell about an adapter without importing the package it needs.

    Raises: AdapterUnknown.
    """
    entry = _entry(name)
    manifest: Manifest = importlib.import_module(f"{entry.folder}.manifest").MANIFEST
    return manifest


def manifests() -> tuple[Manifest, ...]:
    """Tell about every adapter, by name."""
    return tuple(manifest_of(name) for name in sorted(_ADAPTERS))


def adapter_class(name: str) -> Any:  # noqa: ANN401 -- each adapter's constructor takes its own options
    """Import an adapter.

    Raises: AdapterUnknown, AdapterUnavailable.
    """
    entry = _entry(name)
    try:
        module = importlib.import_module(f"{entry.folder}.adapter")
    except ModuleNotFoundError as err:
        raise AdapterUnavailable(name, entry.package or str(err.name)) from err
    return getattr(module, entry.class_name)


def format_options(name: str) -> type[Options]:
    """Give a format's options struct.

    Raises: FormatUnknown.
    """
    path = _format_entry(name).options
    if path is None:
        return NoOptions
    module, _, attribute = path.partition(":")
    options: type[Options] = getattr(importlib.import_module(module), attribute)
    return options


def build_format(name: str, given: MappingABC[str, object], *, names_device: bool) -> Format:
    """Make a format; `names_device` says that the body itself must tell which machine it speaks of.

    Raises: FormatUnknown, OptionInvalid.
    """
    entry = _format_entry(name)
    options = validate(format_options(name), given)
    maker = getattr(importlib.import_module(entry.module), entry.maker)
    made: Format
    if entry.options is not None:
        made = maker(options)
    elif name == "native-json":
        made = maker(is_gateway=names_device)
    else:
        made = maker()
    return made


def build_adapter(
    name: str,
    options: MappingABC[str, object],
    *,
    mapping: MappingABC[str, object] | None = None,
    format_given: MappingABC[str, object] | None = None,
) -> Adapter:
    """Make an adapter out of what a connection file or a form holds; nothing is opened yet.

    Raises: AdapterUnknown, AdapterUnavailable, FormatUnknown, OptionInvalid.
    """
    manifest = manifest_of(name)
    sound = validate(manifest.options, options)
    map_options = validate(MapOptions, mapping or {})
    wire: Format | None = None
    if Capability.DECODES in manifest.capabilities:
        wire = build_format(
            getattr(sound, "format", "native-json"),
            format_given or {},
            names_device=map_options.device == _PAYLOAD,
        )
    adapter: Adapter = adapter_class(name)(sound, Route(wire, Mapping(map_options)))
    return adapter


def option_specs(name: str) -> tuple[OptionSpec, ...]:
    """List an adapter's options in the order it was written, without importing the package it needs.

    Raises: AdapterUnknown.
    """
    return describe(manifest_of(name).options)


def faults_of(
    name: str,
    options: MappingABC[str, object],
    *,
    mapping: MappingABC[str, object] | None = None,
    format_given: MappingABC[str, object] | None = None,
) -> tuple[Fault, ...]:
    """Say what keeps an adapter from being made: the first fault of each table, none when all is sound."""
    try:
        manifest = manifest_of(name)
    except AdapterUnknown as err:
        return (Fault("/adapter", err.sentence),)
    faults = []
    for table, struct, given in (("options", manifest.options, options), ("map", MapOptions, mapping or {})):
        try:
            validate(struct, given)
        except OptionInvalid as err:
            faults.append(Fault(f"/{table}/{err.option}", err.detail))
    if faults:
        return tuple(faults)
    try:
        build_adapter(name, options, mapping=mapping, format_given=format_given)
    except OptionInvalid as err:
        return (Fault(f"/format/{err.option}", err.detail),)
    except FormatUnknown as err:
        return (Fault("/options/format", err.sentence),)
    except SettingInvalid as err:
        return (Fault("/adapter", err.sentence),)
    return ()


def _entry(name: str) -> _AdapterEntry:
    try:
        return _ADAPTERS[name]
    except KeyError as err:
        raise AdapterUnknown(name, tuple(sorted(_ADAPTERS))) from err


def _format_entry(name: str) -> _FormatEntry:
    try:
        return _FORMATS[name]
    except KeyError as err:
        raise FormatUnknown(name, tuple(sorted(_FORMATS))) from err
