"""Words of identity providers and of the identities that people have there."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from uuid import UUID

# Somebody who signs in elsewhere meets other people's forms and second proofs on the way.
ELSEWHERE_HOLDS = timedelta(minutes=10)


class Purpose(StrEnum):
    """Why somebody is sent to a provider."""

    ENTER = "enter"
    LINK = "link"
    PROVE = "prove"


@dataclass(frozen=True, slots=True, kw_only=True)
class ProviderDraft:
    """What an administrator says of a provider. Shape: a secret of None stays as it is, an empty one is none."""

    name: str
    issuer: str
    client_id: str
    client_secret: str | None = None
    scopes: Sequence[str] = ("openid", "email", "profile")
    domains: Sequence[str] = ()
    is_enabled: bool = False


@dataclass(frozen=True, slots=True)
class Identity:
    """Name somebody as an organisation's provider does: an address is no identity, it may be another's tomorrow."""

    organisation_id: UUID
    issuer: str
    subject: str


@dataclass(frozen=True, slots=True)
class Asked:
    """What was asked of a provider, as it was kept here: what comes back is held to this and nothing else."""

    organisation_id: UUID
    issuer: str
    state: str
    nonce: str
    verifier: str
    purpose: Purpose
    onward: str
    begun_at: datetime
    person_id: UUID | None

    def identity(self, subject: str) -> Identity:
        """Return whom this provider calls so."""
        return Identity(self.organisation_id, self.issuer, subject)


@dataclass(frozen=True, slots=True)
class Waiting:
    """An identity that nobody here has yet, shown in this browser and waiting for its owner to say yes.

    `person_id` is whose address it bears; None for somebody who was invited and is nobody here yet.
    """

    identity: Identity
    email: str
    name: str
    person_id: UUID | None
    purpose: Purpose
    onward: str
