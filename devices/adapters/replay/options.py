"""What the replay adapter must be told."""

from enum import StrEnum
from typing import Annotated

from msgspec import Meta

from devices.options import Hint, Options


class Rebase(StrEnum):
    """Which time a replayed reading bears."""

    NONE = "none"
    LAST_ROW_NOW = "last_row_now"
    LIVE = "live"


class ReplayOptions(Options, frozen=True, kw_only=True):
    """The options of the replay adapter."""

    path: Annotated[str, Meta(min_length=1), Hint("The recorded file")]
    format: Annotated[str, Hint("The format of the file; its own options stand in [format]")] = "csv"
    speed: Annotated[float, Meta(ge=0), Hint("How many times faster than recorded; 0 does not wait at all")] = 0.0
    rebase: Annotated[
        Rebase,
        Hint("none: times as recorded; last_row_now: all moved so that the last row is now; live: the time of playing"),
    ] = Rebase.NONE
    batch_maximum: Annotated[int, Meta(ge=1, le=100_000), Hint("Readings stored in one go")] = 1_000
