"""How far a counter went on between two moments. Pure."""

from collections.abc import Mapping

from devices.reading import Value


def turns(before: Mapping[str, Value], after: Mapping[str, Value], signal: str) -> int | None:
    """Return by how much a counter grew; None where it was not heard on both sides, or is no number.

    One that fell back was reset: what it shows then was counted since.
    """
    first, last = before.get(signal), after.get(signal)
    if isinstance(first, bool) or isinstance(last, bool):
        return None
    if not isinstance(first, int | float) or not isinstance(last, int | float):
        return None
    return round(last - first) if last >= first else round(last)
