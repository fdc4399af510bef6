"""Words of search."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from uuid import UUID


class DocumentKind(StrEnum):
    """What was found."""

    ENTRY = "entry"
    COMMENT = "comment"


class SearchSort(StrEnum):
    """The best first, or the newest."""

    BEST = "best"
    NEWEST = "newest"


class Outcome(StrEnum):
    """What became of the entry: it has an answer, it waits, or it is over."""

    ANSWERED = "answered"
    OPEN = "open"
    RESOLVED = "resolved"


@dataclass(frozen=True, slots=True)
class SearchFilters:
    """Narrow a search; what is left out narrows nothing.

    `kind` is a document's or an entry's; `model` an id, slug or name, `models` slugs of which one must fit; `device` an
    id or serial number; `codes` alarm codes of which one must fit; `author` an id or a part of a name. `since` is
    inclusive, `until` exclusive.
    """

    kind: str | None = None
    model: str | None = None
    models: tuple[str, ...] = ()
    code: str | None = None
    codes: tuple[str, ...] = ()
    device: str | None = None
    author: str | None = None
    outcomes: tuple[Outcome, ...] = ()
    since: datetime | None = None
    until: datetime | None = None


NO_FILTERS = SearchFilters()


@dataclass(frozen=True, slots=True)
class SearchHit:
    """Something found. `excerpt` is HTML: escaped text whose only tag is `<mark>`. `score` is higher for better."""

    kind: DocumentKind
    id: UUID
    entry_id: UUID
    title: str
    excerpt: str
    device_id: UUID
    device_name: str
    said_at: datetime
    score: float


@dataclass(frozen=True, slots=True)
class FacetCount:
    """One choice to narrow by, and how many of the hits it leaves."""

    value: str
    label: str
    count: int


Facets = Mapping[str, tuple[FacetCount, ...]]


@dataclass(frozen=True, slots=True)
class SearchPage:
    """One page of hits. `total` counts what the reader may see, on all pages; with `is_more` there may be older ones.

    `facets` count the same hits, by kind, model, outcome and code. `suggestion` is a query of words that stand in what
    the reader may see, where this one found nothing.
    """

    items: tuple[SearchHit, ...]
    next_cursor: str | None
    total: int
    is_more: bool = False
    facets: Facets = field(default_factory=dict)
    suggestion: str | None = None
