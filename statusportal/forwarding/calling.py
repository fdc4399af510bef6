"""One call to a receiver: signed, to the address that was judged, with nothing of ours in it but the parcel.

Source: docs/guides/customer.md describes the signature to receivers.
"""

import hashlib
import hmac
from dataclasses import dataclass
from http import HTTPStatus

from urllib3.exceptions import (
    ConnectTimeoutError,
    HTTPError,
    NewConnectionError,
    ProtocolError,
    ReadTimeoutError,
    SSLError,
)

from statusportal.calls.addresses import Target
from statusportal.calls.fetching import host_header, pool_to
from statusportal.forwarding.models import NO_TROUBLE
from statusportal.foundation.errors import Sentence

_AGENT = "status-portal-forwarding"

# The receiver read the parcel and does not want it: sending the very same again helps little.
_REFUSALS = frozenset({400, 413, 415, 422})
_TROUBLES: tuple[tuple[type[HTTPError], Sentence], ...] = (
    (SSLError, Sentence("The receiver’s certificate is not trusted, or is for another name.")),
    (ConnectTimeoutError, Sentence("Nobody answers at this address.")),
    (NewConnectionError, Sentence("Nobody answers at this address.")),
    (ReadTimeoutError, Sentence("The receiver took the call and did not answer in %(num)s seconds.", num=10)),
    (ProtocolError, Sentence("The receiver broke the call off.")),
)
_NO_ANSWER = Sentence("The call did not get through.")


@dataclass(frozen=True, slots=True)
class Called:
    """What came of a call: the receiver's status, or None and the trouble on the way."""

    status: int | None
    trouble: Sentence = NO_TROUBLE

    @property
    def is_taken(self) -> bool:
        """Tell whether the receiver says that it has the parcel."""
        return self.status is not None and HTTPStatus.OK <= self.status < HTTPStatus.MULTIPLE_CHOICES

    @property
    def is_refused(self) -> bool:
        """Tell whether the receiver read this very parcel and does not want it."""
        return self.status in _REFUSALS


def signature(secret: str, sent_at_s: int, body: bytes) -> str:
    """Sign a body with its time: HMAC-SHA-256 over `<seconds>.<body>`, so that an old call cannot be sent again."""
    digest = hmac.new(secret.encode(), f"{sent_at_s}.".encode() + body, hashlib.sha256).hexdigest()
    return f"t={sent_at_s},v1={digest}"


def call(target: Target, parcel_id: str, body: bytes, secret: str, sent_at_s: int) -> Called:
    """Post a body; redirects are not followed, since they would lead past the judgement."""
    headers = {
        "Host": host_header(target),
        "Content-Type": "application/json",
        "User-Agent": _AGENT,
        "X-Portal-Parcel": parcel_id,
        "X-Portal-Signature": signature(secret, sent_at_s, body),
    }
    try:
        with pool_to(target) as pool:
            answer = pool.request(
                "POST", target.path, body=body, headers=headers, redirect=False, retries=False, preload_content=False
            )
            status = int(answer.status)
            answer.close()
    except HTTPError as err:
        return Called(None, next((words for kind, words in _TROUBLES if isinstance(err, kind)), _NO_ANSWER))
    return Called(status, NO_TROUBLE if status < HTTPStatus.MULTIPLE_CHOICES else _refusal(status))


def _refusal(status: int) -> Sentence:
    """Say an answer that is no yes in words, with its number for whoever runs the receiver."""
    if status < HTTPStatus.BAD_REQUEST:
        return Sentence(
            "The receiver points to another address, which is not followed (HTTP %(status)s).", status=status
        )
    if status in {HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN}:
        return Sentence("The receiver does not let the call in (HTTP %(status)s).", status=status)
    if status in {HTTPStatus.NOT_FOUND, HTTPStatus.GONE}:
        return Sentence("The receiver has nothing at this address (HTTP %(status)s).", status=status)
    if status in _REFUSALS:
        return Sentence("The receiver does not want what was sent (HTTP %(status)s).", status=status)
    if status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        return Sentence("The receiver has trouble of its own (HTTP %(status)s).", status=status)
    return Sentence("The receiver asks us to come later (HTTP %(status)s).", status=status)
