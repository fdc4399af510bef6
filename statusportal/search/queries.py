"""The search: permission first, then the words. No query fails, however odd, and no count tells of the invisible."""

import functools
from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import (
    ColumnElement,
    Float,
    Integer,
    Select,
    case,
    cast,
    column,
    exists,
    false,
    func,
    literal,
    literal_column,
    or_,
    select,
    table,
    text,
)

from statusportal.accounts.models import Person
from statusportal.catalogue.models import DeviceModel
from statusportal.entries.models import StatusEntry
from statusportal.fleet.models import Device
from statusportal.fleet.queries import words_seen
from statusportal.foundation.paging import Slice, cursor_of
from statusportal.search.excerpt import marked_excerpt
from statusportal.search.models import SearchDocument
from statusportal.search.policy import entry_of_document, visible_documents
from statusportal.search.terms import Term, terms_of
from statusportal.search.vocabulary import (
    NO_FILTERS,
    DocumentKind,
    SearchFilters,
    SearchHit,
    SearchPage,
    SearchSort,
)
from statusportal.work import Work

# SQLite's index; a join by row number, since the two tables are one.
_INDEX = table("search_text", column("rowid", Integer))
# The words of a title count four times a body's, those of serial number, code and model eight times.
_WEIGHTS = (("title_words", 4), ("body_words", 1), ("key_words", 8))
# How often a column holds what is looked for, of its own row alone. FTS5's bm25 weighs a word by how rare it is among
# everybody's documents: order and score would tell one organisation what another writes about.
_TIMES = "(length(highlight(search_text, {place}, char(2), '')) - length(search_document.{name}))"
_RANK = literal_column(
    " + ".join(
        f"{weight} * (1.0 - 1.0 / (1 + {_TIMES.format(place=place, name=name)}))"
        for place, (name, weight) in enumerate(_WEIGHTS)
    ),
    Float,
)
_LANGUAGES = ("simple", "english", "danish")
_DEEPEST = 10_000


def search(
    work: Work,
    query: str,
    filters: SearchFilters = NO_FILTERS,
    wanted: Slice | None = None,
    sort: SearchSort = SearchSort.BEST,
) -> SearchPage:
    """Find what people said.

    Shape: documents of exactly that serial number or code first, then the best (or the newest). Without a word to
    look for, everything that fits the filters, the newest first. Three queries, whatever the number of hits.
    """
    wanted = wanted or Slice()
    position = wanted.position(int)
    offset = min(max(0, int(str(position[0]))), _DEEPEST) if position else 0
    terms = terms_of(query)
    if not terms and query.strip():
        return SearchPage((), None, 0)
    found = _found(work, terms, filters)
    total = work.session.scalar(found.with_only_columns(func.count())) or 0
    rank = _score(work, terms, query)
    newest = (SearchDocument.said_at.desc(), SearchDocument.id.desc())
    order = newest if sort is SearchSort.NEWEST or not terms else (rank.desc(), *newest)
    columns = found.with_only_columns(SearchDocument, StatusEntry.title, Device, rank)
    rows = work.session.execute(columns.order_by(*order).offset(offset).limit(wanted.limit)).all()
    words = words_seen(work, {row.Device for row in rows})
    hits = tuple(
        _hit(document, title, device.id, words[device.id].name, score, terms) for document, title, device, score in rows
    )
    end = offset + len(hits)
    return SearchPage(hits, cursor_of(end) if end < min(total, _DEEPEST) and hits else None, total)


def _found(work: Work, terms: Sequence[Term], filters: SearchFilters) -> Select[Any]:
    query = (
        select(SearchDocument)
        .join(StatusEntry, entry_of_document())
        .join(Device, Device.id == StatusEntry.device_id)
        .join(DeviceModel, DeviceModel.id == Device.model_id)
        .where(visible_documents(work.actor, work.now), *_narrowing(filters))
    )
    if not terms:
        return query
    if _is_sqlite(work):
        match = text("search_text MATCH :match").bindparams(match=_fts5(terms))
        return query.join(_INDEX, _INDEX.c.rowid == SearchDocument.number).where(match)
    return query.where(literal_column("search_document.search_text").op("@@")(_tsquery(terms)))


def _score(work: Work, terms: Sequence[Term], query: str) -> ColumnElement[Any]:
    if not terms:
        return literal(0.0, Float)
    exact = [chunk.strip('"').lower() for chunk in query[:200].split()] + [query[:200].strip().lower()]
    words = [word for word in exact if word and "\0" not in word and word.isprintable()]
    named = or_(func.lower(Device.serial).in_(words), func.lower(StatusEntry.code).in_(words))
    if _is_sqlite(work):
        rank: ColumnElement[Any] = _RANK
    else:
        weights: ColumnElement[Any] = literal_column("'{0.05, 0.2, 0.6, 1.0}'::float4[]")
        rank = func.ts_rank(weights, literal_column("search_document.search_text"), _tsquery(terms))
    return cast(rank, Float) + case((named, 1000.0), else_=0.0)


def _fts5(terms: Sequence[Term]) -> str:
    """Write terms as FTS5 reads them: each quoted, and the words hold letters and digits alone."""
    return " ".join(f'"{" ".join(term.words)}"{"*" if term.is_prefix else ""}' for term in terms)


def _tsquery(terms: Sequence[Term]) -> ColumnElement[Any]:
    """Write terms as a tsquery: as they stand, or as either language's stems."""
    written = " & ".join(
        f"({' <-> '.join(term.words)})" if not term.is_prefix else f"{term.words[0]}:*" for term in terms
    )
    spoken: list[ColumnElement[Any]] = [
        func.to_tsquery(literal_column(f"'{name}'::regconfig"), written) for name in _LANGUAGES
    ]
    return functools.reduce(lambda one, other: one.op("||")(other), spoken)


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
    if filters.author is not None:
        named = Person.name.icontains(filters.author, autoescape=True)
        conditions.append(
            exists().where(Person.id == SearchDocument.author_id, or_(named, _is_id(Person, filters.author)))
        )
    if filters.since is not None:
        conditions.append(SearchDocument.said_at >= filters.since)
    if filters.until is not None:
        conditions.append(SearchDocument.said_at < filters.until)
    return conditions


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
        score=round(float(score), 4),
    )


def _is_sqlite(work: Work) -> bool:
    return work.session.get_bind().dialect.name == "sqlite"
