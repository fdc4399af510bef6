"""Words of forwarding."""

from enum import StrEnum


class ForwardingState(StrEnum):
    """Whether anything is sent."""

    RUNNING = "running"
    PAUSED = "paused"
    ENDED = "ended"


class ParcelState(StrEnum):
    """What became of a parcel: it waits, arrived, or was given up and lies where the customer sees it."""

    WAITING = "waiting"
    SENT = "sent"
    DEAD = "dead"


class ForwardedKind(StrEnum):
    """What is sent."""

    SAMPLE = "sample"
    STATUS = "status"
    ENTRY = "entry"
    TEST = "test"


FOLLOWER = "forwarding"
