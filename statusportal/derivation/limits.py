"""Pure: what a limit says about a value.

Source: IEC 62682 (2022), alarm hysteresis: an alarm clears at the threshold less its deadband, so that noise on the
threshold does not flap.
"""

from statusportal.catalogue.vocabulary import LimitRule, Side


def is_broken(limit: LimitRule, value: float) -> bool:
    """Tell whether a value is beyond the threshold; the threshold itself is still good."""
    return value > limit.threshold if limit.side is Side.HIGH else value < limit.threshold


def is_back(limit: LimitRule, value: float) -> bool:
    """Tell whether a value is back far enough for an active condition to clear."""
    if limit.side is Side.HIGH:
        return value <= limit.threshold - limit.hysteresis
    return value >= limit.threshold + limit.hysteresis
