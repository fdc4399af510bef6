"""What the log is read for, and what can be wrong with it, in words."""

from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

# Families of acts that an owner is told about, by the beginning of their codes.
FOR_OWNERS = (
    "claim.",
    "connection.",
    "credential.",
    "customer.",
    "device.",
    "erasure.",
    "export.",
    "grant.",
    "group.",
    "invitation.",
    "link.",
    "member.",
    "organisation.",
    "ownership.",
    "seen_as.",
    "sharing.",
    "transfer.",
)


class Part(StrEnum):
    """What an owner wants to see of it."""

    ALL = ""
    LOOKED = "looked"
    CHANGED = "changed"


LOOKS = ("customer.opened", "customer.seen", "device.seen", "link.opened", "seen_as.")


class Fault(StrEnum):
    """How the log differs from what was linked."""

    CHANGED = "changed"
    MISSING = "missing"
    ACT_GONE = "act_gone"
    KEY_UNKNOWN = "key_unknown"
    NEVER_LINKED = "never_linked"
    WAITS_AND_IS_GONE = "waits_and_is_gone"
    CUT = "cut"
    REPLACED = "replaced"
    HEAD_MISSING = "head_missing"
    HEAD_FORGED = "head_forged"


_SENTENCES = {
    Fault.CHANGED: "link {position}, act {record_id}: is not what was linked there",
    Fault.MISSING: "links {position} to {last} are missing",
    Fault.ACT_GONE: "link {position}: its act {record_id} is gone",
    Fault.KEY_UNKNOWN: "link {position}, act {record_id}: was made with a key that is not at hand",
    Fault.NEVER_LINKED: "act {record_id}: was put in beside the chain",
    Fault.WAITS_AND_IS_GONE: "act {record_id}: is gone before it was linked",
    Fault.CUT: "the log ends at link {position}; the head in {place} says {last}",
    Fault.REPLACED: "link {last} is not the one that the head in {place} names",
    Fault.HEAD_MISSING: "the log has {position} links; the head in {place} is missing",
    Fault.HEAD_FORGED: "the head in {place} was not written by this portal",
}


@dataclass(frozen=True, slots=True)
class Breach:
    """One thing that is wrong, with the place in the chain and the act it is about."""

    fault: Fault
    position: int = 0
    record_id: UUID | None = None
    last: int | None = None
    place: str = ""

    def __str__(self) -> str:
        """Say it in a sentence, for whoever runs the portal."""
        return _SENTENCES[self.fault].format(
            position=self.position, record_id=self.record_id, last=self.last, place=self.place
        )
