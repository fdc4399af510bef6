import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from devices.errors import UnitMismatch, UnitUnknown
from devices.units import ALL_UNITS, convert

SAME_QUANTITY = [
    (one.symbol, other.symbol) for one in ALL_UNITS for other in ALL_UNITS if one.quantity == other.quantity
]


@pytest.mark.parametrize(
    ("value", "source", "target", "expected"),
    [
        (100.0, "°C", "°F", 212.0),
        (-40.0, "°F", "°C", -40.0),
        (0.0, "K", "°C", -273.15),
        (518.67, "°R", "°F", 59.0),
        (1.0, "bar", "psi", 14.5037738),
        (3_600.0, "s", "h", 1.0),
        (1_500.0, "rpm", "Hz", 25.0),
        (60.0, "L/min", "m³/h", 3.6),
        (50.0, "%", "1", 0.5),
    ],
)
def test_convert_of_known_values(value, source, target, expected):
    assert math.isclose(convert(value, source, target), expected, rel_tol=1e-7, abs_tol=1e-9)


@pytest.mark.parametrize("pair", SAME_QUANTITY)
def test_convert_there_and_back(pair):
    source, target = pair

    assert math.isclose(convert(convert(20.0, source, target), target, source), 20.0, rel_tol=1e-9, abs_tol=1e-6)


@given(st.floats(allow_nan=False))
def test_convert_to_the_same_unit_is_the_same_number(value):
    assert convert(value, "°C", "celsius") == value


def test_convert_of_an_unknown_unit():
    with pytest.raises(UnitUnknown, match="'furlong' is not known"):
        convert(1.0, "m", "furlong")


def test_convert_between_quantities():
    with pytest.raises(UnitMismatch, match="different quantities"):
        convert(1.0, "bar", "°C")


def test_no_name_stands_for_two_units():
    names = [name for unit in ALL_UNITS for name in (unit.symbol, *unit.aliases)]

    assert sorted(names) == sorted(set(names))
