"""What every wire format promises, as tests."""

# ruff: noqa: S101 -- a suite's statements are asserts

import pytest

from devices.errors import PayloadMalformed
from devices.formats.protocol import Decoded, Format
from devices.formats.samples import name_fault, value_fault
from devices.reading import Reading

ARRIVED_MS = 1_700_000_000_000
RUBBISH = (
    b"",
    b"\x00",
    b"\xff\xfe\x00\x01",
    b"\xef\xbb\xbf",
    b"[" * 100_000,
    b"{" * 100_000,
    b'{"a":' * 100_000,
    b"[]" * 1_000,
    b"null",
    b"NaN",
    b'{"a": NaN}',
    b'{"a": -Infinity}',
    b'{"a": 1e999}',
    b'{"a": ' + b"9" * 400 + b"}",
    b'{"a": ' + b"9" * 10_000 + b"}",
    b'{"a": "\\ud800"}',
    b'{"a\\u0000": "\\u0000"}',
    b'{"": 1}',
    b'{"a": 1, "a": 2}',
    b'{"a": ' + b'"x' * 5_000 + b'"}',
    b'"' + b"a" * 200_000,
    b"a,b\n" + b"," * 50_000,
    b'timestamp,value\n"never closed',
    b"timestamp,value\nx,1\n\n,\n2024-01-01T00:00:00Z,nan\n9999-12-31T23:59:59-23:59,1\n",
)


def _decode(wire: Format, body: bytes, topic: str | None) -> Decoded | None:
    """Decode, taking the one error a format may raise for None."""
    try:
        return wire.decode(body, topic=topic, arrived_ms=ARRIVED_MS)
    except PayloadMalformed:
        return None


def _assert_sound(decoded: Decoded) -> None:
    assert len(decoded.positions) == len(decoded.readings)
    assert all(isinstance(reading.at_ms, int) for reading in decoded.readings)
    assert [fault for reading in decoded.readings if (fault := value_fault(reading.value))] == []
    assert [fault for reading in decoded.readings if (fault := name_fault(reading.signal))] == []
    assert all(reject.detail and reject.index >= 0 for reject in decoded.rejects)


class FormatConformance:
    """Inherit it and supply `wire`, `good_body` and `good_readings`; `topic` where the format looks at it."""

    @pytest.fixture
    def wire(self) -> Format:
        """Give the format; every implementation overrides this."""
        pytest.fail("The implementation supplies wire.")

    @pytest.fixture
    def good_body(self) -> bytes:
        """Give a body of which everything can be taken; every implementation overrides this."""
        pytest.fail("The implementation supplies good_body.")

    @pytest.fixture
    def good_readings(self) -> tuple[Reading, ...]:
        """Give what the good body says; every implementation overrides this."""
        pytest.fail("The implementation supplies good_readings.")

    @pytest.fixture
    def topic(self) -> str | None:
        """Give the topic the bodies come under."""
        return None

    def test_a_good_body_is_taken_whole(
        self,
        wire: Format,
        good_body: bytes,
        good_readings: tuple[Reading, ...],
        topic: str | None,
    ) -> None:
        """Equal readings in the body's order, and nothing rejected."""
        decoded = wire.decode(good_body, topic=topic, arrived_ms=ARRIVED_MS)

        assert decoded.readings == good_readings
        assert decoded.rejects == ()
        _assert_sound(decoded)

    def test_the_same_bytes_give_the_same_answer(self, wire: Format, good_body: bytes, topic: str | None) -> None:
        """A format has no memory."""
        assert _decode(wire, good_body, topic) == _decode(wire, good_body, topic)

    @pytest.mark.parametrize("place", range(len(RUBBISH)))
    def test_rubbish_is_refused_in_the_house_words(self, wire: Format, place: int, topic: str | None) -> None:
        """Whatever the bytes: sound readings, stated rejects, or `PayloadMalformed`."""
        decoded = _decode(wire, RUBBISH[place], topic)

        if decoded is not None:
            _assert_sound(decoded)

    def test_a_body_cut_anywhere_raises_nothing_else(self, wire: Format, good_body: bytes, topic: str | None) -> None:
        """A line that breaks in the middle of a body is an ordinary day."""
        for length in range(0, len(good_body), max(1, len(good_body) // 500)):
            decoded = _decode(wire, good_body[:length], topic)
            if decoded is not None:
                _assert_sound(decoded)

    def test_a_flipped_bit_raises_nothing_else(self, wire: Format, good_body: bytes, topic: str | None) -> None:
        """A corrupt byte may change a value; it may not bring the adapter down."""
        for place in range(0, len(good_body), max(1, len(good_body) // 200)):
            for bit in (0x01, 0x20, 0x80):
                spoilt = bytearray(good_body)
                spoilt[place] ^= bit
                decoded = _decode(wire, bytes(spoilt), topic)
                if decoded is not None:
                    _assert_sound(decoded)
