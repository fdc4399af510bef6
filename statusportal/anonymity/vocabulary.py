"""Words of anonymity."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from types import MappingProxyType

from statusportal.access.vocabulary import MemberRole, StaffRole

# Fewer owners of a model than this and a reader could guess who speaks: nothing of theirs is told to the others.
# Source: docs/adr/0056-sharing-without-a-name.md.
LEAST_OWNERS = 5


class Taken(StrEnum):
    """What kind of thing is taken out of a text."""

    ORGANISATION = "organisation"
    PERSON = "person"
    PLACE = "place"
    MACHINE = "machine"
    ADDRESS = "address"
    FILE = "file"
    NUMBER = "number"
    DATE = "date"
    TIME = "time"


@dataclass(frozen=True, slots=True)
class Known:
    """A text that would tell who it is, what kind it is of, and for a person of the thread their alias."""

    text: str
    kind: Taken
    alias: str = ""


@dataclass(frozen=True, slots=True)
class Masked:
    """A text with everything known taken out, and how often each kind was."""

    text: str
    counts: Mapping[Taken, int] = field(default_factory=lambda: MappingProxyType({}))


def told_role(role: str | None) -> str | None:
    """Return a role as others may know it: the operator's people by theirs, all of an owner's alike."""
    return role if role is None or role in set(StaffRole) else MemberRole.CUSTOMER.value
