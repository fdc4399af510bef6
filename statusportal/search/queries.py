"""The search: permission first, then the words. No query fails, however odd, and no count tells of the invisible."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import select

from statusportal.accounts.queries import note_customers
from statusportal.entries.models import StatusEntry
from statusportal.fleet.models import Device
from statusportal.fleet.queries import words_seen
from statusportal.foundation.paging import Slice, cursor_of
from statusportal.lexicon.excerpt import marked_excerpt
from statusportal.lexicon.ranking import Ranking
from statusportal.lexicon.tags import tag_of_code
from statusportal.lexicon.terms import Term, codes_in, terms_of, widened
from statusportal.search.facets import facets_of
from statusportal.search.finding import Found, found_by, tags_asked
from statusportal.search.models import SearchDocument
from statusportal.search.policy import entry_of_document, visible_documents
from statusportal.search.suggesting import suggested
from statusportal.search.vocabulary import (
    NO_FILTERS,
    DocumentKind,
    SearchFilters,
    SearchHit,
    SearchPage,
    SearchSort,
)
from statusportal.work import Work

# How many hits are counted and ranked, the newest ones. Source: measured, docs/adr/0057-archive-search.md.
MOST_HITS = 1_000


def search(
    work: Work,
    query: str,
    filters: SearchFilters = NO_FILTERS,
    wanted: Slice | None = None,
    sort: SearchSort = SearchSort.BEST,
) -> SearchPage:
    """Find what people said.

    Shape: documents of exactly that serial number or code first, then the best (or the newest). Without a word to
    look for, everything that fits the filters, the newest first. Counted and ranked are the newest hits, `MOST_HITS` at
    most. Where nothing holds the words, words count that begin with them.
    """
    wanted = wanted or Slice()
    position = wanted.position(int)
    offset = min(max(0, int(str(position[0]))), MOST_HITS) if position else 0
    terms = terms_of(query)
    if (not terms and query.strip()) or work.actor.link is not None:
        return SearchPage((), None, 0)
    codes = codes_in(query) if terms else frozenset[str]()
    rows, is_more = _hits(work, terms, codes, filters)
    if not rows and terms:
        terms = widened(terms)
        rows, is_more = _hits(work, terms, frozenset(), filters)
    if not rows:
        return SearchPage((), None, 0, is_more, suggestion=suggested(work, terms))
    ordered = _ordered(rows, terms, codes, sort)
    shown = ordered[:MOST_HITS]
    end = min(offset + wanted.limit, len(shown))
    return SearchPage(
        items=_page(work, shown[offset:end], terms),
        next_cursor=cursor_of(end) if end < len(shown) else None,
        total=len(shown),
        is_more=is_more or len(ordered) > MOST_HITS,
        facets=facets_of([row for row, _ in shown]),
    )


def _hits(
    work: Work, terms: Sequence[Term], codes: frozenset[str], filters: SearchFilters
) -> tuple[Sequence[Found], bool]:
    """Read the newest hits, and those that are filed under what was asked for whatever their age.

    Shape: these, and whether there may be older ones.
    """
    tags = tags_asked(work, filters)
    if tags is None:
        return (), False
    newest, is_more = found_by(work, terms, tags, filters, MOST_HITS + 1)
    if (not is_more and len(newest) <= MOST_HITS) or not codes:
        return newest, is_more
    named = [tag_of_code(code) for code in sorted(codes)]
    exact, _ = found_by(work, terms, [*tags, named], filters, MOST_HITS)
    return list({row.id: row for row in (*exact, *newest)}.values()), is_more


def _ordered(
    rows: Sequence[Found], terms: Sequence[Term], codes: frozenset[str], sort: SearchSort
) -> list[tuple[Found, float]]:
    ranking = Ranking(terms, codes)
    scored = [(row, ranking.score(row.words) if terms else 0.0) for row in rows]
    if sort is SearchSort.NEWEST:
        return sorted(scored, key=lambda pair: -pair[0].number)
    return sorted(scored, key=lambda pair: (-pair[1], -pair[0].number))


def _page(work: Work, shown: Sequence[tuple[Found, float]], terms: Sequence[Term]) -> tuple[SearchHit, ...]:
    """Read what a page shows of its hits: the words as they were written, and what their machines are called."""
    ids = [row.id for row, _ in shown]
    query = (
        select(SearchDocument, StatusEntry.title, Device)
        .join(StatusEntry, entry_of_document())
        .join(Device, Device.id == StatusEntry.device_id)
        .where(SearchDocument.id.in_(ids), visible_documents(work.actor, work.now))
    )
    found = {row.SearchDocument.id: row for row in work.session.execute(query)}
    note_customers(work, {row.SearchDocument.organisation_id for row in found.values()})
    names = words_seen(work, {row.Device for row in found.values()})
    read = [(found[row.id], score) for row, score in shown if row.id in found]
    return tuple(
        _hit(row.SearchDocument, row.title, row.Device.id, names[row.Device.id].name, score, terms)
        for row, score in read
    )


def _hit(
    document: SearchDocument, title: str, device_id: UUID, device_name: str, score: float, terms: Sequence[Term]
) -> SearchHit:
    return SearchHit(
        kind=DocumentKind(document.kind),
        id=document.id,
        entry_id=document.entry_id,
        title=title,
        excerpt=marked_excerpt(document.body or document.title, terms),
        device_id=device_id,
        device_name=device_name,
        said_at=document.said_at,
        score=score,
    )
