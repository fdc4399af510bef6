"""Pure: which kept states may go: fewer are needed of days that are long past.

Source: docs/adr/0044-no-device-stops-another.md: the newest three, then one a day, and one from before the horizon.
"""

from collections.abc import Iterable

_NEWEST = 3
_DAY_MS = 24 * 3_600_000


def superfluous(kept: Iterable[int], horizon_ms: int) -> set[int]:
    """Return the times of states without which history from the horizon on can be told again all the same.

    Units: milliseconds since 1970 UTC.
    """
    ascending = sorted(kept)
    needed = set(ascending[-_NEWEST:])
    needed |= {max((at_ms for at_ms in ascending if at_ms <= horizon_ms), default=0)}
    needed |= set({at_ms // _DAY_MS: at_ms for at_ms in reversed(ascending) if at_ms > horizon_ms}.values())
    return set(ascending) - needed
