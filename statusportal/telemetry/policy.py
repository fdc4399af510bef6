"""Who may read samples, and when: only through the reader's periods of a device."""

from collections.abc import Iterable, Sequence

from statusportal.access.permissions import Permission
from statusportal.access.policy import EVERYONE, declare, declare_grantable, declare_lasting
from statusportal.access.vocabulary import Right
from statusportal.fleet.vocabulary import Period
from statusportal.foundation.clock import to_ms
from statusportal.telemetry.vocabulary import Span

declare({Permission.TELEMETRY_VIEW: EVERYONE, Permission.TELEMETRY_SEND: ()})
declare_grantable({Permission.TELEMETRY_VIEW: Right.VIEW})
declare_lasting(Permission.TELEMETRY_VIEW)

END_OF_TIME_MS = 2**62


def spans_of(periods: Iterable[Period]) -> list[Span]:
    """Turn periods that may be read into half-open spans of milliseconds, ascending and apart.

    Units: milliseconds since 1970 UTC.
    """
    whole = sorted(
        (to_ms(period.from_at), END_OF_TIME_MS if period.to_at is None else to_ms(period.to_at))
        for period in periods
        if Right.VIEW in period.rights
    )
    merged: list[Span] = []
    for from_ms, to_ms_ in whole:
        if merged and from_ms <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(merged[-1][1], to_ms_))
        else:
            merged.append((from_ms, to_ms_))
    return merged


def within(spans: Sequence[Span], from_ms: int, to_ms: int) -> list[Span]:
    """Cut spans to the half-open stretch that is asked for; what is left empty goes."""
    cut = [(max(start, from_ms), min(end, to_ms)) for start, end in spans]
    return [(start, end) for start, end in cut if start < end]


def is_inside(spans: Sequence[Span], at_ms: int) -> bool:
    """Tell whether an instant lies in one of the spans."""
    return any(start <= at_ms < end for start, end in spans)
