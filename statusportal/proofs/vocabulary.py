"""Words of second proofs, and the values that come out of the room."""

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from typing import Any
from uuid import UUID

# Between the password and the second proof, or between a passkey's challenge and its answer.
STEP_HOLDS = timedelta(minutes=5)
RECOVERY_CODES = 10


class CeremonyKind(StrEnum):
    """What a short act of two requests is about."""

    SECOND_STEP = "second_step"
    PASSKEY_MADE = "passkey_made"
    PASSKEY_SHOWN = "passkey_shown"
    PROVIDER_ASKED = "provider_asked"
    IDENTITY_SHOWN = "identity_shown"


@dataclass(frozen=True, slots=True)
class Means:
    """What a person can show beside a password."""

    has_app: bool = False
    passkeys: int = 0
    recovery_codes: int = 0

    @property
    def is_enough(self) -> bool:
        """Tell whether there is a second proof at all; recovery codes alone are none."""
        return self.has_app or self.passkeys > 0

    @property
    def kinds(self) -> tuple[str, ...]:
        """Name what would do as a second proof, as programs read it."""
        return (*(("code",) if self.has_app or self.recovery_codes else ()), *(("passkey",) if self.passkeys else ()))


@dataclass(frozen=True, slots=True)
class Onward:
    """Where a sign-in leads, and whether the browser is to remember it when it is closed."""

    address: str
    lasts: bool


@dataclass(frozen=True, slots=True)
class RelyingParty:
    """Whom passkeys are made for: the portal's host, its name, and the one origin that may ask for them."""

    id: str
    name: str
    origin: str


@dataclass(frozen=True, slots=True)
class Challenge:
    """What a passkey must answer, in base64url, and whose passkey alone may; None for anybody's."""

    text: str
    person_id: UUID | None


@dataclass(frozen=True, slots=True)
class Begun:
    """An act that a browser is to carry out: the secret that finds it again, and what the browser must be told."""

    secret: str
    options: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Enrolment:
    """What an app must be told once: the secret as text, and the same as an address for a QR code."""

    secret: str
    address: str
