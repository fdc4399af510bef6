"""Whether a firmware lies in an article's range. Pure."""

import re


def is_in_range(firmware: str, lowest: str, highest: str) -> bool:
    """Tell whether a firmware is between two others, both included; an open side and an unknown firmware are in.

    "4.2" as the highest holds every 4.2.x: its author meant the release, not its first build.
    """
    number = _number(firmware)
    if not number:
        return True
    from_, to = _number(lowest), _number(highest)
    return (not from_ or number >= from_) and (not to or number[: len(to)] <= to)


def _number(firmware: str) -> tuple[int, ...]:
    return tuple(int(part) for part in re.findall(r"\d{1,9}", firmware))
