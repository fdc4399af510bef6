import pytest

from devices.conformance.formats import ARRIVED_MS, FormatConformance
from devices.formats.csv import Csv
from devices.formats.csv_options import CsvLayout, CsvOptions
from devices.formats.native_json import NativeJson
from devices.formats.thingsboard_json import ThingsBoardJson
from devices.reading import Quality, Reading

AT_MS = 1_704_067_200_123


class TestNativeJsonOfADevice(FormatConformance):
    @pytest.fixture
    def wire(self):
        return NativeJson(is_gateway=False)

    @pytest.fixture
    def good_body(self):
        return (
            b'[{"ts": 1704067200123, "values": {"temperature": 21.5, "count": 3}},'
            b' {"ts": "2024-01-01T01:00:00.1239+01:00", "values": {"on": true, "state": "warm \\u00fc"}}]'
        )

    @pytest.fixture
    def good_readings(self):
        return (
            Reading(None, "temperature", AT_MS, 21.5),
            Reading(None, "count", AT_MS, 3),
            Reading(None, "on", AT_MS, value=True),
            Reading(None, "state", AT_MS, "warm ü"),
        )


class TestNativeJsonOfAGateway(FormatConformance):
    @pytest.fixture
    def wire(self):
        return NativeJson(is_gateway=True)

    @pytest.fixture
    def good_body(self):
        return b'[{"device":"A","ts":1704067200123,"values":{"t":1},"quality":"stale"},{"device":"B","t":2}]'

    @pytest.fixture
    def good_readings(self):
        return (Reading("A", "t", AT_MS, 1, Quality.STALE), Reading("B", "t", ARRIVED_MS, 2))


class TestThingsBoardJsonOfADevice(FormatConformance):
    @pytest.fixture
    def wire(self):
        return ThingsBoardJson()

    @pytest.fixture
    def good_body(self):
        return b'[{"key1": "value1"}, {"key2": true}, {"ts": 1704067200123, "values": {"n": 42.0}}]'

    @pytest.fixture
    def good_readings(self):
        return (
            Reading(None, "key1", ARRIVED_MS, "value1"),
            Reading(None, "key2", ARRIVED_MS, value=True),
            Reading(None, "n", AT_MS, 42.0),
        )


class TestThingsBoardJsonOfAGateway(FormatConformance):
    @pytest.fixture
    def wire(self):
        return ThingsBoardJson()

    @pytest.fixture
    def topic(self):
        return "v1/gateway/telemetry"

    @pytest.fixture
    def good_body(self):
        return b'{"Device A": [{"ts": 1704067200123, "values": {"t": 1, "h": 80}}], "Device B": [{"t": 2}]}'

    @pytest.fixture
    def good_readings(self):
        return (
            Reading("Device A", "t", AT_MS, 1),
            Reading("Device A", "h", AT_MS, 80),
            Reading("Device B", "t", ARRIVED_MS, 2),
        )


class TestWideCsv(FormatConformance):
    @pytest.fixture
    def wire(self):
        return Csv(CsvOptions(time_zone="Europe/Copenhagen", serial="M-1"))

    @pytest.fixture
    def good_body(self):
        rows = b"2024-01-01 01:00:00.123,7.5,true\r\n2024-01-01 01:00:01,,FALSE\r\n"
        return b'\xef\xbb\xbftimestamp,value,"on, really"\r\n' + rows

    @pytest.fixture
    def good_readings(self):
        return (
            Reading("M-1", "value", AT_MS, 7.5),
            Reading("M-1", "on, really", AT_MS, value=True),
            Reading("M-1", "on, really", AT_MS + 877, value=False),
        )


class TestLongCsv(FormatConformance):
    @pytest.fixture
    def wire(self):
        options = CsvOptions(layout=CsvLayout.LONG, delimiter=";", device_column="series", time_format="ms")
        return Csv(options)

    @pytest.fixture
    def good_body(self):
        return b"series;timestamp;signal;value\nA;1704067200123;t;1\nB;1704067200123;t;-2e3\n"

    @pytest.fixture
    def good_readings(self):
        return (Reading("A", "t", AT_MS, 1), Reading("B", "t", AT_MS, -2000.0))


class TestBlankSeparatedTable(FormatConformance):
    @pytest.fixture
    def wire(self):
        return Csv(
            CsvOptions(
                delimiter=" ",
                columns=("unit", "cycle", "Ps30"),
                time_column="cycle",
                time_format="count",
                time_start="2024-01-01T00:00:00.123Z",
                time_step_s=3600,
                device_column="unit",
            ),
        )

    @pytest.fixture
    def good_body(self):
        return b"1 0 47.47  \n1 1   47.49\n"

    @pytest.fixture
    def good_readings(self):
        return (Reading("1", "Ps30", AT_MS, 47.47), Reading("1", "Ps30", AT_MS + 3_600_000, 47.49))
