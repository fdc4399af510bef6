"""Words of anonymity."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from types import MappingProxyType


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
