"""Words of following."""

from enum import StrEnum


class FollowedKind(StrEnum):
    """What can be followed."""

    DEVICE = "device"
    ENTRY = "entry"
    MODEL = "model"


class FollowLevel(StrEnum):
    """How closely, from nothing to every word at once. `quiet` is as `normal`, and without letters."""

    MUTED = "muted"
    QUIET = "quiet"
    NORMAL = "normal"
    TRACKING = "tracking"
    WATCHING = "watching"


class FollowReason(StrEnum):
    """Why a follow exists, or somebody hears of something.

    `owned` and `mentioned` have no row: the one holds for the people of who has the machine now, and no longer, the
    other for words in which one is called by name.
    """

    OWNED = "owned"
    ASKED = "asked"
    REPLIED = "replied"
    CHOSEN = "chosen"
    MENTIONED = "mentioned"
