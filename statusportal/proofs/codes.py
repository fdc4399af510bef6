"""Pure: which step of an app's clock a code belongs to, and the codes for paper.

Source: RFC 6238 (TOTP): steps of 30 s, six digits, SHA-1; section 5.2 for one step of grace and for refusing a replay.
"""

import hmac
import secrets
from datetime import datetime
from typing import Final

import pyotp

from statusportal.foundation.ids import secret_digest

STEP_S: Final = 30
_GRACE: Final = (0, -1, 1)
_SIGNS: Final = "abcdefghjkmnpqrstuvwxyz23456789"  # without those that look alike on paper
_GROUPS, _GROUP = 4, 4


def new_app_secret() -> str:
    """Make the secret that an app is given: 160 bits in base 32."""
    return pyotp.random_base32()


def app_address(secret: str, account: str, issuer: str) -> str:
    """Write what a QR code holds, so that an app knows whose codes these are."""
    return pyotp.TOTP(secret).provisioning_uri(name=account, issuer_name=issuer)


def fitting_step(secret: str, code: str, now: datetime) -> int | None:
    """Return the step whose code this is, at most one away from now; None when it is none of these."""
    digits = "".join(code.split())
    app, present = pyotp.TOTP(secret), int(now.timestamp()) // STEP_S
    steps = [present + away for away in _GRACE if _same(app.at((present + away) * STEP_S), digits)]
    return steps[0] if steps else None


def new_recovery_code() -> str:
    """Make a code for paper: sixteen signs in groups of four, 79 bits."""
    return "-".join("".join(secrets.choice(_SIGNS) for _ in range(_GROUP)) for _ in range(_GROUPS))


def recovery_digest(code: str) -> str:
    """Hash a recovery code as somebody types it, whatever stands between its groups."""
    return secret_digest("".join(sign for sign in code.lower() if sign.isalnum()))


def _same(one: str, other: str) -> bool:
    return hmac.compare_digest(one.encode(), other.encode())
