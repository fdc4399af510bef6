"""Words that several rooms share: the two axes of a status."""

from enum import StrEnum


class Health(StrEnum):
    """What a machine says of itself.

    Source: NAMUR NE 107 (2012) and OPC 10000-100 DeviceHealth; `unknown` is ours, for nothing known.
    """

    NORMAL = "normal"
    MAINTENANCE_REQUIRED = "maintenance_required"
    OFF_SPEC = "off_spec"
    CHECK_FUNCTION = "check_function"
    FAILURE = "failure"
    UNKNOWN = "unknown"

    @property
    def rank(self) -> int:
        """Order for the worst of several; unknown loses to every condition that is active."""
        return _RANK[self]


_RANK = {
    Health.UNKNOWN: 0,
    Health.NORMAL: 1,
    Health.MAINTENANCE_REQUIRED: 2,
    Health.OFF_SPEC: 3,
    Health.CHECK_FUNCTION: 4,
    Health.FAILURE: 5,
}


class Connectivity(StrEnum):
    """Whether a machine is heard: an axis of its own, since a silent machine is not a failed machine."""

    ONLINE = "online"
    STALE = "stale"
    OFFLINE = "offline"
    NEVER_SEEN = "never_seen"
