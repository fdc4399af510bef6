"""Choices to narrow a search by, counted over its hits. Pure: what was found in, counts out.

They count rows that the reader was shown or may turn to, and nothing else, so that no count tells of the invisible.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

from statusportal.search.vocabulary import DocumentKind, FacetCount, Facets, Outcome

_MOST_CHOICES: Final = 8
_RESOLVED: Final = "resolved"


def facets_of(rows: Sequence[Any]) -> Facets:
    """Count hits by kind, model, outcome and alarm code, the most frequent first; eight choices each.

    Shape: a row has `kind`, `entry_kind`, `lifecycle`, `answered_at`, `code`, `model_slug` and `model_name`.
    """
    names = {row.model_slug: row.model_name for row in rows}
    return {
        "kind": _counted(kind_of(row) for row in rows),
        "model": _counted((row.model_slug for row in rows), names),
        "outcome": _counted(outcome for row in rows for outcome in outcomes_of(row)),
        "code": _counted(row.code for row in rows if row.code),
    }


def kind_of(row: Any) -> str:  # noqa: ANN401 - a row of the query
    """Say what a hit is: an entry's own kind, or that of what hangs on it."""
    return str(row.entry_kind if row.kind == DocumentKind.ENTRY else row.kind)


def outcomes_of(row: Any) -> tuple[Outcome, ...]:  # noqa: ANN401 - a row of the query
    """Say what became of the entry that a hit is, or stands under."""
    end = Outcome.RESOLVED if row.lifecycle == _RESOLVED else Outcome.OPEN
    return (Outcome.ANSWERED, end) if row.answered_at is not None else (end,)


def _counted(values: Iterable[str], names: Mapping[str, str] | None = None) -> tuple[FacetCount, ...]:
    ordered = sorted(Counter(map(str, values)).items(), key=lambda pair: (-pair[1], pair[0]))
    return tuple(FacetCount(value, (names or {}).get(value, value), count) for value, count in ordered[:_MOST_CHOICES])
