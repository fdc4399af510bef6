"""The units the house knows, and how a value is carried from one to another.

Source: SI Brochure 9th edition (2019) tables 1, 4 and 8; NIST SP 811 (2008) appendix B.8 for the others.
"""

from types import MappingProxyType
from typing import Final

import msgspec

from devices.errors import UnitMismatch, UnitUnknown


class Unit(msgspec.Struct, frozen=True):
    """A symbol and its way to the base unit of its quantity: base = value * factor + offset."""

    symbol: str
    quantity: str
    factor: float = 1.0
    offset: float = 0.0
    aliases: tuple[str, ...] = ()


_FAHRENHEIT_OFFSET: Final = 273.15 - 32 / 1.8  # NIST SP 811 B.8: T/K = (t/degF + 459.67)/1.8

ALL_UNITS: Final = (
    Unit("K", "temperature", aliases=("kelvin",)),
    Unit("°C", "temperature", offset=273.15, aliases=("C", "degC", "celsius")),
    Unit("°F", "temperature", factor=1 / 1.8, offset=_FAHRENHEIT_OFFSET, aliases=("F", "degF", "fahrenheit")),
    Unit("°R", "temperature", factor=1 / 1.8, aliases=("degR", "rankine")),
    Unit("Pa", "pressure"),
    Unit("hPa", "pressure", 1e2),
    Unit("kPa", "pressure", 1e3),
    Unit("MPa", "pressure", 1e6),
    Unit("mbar", "pressure", 1e2),
    Unit("bar", "pressure", 1e5),
    Unit("psi", "pressure", 6_894.757, aliases=("psia",)),
    Unit("s", "time"),
    Unit("ms", "time", 1e-3),
    Unit("min", "time", 60.0),
    Unit("h", "time", 3_600.0),
    Unit("d", "time", 86_400.0),
    Unit("m", "length"),
    Unit("mm", "length", 1e-3),
    Unit("µm", "length", 1e-6, aliases=("um",)),
    Unit("km", "length", 1e3),
    Unit("in", "length", 0.0254),
    Unit("kg", "mass"),
    Unit("g", "mass", 1e-3),
    Unit("lb", "mass", 0.45359237),
    Unit("m³", "volume", aliases=("m3",)),
    Unit("L", "volume", 1e-3, aliases=("l", "litre", "liter")),
    Unit("mL", "volume", 1e-6, aliases=("ml",)),
    Unit("gal", "volume", 3.785412e-3),
    Unit("m³/s", "volume flow", aliases=("m3/s",)),
    Unit("m³/h", "volume flow", 1 / 3_600, aliases=("m3/h",)),
    Unit("L/min", "volume flow", 1e-3 / 60, aliases=("l/min",)),
    Unit("mL/min", "volume flow", 1e-6 / 60, aliases=("ml/min",)),
    Unit("kg/s", "mass flow"),
    Unit("lb/s", "mass flow", 0.45359237, aliases=("lbm/s",)),
    Unit("W", "power"),
    Unit("kW", "power", 1e3),
    Unit("VA", "apparent power"),
    Unit("kVA", "apparent power", 1e3),
    Unit("J", "energy"),
    Unit("kJ", "energy", 1e3),
    Unit("Wh", "energy", 3.6e3),
    Unit("kWh", "energy", 3.6e6),
    Unit("V", "voltage"),
    Unit("mV", "voltage", 1e-3),
    Unit("kV", "voltage", 1e3),
    Unit("A", "current"),
    Unit("mA", "current", 1e-3),
    Unit("Ah", "charge", 3_600.0),
    Unit("Ω", "resistance", aliases=("ohm",)),
    Unit("mΩ", "resistance", 1e-3, aliases=("mohm",)),
    Unit("Hz", "frequency"),
    Unit("kHz", "frequency", 1e3),
    Unit("rpm", "frequency", 1 / 60, aliases=("1/min",)),
    Unit("m/s", "speed"),
    Unit("mm/s", "speed", 1e-3),
    Unit("km/h", "speed", 1 / 3.6),
    Unit("m/s²", "acceleration", aliases=("m/s2",)),
    Unit("1", "ratio"),
    Unit("%", "ratio", 1e-2, aliases=("percent",)),
    Unit("ppm", "ratio", 1e-6),
    Unit("dB", "level"),
    Unit("°", "angle", aliases=("deg",)),
    Unit("lx", "illuminance"),
    Unit("B", "information", aliases=("byte",)),
    Unit("kB", "information", 1e3),
    Unit("MB", "information", 1e6),
    Unit("count", "count"),
)

_BY_NAME: Final = MappingProxyType({name: unit for unit in ALL_UNITS for name in (unit.symbol, *unit.aliases)})


def unit_named(name: str) -> Unit:
    """Look a unit up by its symbol or one of its aliases; case counts, because mW is not MW.

    Raises: UnitUnknown.
    """
    try:
        return _BY_NAME[name]
    except KeyError as err:
        raise UnitUnknown(name) from err


def convert(value: float, source: str, target: str) -> float:
    """Carry a number from one unit to another of the same quantity; the same unit gives the very same number.

    Raises: UnitUnknown, UnitMismatch.
    """
    given, wanted = unit_named(source), unit_named(target)
    if given is wanted:
        return value
    if given.quantity != wanted.quantity:
        raise UnitMismatch(source, target)
    return (value * given.factor + given.offset - wanted.offset) / wanted.factor
