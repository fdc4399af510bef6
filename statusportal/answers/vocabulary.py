"""Words of answers."""

from enum import StrEnum


class FixState(StrEnum):
    """What the machine says of a fix that somebody applied."""

    WATCHED = "watched"
    CONFIRMED = "confirmed"
    RELAPSED = "relapsed"
