from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from devices.errors import OptionInvalid, PayloadMalformed
from devices.formats.csv import Csv
from devices.formats.csv_options import CsvOptions
from devices.memory_sink import MemorySink
from devices.options import validate
from devices.protocol import Receipt
from devices.reading import Reading

PAYLOADS = Path(__file__).parents[3] / "payloads"
NAB = {"time_zone": "UTC", "serial": "M-1", "signals": {"value": "temperature"}}
CMAPSS = {
    "delimiter": " ",
    "columns": ["unit", "cycle", *(f"setting_{n}" for n in (1, 2, 3)), *(f"sensor_{n}" for n in range(1, 22))],
    "time_column": "cycle",
    "time_format": "count",
    "time_start": "2008-01-01T00:00:00Z",
    "time_step_s": 3600.0,
    "device_column": "unit",
}


def decode(body, **options):
    return Csv(validate(CsvOptions, options)).decode(body, topic=None, arrived_ms=0)


@pytest.mark.parametrize("time_format", ["iso", "%Y-%m-%d %H:%M:%S"])
def test_the_clock_that_jumped_back_gives_twelve_conflicts(time_format):
    body = (PAYLOADS / "nab" / "machine_temperature_excerpt.csv").read_bytes()

    decoded = decode(body, **NAB, time_format=time_format)

    times = [reading.at_ms for reading in decoded.readings]
    jumps = [place for place in range(1, len(times)) if times[place] <= times[place - 1]]
    assert [(place, times[place] - times[place - 1]) for place in jumps] == [(300, -55 * 60_000)]
    assert decoded.positions[300] == 302
    assert MemorySink().store(decoded.readings) == Receipt(accepted=588, conflicts=12)


def test_a_blank_separated_count_becomes_times():
    decoded = decode((PAYLOADS / "cmapss" / "train_FD001_excerpt.txt").read_bytes(), **CMAPSS)

    assert decoded.rejects == ()
    assert len(decoded.readings) == 30 * 24
    assert decoded.readings[15] == Reading("1", "sensor_13", 1_199_145_600_000 + 178 * 3_600_000, 2388.2)
    assert {reading.serial for reading in decoded.readings} == {"1", "2"}


def test_an_empty_cell_is_no_sample_and_a_word_is_rejected():
    decoded = decode(b"timestamp,a,b\n2024-01-01T00:00:00Z,,warm\n", serial="M")

    assert decoded.readings == ()
    assert [(one.index, one.signal, one.detail) for one in decoded.rejects] == [
        (2, "b", "line 2, b: 'warm' is not a number"),
    ]


def test_a_declared_text_column_is_taken_as_text():
    decoded = decode(b"timestamp,b\n2024-01-01T00:00:00Z,7\n", serial="M", text_columns=["b"])

    assert [reading.value for reading in decoded.readings] == ["7"]


@pytest.mark.parametrize("text", ["nan", "inf", "-inf", "1e999", "1_000", "0x1f", "٣"])
def test_what_python_would_call_a_number_is_not_always_one(text):
    decoded = decode(f"timestamp,a\n2024-01-01T00:00:00Z,{text}\n".encode(), serial="M")

    assert decoded.readings == ()
    assert len(decoded.rejects) == 1


def test_a_naive_time_needs_a_declared_zone():
    decoded = decode(b"timestamp,a\n2024-01-01 00:00:00,1\n", serial="M")

    assert [one.detail for one in decoded.rejects] == [
        "line 2, timestamp: '2024-01-01 00:00:00' has no zone; end it with Z or an offset.",
    ]


def test_a_short_row_is_rejected_alone():
    decoded = decode(b"timestamp,a\n2024-01-01T00:00:00Z\n2024-01-01T00:00:00Z,1\n", serial="M")

    assert [one.detail for one in decoded.rejects] == ["line 2: 2 columns were expected, not 1"]
    assert len(decoded.readings) == 1


def test_a_missing_column_is_named():
    with pytest.raises(PayloadMalformed, match="no column 'timestamp'; there are: time, a"):
        decode(b"time,a\n1,2\n")


@pytest.mark.parametrize(
    ("options", "reason"),
    [
        ({"delimiter": ",,"}, "delimiter: One character was expected"),
        ({"time_zone": "Moon/Base"}, "time_zone: 'Moon/Base' is no zone"),
        ({"time_zone": "../etc/passwd"}, "time_zone: "),
        ({"time_format": "isoo"}, "time_format: "),
        ({"time_format": "count"}, "time_start: A count needs the moment of 0"),
        ({"time_format": "count", "time_start": "2024-01-01T00:00:00Z", "time_step_s": 0.0}, "time_step_s: "),
        ({"columns": ["a", "a"]}, "columns: A name is given more than once"),
        ({"layout": "wid"}, r"layout: There is no choice 'wid'\. Did you mean wide\?"),
        ({"delimeter": ";"}, r"delimeter: There is no such option\. Did you mean delimiter\?"),
    ],
)
def test_options_that_cannot_hold_are_named(options, reason):
    with pytest.raises(OptionInvalid, match=reason):
        validate(CsvOptions, options)


@given(st.text() | st.binary(), st.sampled_from([NAB, CMAPSS, {"layout": "long", "time_format": "ms"}]))
def test_any_table_raises_nothing_but_malformed(body, options):
    with suppress(PayloadMalformed):
        decode(body.encode(errors="surrogatepass") if isinstance(body, str) else body, **options)


@given(st.lists(st.lists(st.text(max_size=5), min_size=2, max_size=2), max_size=5))
def test_any_rows_under_a_good_heading_raise_nothing(rows):
    body = "timestamp,value\n" + "\n".join(",".join(row) for row in rows)

    decode(body.encode(errors="ignore"), **NAB)
