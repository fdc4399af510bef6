"""One call to a receiver: signed, to the address that was judged, with nothing of ours in it but the parcel.

Source: docs/guides/customer.md describes the signature to receivers.
"""

import hashlib
import hmac
from dataclasses import dataclass
from http import HTTPStatus

import urllib3
from urllib3.exceptions import HTTPError

from statusportal.forwarding.addresses import Target

CONNECT_WITHIN_S, ANSWER_WITHIN_S = 5.0, 10.0
_LONGEST_ANSWER = 2_000
_AGENT = "status-portal-forwarding"


@dataclass(frozen=True, slots=True)
class Called:
    """What came of a call: the receiver's status, or None and the trouble on the way."""

    status: int | None
    trouble: str = ""

    @property
    def is_taken(self) -> bool:
        """Tell whether the receiver says that it has the parcel."""
        return self.status is not None and HTTPStatus.OK <= self.status < HTTPStatus.MULTIPLE_CHOICES


def signature(secret: str, sent_at_s: int, body: bytes) -> str:
    """Sign a body with its time: HMAC-SHA-256 over `<seconds>.<body>`, so that an old call cannot be sent again."""
    digest = hmac.new(secret.encode(), f"{sent_at_s}.".encode() + body, hashlib.sha256).hexdigest()
    return f"t={sent_at_s},v1={digest}"


def call(target: Target, parcel_id: str, body: bytes, secret: str, sent_at_s: int) -> Called:
    """Post a body; redirects are not followed, since they would lead past the judgement."""
    default = target.port in {80, 443}
    headers = {
        "Host": target.host if default else f"{target.host}:{target.port}",
        "Content-Type": "application/json",
        "User-Agent": _AGENT,
        "X-Portal-Parcel": parcel_id,
        "X-Portal-Signature": signature(secret, sent_at_s, body),
    }
    pool = _pool(target)
    try:
        with pool:
            answer = pool.request(
                "POST", target.path, body=body, headers=headers, redirect=False, retries=False, preload_content=False
            )
            status = int(answer.status)
            answer.close()
    except HTTPError as err:
        return Called(None, str(err)[:_LONGEST_ANSWER])
    return Called(status, "" if status < HTTPStatus.MULTIPLE_CHOICES else f"HTTP {status}")


def _pool(target: Target) -> urllib3.HTTPConnectionPool:
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
