"""What the portal and an identity provider say to each other, as values."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from statusportal.foundation.errors import Sentence


@dataclass(frozen=True, slots=True)
class Party:
    """A provider as the portal talks with it: what was agreed on, and the networks inside where it may stand."""

    organisation_id: UUID
    slug: str
    organisation: str
    name: str
    issuer: str
    client_id: str
    client_secret: str
    scopes: tuple[str, ...]
    redirect_uri: str
    allowed: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Description:
    """What a provider says of itself: where to send people, where codes are redeemed, and where its keys are."""

    authorization_endpoint: str
    token_endpoint: str
    jwks_uri: str
    userinfo_endpoint: str | None
    takes_secret_in_body: bool
    names_itself: bool
    says_s256: bool


@dataclass(frozen=True, slots=True)
class Trial:
    """What came of trying a provider: what is wrong, or None, and what may be worth knowing."""

    fault: Sentence | None
    notes: tuple[Sentence, ...] = ()


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked of a provider: the three secrets that its answer is held to, and whether to sign in anew."""

    state: str
    nonce: str
    verifier: str
    is_anew: bool


@dataclass(frozen=True, slots=True)
class Expected:
    """What a signed token must hold."""

    issuer: str
    client_id: str
    nonce: str
    access_token: str
    now_s: int


@dataclass(frozen=True, slots=True)
class Vouched:
    """Whom a provider vouches for: its own name for them, and their address where it has verified it."""

    subject: str
    email: str | None
    name: str
    authenticated_at: datetime | None
