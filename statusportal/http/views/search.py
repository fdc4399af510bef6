"""View models of the archive search."""

from dataclasses import dataclass, field
from datetime import datetime

from markupsafe import Markup

from statusportal.http.views.community import SharedRow
from statusportal.http.views.shell import FilterLink, Health, Pages, Role


@dataclass(frozen=True, slots=True)
class SearchResult:
    """One found thing. `title` and `excerpt` are safe HTML whose only element is `mark`.

    `outcome` stands at the right edge; `is_confirmed` draws it green, because the machine itself said so.
    """

    kind: str
    title: Markup
    href: str
    excerpt: Markup = field(default_factory=Markup)
    health: Health | None = None
    icon: str = "talk"
    device: str = ""
    code: str = ""
    author: str = ""
    role: Role | None = None
    at: datetime | None = None
    outcome: str = ""
    is_confirmed: bool = False


@dataclass(frozen=True, slots=True)
class FacetChoice:
    """A checkbox of a facet with how many results it leaves."""

    value: str
    label: str
    count: int | None = None
    is_on: bool = False


@dataclass(frozen=True, slots=True)
class Facet:
    """A group of checkboxes sent as `name`."""

    name: str
    label: str
    choices: tuple[FacetChoice, ...]


@dataclass(frozen=True, slots=True)
class SearchPage:
    """Template `search.html`. Fields: q, kind, sort, every facet's name, from, to. `total` counts what I may see.

    Without a query the page shows only the field and, in `examples`, what one can ask for. With `is_more` there may be
    hits beyond the newest that were counted. `suggestion` is a query that finds something where this one did not.
    `shared` are the best of what other owners of the reader's models share, `shared_total` how many there are.
    """

    query: str = ""
    kind: str = ""
    total: int | None = None
    kinds: tuple[FilterLink, ...] = ()
    facets: tuple[Facet, ...] = ()
    results: tuple[SearchResult, ...] = ()
    best: SearchResult | None = None
    pages: Pages = field(default_factory=Pages)
    from_on: str = ""
    to_on: str = ""
    examples: tuple[FilterLink, ...] = ()
    problem: str = ""
    is_newest: bool = False
    is_more: bool = False
    suggestion: FilterLink | None = None
    shared: tuple[SharedRow, ...] = ()
    shared_total: int = 0

    @property
    def filters_on(self) -> int:
        """Count the facet choices that are on."""
        return sum(choice.is_on for facet in self.facets for choice in facet.choices)
