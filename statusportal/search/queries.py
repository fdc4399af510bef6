"""The search: permission first, then the words. No query fails, however odd, and no count tells of the invisible."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, exists, false, or_, select

from statusportal.accounts.models import Person
from statusportal.catalogue.models import DeviceModel
from statusportal.entries.models import StatusEntry
from statusportal.fleet.models import Device
from statusportal.fleet.queries import words_seen
from statusportal.foundation.paging import Slice, cursor_of
from statusportal.lexicon.excerpt import marked_excerpt
from statusportal.lexicon.ranking import Ranking
from statusportal.lexicon.tags import tag_of_code, tag_of_device, tag_of_organisation
from statusportal.lexicon.terms import Term, codes_in, terms_of, widened
from statusportal.search.facets import facets_of
from statusportal.search.matching import AnyQuery, matching
from statusportal.search.models import SearchDocument
from statusportal.search.policy import entry_of_document, visible_documents
from statusportal.search.suggesting import suggested
from statusportal.search.vocabulary import (
    NO_FILTERS,
    DocumentKind,
    Outcome,
    SearchFilters,
    SearchHit,
    SearchPage,
    SearchSort,
)
from statusportal.work import Work

# How many hits are counted and ranked, the newest ones. Source: measured, docs/adr/0057-archive-search.md.
MOST_HITS = 1_000
# Somebody who was let in by more organisations than this is sieved by the rows alone.
_MOST_ORGANISATIONS = 200
_READ = (
    SearchDocument.id,
    SearchDocument.number,
    SearchDocument.kind,
    SearchDocument.title_words,
    SearchDocument.body_words,
    SearchDocument.key_words,
    SearchDocument.tag_words,
    SearchDocument.answered_at,
    StatusEntry.kind.label("entry_kind"),
    StatusEntry.lifecycle,
    StatusEntry.code,
    DeviceModel.slug.label("model_slug"),
    DeviceModel.name.label("model_name"),
)


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
    if not terms and query.strip():
        return SearchPage((), None, 0)
    codes = codes_in(query) if terms else frozenset[str]()
    rows = _hits(work, terms, codes, filters)
    if not rows and terms:
        terms = widened(terms)
        rows = _hits(work, terms, frozenset(), filters)
    if not rows:
        return SearchPage((), None, 0, suggestion=suggested(work, terms))
    ordered = _ordered(rows, terms, codes, sort)
    shown = ordered[:MOST_HITS]
    end = min(offset + wanted.limit, len(shown))
    return SearchPage(
        items=_page(work, shown[offset:end], terms),
        next_cursor=cursor_of(end) if end < len(shown) else None,
        total=len(shown),
        is_more=len(ordered) > MOST_HITS,
        facets=facets_of([row for row, _ in shown]),
    )


def _hits(work: Work, terms: Sequence[Term], codes: frozenset[str], filters: SearchFilters) -> Sequence[Any]:
    """Read the newest hits, and those that are filed under what was asked for whatever their age."""
    found = select(*_READ).where(visible_documents(work.actor, work.now), *_narrowing(filters))
    found = found.select_from(SearchDocument).join(StatusEntry, entry_of_document())
    found = found.join(Device, Device.id == StatusEntry.device_id)
    found = found.join(DeviceModel, DeviceModel.id == Device.model_id)
    tags = _tags(work, filters)
    if tags is None:
        return ()
    newest = _asked(work, matching(work, found, terms, tags).limit(MOST_HITS + 1))
    if len(newest) <= MOST_HITS or not codes:
        return newest
    named = [tag_of_code(code) for code in sorted(codes)]
    exact = _asked(work, matching(work, found, terms, [*tags, named]).limit(MOST_HITS))
    return list({row.id: row for row in (*exact, *newest)}.values())


def _asked(work: Work, query: AnyQuery) -> Sequence[Any]:
    return work.session.execute(query).all()


def _tags(work: Work, filters: SearchFilters) -> list[list[str]] | None:
    """Say under which tags the index is asked; None where nothing can be filed there."""
    tags: list[list[str]] = []
    reach = work.actor.reachable
    if not work.actor.is_operator and len(reach) <= _MOST_ORGANISATIONS:
        if not reach:
            return None
        tags.append([tag_of_organisation(one) for one in sorted(reach)])
    if filters.device is not None:
        of_device = or_(Device.serial == filters.device, _is_id(Device, filters.device))
        machines = work.session.scalars(select(Device.id).where(of_device)).all()
        if not machines:
            return None
        tags.append([tag_of_device(one) for one in machines])
    codes = [tag_of_code(code) for code in ((filters.code, *filters.codes) if filters.code else filters.codes)]
    return [*tags, codes] if codes else tags


def _ordered(
    rows: Sequence[Any], terms: Sequence[Term], codes: frozenset[str], sort: SearchSort
) -> list[tuple[Any, float]]:
    ranking = Ranking(terms, codes)
    scored = [(row, ranking.score(row._mapping) if terms else 0.0) for row in rows]  # noqa: SLF001 - a row's own name for it
    if sort is SearchSort.NEWEST:
        return sorted(scored, key=lambda pair: -pair[0].number)
    return sorted(scored, key=lambda pair: (-pair[1], -pair[0].number))


def _page(work: Work, shown: Sequence[tuple[Any, float]], terms: Sequence[Term]) -> tuple[SearchHit, ...]:
    """Read what a page shows of its hits: the words as they were written, and what their machines are called."""
    ids = [row.id for row, _ in shown]
    query = (
        select(SearchDocument, StatusEntry.title, Device)
        .join(StatusEntry, entry_of_document())
        .join(Device, Device.id == StatusEntry.device_id)
        .where(SearchDocument.id.in_(ids), visible_documents(work.actor, work.now))
    )
    found = {row.SearchDocument.id: row for row in work.session.execute(query)}
    names = words_seen(work, {row.Device for row in found.values()})
    read = [(found[row.id], score) for row, score in shown if row.id in found]
    return tuple(
        _hit(row.SearchDocument, row.title, row.Device.id, names[row.Device.id].name, score, terms)
        for row, score in read
    )


def _narrowing(filters: SearchFilters) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = []
    if filters.kind is not None:
        is_document = filters.kind in set(DocumentKind)
        conditions.append((SearchDocument.kind if is_document else StatusEntry.kind) == filters.kind)
    if filters.model is not None:
        conditions.append(
            or_(
                DeviceModel.slug == filters.model, DeviceModel.name == filters.model, _is_id(DeviceModel, filters.model)
            )
        )
    if filters.models:
        conditions.append(DeviceModel.slug.in_(filters.models))
    if filters.device is not None:
        conditions.append(or_(Device.serial == filters.device, _is_id(Device, filters.device)))
    if filters.code is not None:
        conditions.append(StatusEntry.code == filters.code)
    if filters.codes:
        conditions.append(StatusEntry.code.in_(filters.codes))
    if filters.author is not None:
        named = Person.name.icontains(filters.author, autoescape=True)
        conditions.append(
            exists().where(Person.id == SearchDocument.author_id, or_(named, _is_id(Person, filters.author)))
        )
    conditions += [_OUTCOMES[outcome] for outcome in filters.outcomes]
    if filters.since is not None:
        conditions.append(SearchDocument.said_at >= filters.since)
    if filters.until is not None:
        conditions.append(SearchDocument.said_at < filters.until)
    return conditions


_OUTCOMES: Mapping[Outcome, ColumnElement[bool]] = {
    Outcome.ANSWERED: SearchDocument.answered_at.is_not(None),
    Outcome.OPEN: StatusEntry.lifecycle != "resolved",
    Outcome.RESOLVED: StatusEntry.lifecycle == "resolved",
}


def _is_id(model: type[DeviceModel | Device | Person], text_or_id: str) -> ColumnElement[bool]:
    try:
        return model.id == UUID(text_or_id)
    except ValueError:
        return false()


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
