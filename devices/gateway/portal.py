"""The portal as a gateway sees it: one address, one token, one kind of request."""

import http.client
import ssl
from collections.abc import Sequence
from typing import Final
from urllib.parse import urlsplit

import msgspec

from devices.errors import AuthenticationFailed, OptionInvalid, SinkRefused, SinkUnavailable
from devices.formats.protocol import Reject
from devices.protocol import Receipt
from devices.reading import Quality, Reading, Value
from devices.sentence import Sentence, placed

_PATH: Final = "/api/v1/telemetry"
_TIMEOUT_S: Final = 30.0
_ANSWER_MAXIMUM_BYTES: Final = 4 * 1024 * 1024
_OK: Final = 200
_UNAUTHORIZED: Final = frozenset({401, 403, 404})  # 404: the same as missing, when the token may not see it
_NOTHING_USABLE: Final = 422
_NEVER: Final = frozenset({400, 413, 415})
_LONGEST_RETRY_AFTER_S: Final = 3_600.0


class _Item(msgspec.Struct, omit_defaults=True):
    device: str
    ts: int
    values: dict[str, Value]
    quality: Quality = Quality.GOOD
    retained: bool = False


class _Answer(msgspec.Struct):
    accepted: int = 0
    duplicates: int = 0
    conflicts: int = 0
    rejected: tuple[Reject, ...] = ()


class _Fault(msgspec.Struct):
    detail: Sentence = Sentence.quoting("")
    pointer: str = ""


class _Problem(msgspec.Struct):
    detail: Sentence = Sentence.quoting("")
    errors: tuple[_Fault, ...] = ()
    rejected: tuple[Reject, ...] = ()


def _quoted(kind: type[Sentence], words: str) -> Sentence:
    """Take the portal's reasons as it said them."""
    return kind.quoting(words)


_ANSWERS: Final = msgspec.json.Decoder(_Answer, dec_hook=_quoted)
_PROBLEMS: Final = msgspec.json.Decoder(_Problem, dec_hook=_quoted)


class Portal:
    """Send readings to `POST /api/v1/telemetry`; the natural key makes a second sending harmless."""

    def __init__(self, url: str, token: str) -> None:
        parts = urlsplit(url)
        if parts.scheme not in {"http", "https"} or not parts.hostname or parts.username:
            raise OptionInvalid("url", Sentence("An address such as https://status.example.com was expected."))
        if not token or not token.isascii() or not token.isprintable():
            raise OptionInvalid("token", Sentence("A gateway token was expected, one line of plain characters."))
        try:
            self._port = parts.port
        except ValueError as err:
            raise OptionInvalid("url", Sentence("The port is no number from 1 to 65535.")) from err
        self.address = url
        self._host = parts.hostname
        self._is_tls = parts.scheme == "https"
        self._path = parts.path.rstrip("/") + _PATH
        self._headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}

    def send(self, readings: Sequence[Reading]) -> Receipt:
        """Send readings and give the portal's count of them; it has them on stable storage by then.

        Shape: `Reject.index` is the place of the item in the request, not of the reading.

        Raises:
            SinkUnavailable: not reached, overloaded (with its Retry-After), or an answer that makes no sense.
            SinkRefused: the portal read the request and will never take it.
            AuthenticationFailed: the token is not, or no longer, good.
        """
        status, retry_after_s, body = self._post(msgspec.json.encode(_items(readings)))
        if status == _OK:
            return _receipt(body)
        if status == _NOTHING_USABLE:
            return Receipt(rejected=_reasons(body))
        detail = Sentence(
            "The portal answered %(status)s: %(body)s", status=status, body=body[:300].decode(errors="replace")
        )
        if status in _UNAUTHORIZED:
            raise AuthenticationFailed(self.address, detail)
        if status in _NEVER:
            raise SinkRefused(detail)
        raise SinkUnavailable(detail, retry_after_s)

    def _post(self, body: bytes) -> tuple[int, float | None, bytes]:
        line = self._connection()
        try:
            line.request("POST", self._path, body=body, headers=self._headers)
            answer = line.getresponse()
            return answer.status, _seconds(answer.getheader("Retry-After")), answer.read(_ANSWER_MAXIMUM_BYTES)
        except (OSError, http.client.HTTPException) as err:
            unreached = Sentence("The portal %(url)s is not reached: %(trouble)s.", url=self.address, trouble=repr(err))
            raise SinkUnavailable(unreached) from err
        finally:
            line.close()

    def _connection(self) -> http.client.HTTPConnection:
        if self._is_tls:
            context = ssl.create_default_context()
            return http.client.HTTPSConnection(self._host, self._port, timeout=_TIMEOUT_S, context=context)
        return http.client.HTTPConnection(self._host, self._port, timeout=_TIMEOUT_S)


def _items(readings: Sequence[Reading]) -> list[_Item]:
    """Gather neighbours of one device and time into one item; a signal given twice begins a new one."""
    items: list[_Item] = []
    for reading in readings:
        device = reading.serial or ""
        last = items[-1] if items else None
        if (
            last is None
            or (last.device, last.ts, last.quality, last.retained)
            != (device, reading.at_ms, reading.quality, reading.is_retained)
            or reading.signal in last.values
        ):
            last = _Item(device, reading.at_ms, {}, reading.quality, reading.is_retained)
            items.append(last)
        last.values[reading.signal] = reading.value
    return items


def _receipt(body: bytes) -> Receipt:
    try:
        answer = _ANSWERS.decode(body)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as err:
        odd = Sentence("The portal's answer is not what a portal says; is the address right?")
        raise SinkUnavailable(odd) from err
    return Receipt(answer.accepted, answer.duplicates, answer.conflicts, answer.rejected)


def _reasons(body: bytes) -> tuple[Reject, ...]:
    """Read why nothing of a request was usable; at least one reason comes out, whatever the body."""
    try:
        problem = _PROBLEMS.decode(body)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        problem = _Problem(detail=Sentence.quoting(body[:300].decode(errors="replace")))
    faults = tuple(
        Reject(place, None, placed(fault.pointer, fault.detail)) for place, fault in enumerate(problem.errors)
    )
    return problem.rejected or faults or (Reject(0, None, problem.detail or Sentence("The portal gave no reason.")),)


def _seconds(header: str | None) -> float | None:
    """Read Retry-After where it is a number of seconds; a date is left to our own waiting."""
    if header is None or not header.strip().isdecimal():
        return None
    return min(float(header), _LONGEST_RETRY_AFTER_S)
