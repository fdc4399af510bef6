"""Facts of accounts."""

from dataclasses import dataclass
from uuid import UUID

from statusportal.foundation.events import Event


@dataclass(frozen=True, slots=True, kw_only=True)
class MembershipChanged(Event):
    """A person joined, left, or has another role in an organisation."""

    organisation_id: UUID
    person_id: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class StaffRoleChanged(Event):
    """A person has another role at the operator, or none any more."""

    person_id: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonDisabled(Event):
    """A person may not sign in any more."""

    person_id: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountReclaimed(Event):
    """A letter reached the owner of an address under which somebody unproven was here: what those set up must go."""

    person_id: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonInvited(Event):
    """An invitation was made; its secret is known to the inviter alone."""

    invitation_id: UUID
    organisation_id: UUID
