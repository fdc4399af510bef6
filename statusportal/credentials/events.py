"""Facts of credentials."""

from dataclasses import dataclass
from uuid import UUID

from statusportal.foundation.events import Event


@dataclass(frozen=True, slots=True, kw_only=True)
class CredentialRevoked(Event):
    """A machine's credential opens nothing any more; open connections with it are cut."""

    credential_id: UUID
    organisation_id: UUID
