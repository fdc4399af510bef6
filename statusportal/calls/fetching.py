"""One call to the very address that was judged: no redirect is followed, and size and time are limited.

Source: OWASP, Server-Side Request Forgery Prevention.
"""

import time
from collections.abc import Mapping
from dataclasses import dataclass

import urllib3
from urllib3.exceptions import HTTPError

from statusportal.calls.addresses import HTTP_PORT, HTTPS_PORT, Target

CONNECT_WITHIN_S, ANSWER_WITHIN_S = 5.0, 10.0
_PIECE_BYTES = 16_384


class CallFailed(Exception):
    """Say what went wrong on the way, in the words of the library that met it."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back: the status, the media type without its parameters, and the whole body."""

    status: int
    media_type: str
    body: bytes


def pool_to(target: Target) -> urllib3.HTTPConnectionPool:
    """Open a pool of one connection to the judged address; over TLS the certificate must bear the judged name."""
    timeout = urllib3.Timeout(connect=CONNECT_WITHIN_S, read=ANSWER_WITHIN_S)
    if not target.is_tls:
        return urllib3.HTTPConnectionPool(target.address, target.port, timeout=timeout, maxsize=1)
    return urllib3.HTTPSConnectionPool(
        target.address,
        target.port,
        timeout=timeout,
        maxsize=1,
        server_hostname=target.host,
        assert_hostname=target.host,
        cert_reqs="CERT_REQUIRED",
    )


def host_header(target: Target) -> str:
    """Return what the other side is called, as it must be told."""
    is_usual = target.port == (HTTPS_PORT if target.is_tls else HTTP_PORT)
    return target.host if is_usual else f"{target.host}:{target.port}"


def fetch(target: Target, method: str, headers: Mapping[str, str], body: bytes | None, most_bytes: int) -> Answer:
    """Call once and read the whole answer, within a size and a time.

    Raises: CallFailed.
    """
    until = time.monotonic() + CONNECT_WITHIN_S + ANSWER_WITHIN_S
    try:
        with pool_to(target) as pool:
            answer = pool.request(
                method,
                target.path,
                body=body,
                headers={**headers, "Host": host_header(target)},
                redirect=False,
                retries=False,
                preload_content=False,
                decode_content=False,
            )
            try:
                return Answer(int(answer.status), _media_type(answer), _read(answer, most_bytes, until))
            finally:
                answer.close()
    except (HTTPError, OSError, ValueError) as err:
        raise CallFailed(str(err)) from err


def _read(answer: urllib3.BaseHTTPResponse, most_bytes: int, until: float) -> bytes:
    body = bytearray()
    while piece := answer.read(_PIECE_BYTES):
        body += piece
        if len(body) > most_bytes:
            raise CallFailed(f"more than {most_bytes} bytes")
        if time.monotonic() > until:
            raise CallFailed("too slow")
    return bytes(body)


def _media_type(answer: urllib3.BaseHTTPResponse) -> str:
    return str(answer.headers.get("Content-Type", "")).partition(";")[0].strip().lower()
