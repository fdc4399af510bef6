"""From an index that tells numbers to rows that the reader may see: three reads by key for each thousand numbers.

They are not one join: PostgreSQL cannot foresee how many rows its walls let through, and would rather read a whole
table than a thousand keys. Source: docs/adr/0057-archive-search.md.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, exists, false, or_, select

from statusportal.accounts.models import Person
from statusportal.catalogue.models import DeviceModel
from statusportal.entries.models import StatusEntry
from statusportal.entries.policy import audience_reaches, visible_entries
from statusportal.fleet.models import Device, Ownership
from statusportal.lexicon.tags import NEWEST, number_at, tag_of_code, tag_of_device, tag_of_organisation
from statusportal.lexicon.terms import Term
from statusportal.search.matching import newest_numbers
from statusportal.search.models import SearchDocument
from statusportal.search.vocabulary import DocumentKind, Outcome, SearchFilters
from statusportal.work import Work

# So many numbers are read at a time, and so many times at most: then the answer says that there may be older ones.
_AT_ONCE = 1_001
_MOST_TIMES = 10
# What more organisations, machines or people than this fit is sieved by the rows alone.
_MOST_NAMED = 200

_DOCUMENT = (
    SearchDocument.id,
    SearchDocument.entry_id,
    SearchDocument.number,
    SearchDocument.kind,
    SearchDocument.title_words,
    SearchDocument.body_words,
    SearchDocument.key_words,
    SearchDocument.tag_words,
    SearchDocument.answered_at,
)
_ENTRY = (StatusEntry.id, StatusEntry.device_id, StatusEntry.kind, StatusEntry.lifecycle, StatusEntry.code)


@dataclass(frozen=True, slots=True)
class Found:
    """A hit before it is ranked: what counts of it, and its folded words by field."""

    id: UUID
    number: int
    kind: str
    entry_kind: str
    lifecycle: str
    code: str | None
    answered_at: datetime | None
    model_slug: str
    model_name: str
    words: Mapping[str, str]


def found_by(
    work: Work, terms: Sequence[Term], tags: Sequence[Sequence[str]], filters: SearchFilters, most: int
) -> tuple[list[Found], bool]:
    """Return the newest documents that hold the terms, that the actor may see, and that the filters leave.

    Shape: these, `most` at most, and whether there may be older ones.
    """
    found: list[Found] = []
    since = number_at(filters.since) if filters.since else 0
    before = number_at(filters.until) if filters.until else NEWEST
    authors = _authors(work, filters)
    for _ in range(_MOST_TIMES):
        numbers = newest_numbers(work, terms, tags, (since, before), _AT_ONCE, authors)
        if numbers:
            found += _seen(work, numbers, filters)
        if len(numbers) < _AT_ONCE:
            return found[:most], len(found) > most
        if len(found) >= most:
            break
        before = numbers[-1]
    return found[:most], True


def tags_asked(work: Work, filters: SearchFilters) -> list[list[str]] | None:
    """Say under which tags the index is asked; None where nothing can be filed there."""
    tags: list[list[str]] = []
    if not work.actor.is_operator:
        if not work.actor.reachable:
            return None
        tags += _reach(work)
    if filters.device is not None or filters.model is not None or filters.models:
        named = select(Device.id).join(DeviceModel, DeviceModel.id == Device.model_id).where(*_of_machine(filters))
        machines = work.session.scalars(named.limit(_MOST_NAMED + 1)).all()
        if not machines:
            return None
        if len(machines) <= _MOST_NAMED:
            tags.append([tag_of_device(one) for one in machines])
    codes = [tag_of_code(code) for code in ((filters.code, *filters.codes) if filters.code else filters.codes)]
    return [*tags, codes] if codes else tags


def _reach(work: Work) -> list[list[str]]:
    """Return what the actor's own words are filed under, and the machines to which somebody else let them in.

    Of whoever lets in nothing else is asked for, so that what stays closed takes no place among the newest.
    """
    actor = work.actor
    whole, opened = actor.homes | actor.sites, list[UUID]()
    if actor.granting - whole:
        let_in = Ownership.id.in_(actor.ownerships), Ownership.organisation_id.in_(actor.granting - whole)
        opened += work.session.scalars(select(Ownership.device_id).where(*let_in).distinct().limit(_MOST_NAMED + 1))
    if len(opened) > _MOST_NAMED or not (whole or opened):
        whole, opened = actor.reachable, []
    group = [*map(tag_of_organisation, sorted(whole)), *map(tag_of_device, sorted(opened))]
    return [group] if len(group) <= 2 * _MOST_NAMED else []


def _authors(work: Work, filters: SearchFilters) -> Sequence[UUID] | None:
    """Return whose words alone are asked for; None where it is everybody's, or too many fit to say it by name."""
    if filters.author is None:
        return None
    people = work.session.scalars(select(Person.id).where(_is_author(filters.author)).limit(_MOST_NAMED + 1)).all()
    return people if len(people) <= _MOST_NAMED else None


def _is_author(name_or_id: str) -> ColumnElement[bool]:
    return or_(Person.name.icontains(name_or_id, autoescape=True), _is_id(Person, name_or_id))


def _seen(work: Work, numbers: Sequence[int], filters: SearchFilters) -> list[Found]:
    """Read what the numbers stand for, the newest first, without what the actor may not see."""
    reaches = audience_reaches(work.actor, SearchDocument.audience, SearchDocument.organisation_id)
    query = select(*_DOCUMENT).where(SearchDocument.number.in_(numbers), reaches, *_of_document(filters))
    documents = work.session.execute(query.order_by(SearchDocument.number.desc())).all()
    entries = _entries(work, {row.entry_id for row in documents}, filters)
    machines = _machines(work, {entry.device_id for entry in entries.values()}, filters)
    found = []
    for row in documents:
        entry = entries.get(row.entry_id)
        machine = machines.get(entry.device_id) if entry else None
        if entry is not None and machine is not None:
            found.append(_found(row, entry, machine))
    return found


def _entries(work: Work, ids: Collection[UUID], filters: SearchFilters) -> Mapping[UUID, Any]:
    conditions = [visible_entries(work.actor, work.now), StatusEntry.id.in_(ids)]
    if filters.kind is not None and filters.kind not in set(DocumentKind):
        conditions.append(StatusEntry.kind == filters.kind)
    if filters.code is not None:
        conditions.append(StatusEntry.code == filters.code)
    if filters.codes:
        conditions.append(StatusEntry.code.in_(filters.codes))
    conditions += [_OF_ENTRY[outcome] for outcome in filters.outcomes if outcome in _OF_ENTRY]
    return {row.id: row for row in work.session.execute(select(*_ENTRY).where(*conditions))}


def _machines(work: Work, ids: Collection[UUID], filters: SearchFilters) -> Mapping[UUID, Any]:
    columns = (Device.id, DeviceModel.slug, DeviceModel.name)
    query = select(*columns).join(DeviceModel, DeviceModel.id == Device.model_id)
    conditions = [Device.id.in_(ids), *_of_machine(filters)]
    return {row.id: row for row in work.session.execute(query.where(*conditions))}


def _of_machine(filters: SearchFilters) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = []
    if filters.device is not None:
        conditions.append(or_(Device.serial == filters.device, _is_id(Device, filters.device)))
    if filters.model is not None:
        named = or_(DeviceModel.slug == filters.model, DeviceModel.name == filters.model)
        conditions.append(or_(named, _is_id(DeviceModel, filters.model)))
    if filters.models:
        conditions.append(DeviceModel.slug.in_(filters.models))
    return conditions


def _of_document(filters: SearchFilters) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = []
    if filters.kind in set(DocumentKind):
        conditions.append(SearchDocument.kind == filters.kind)
    if filters.author is not None:
        conditions.append(exists().where(Person.id == SearchDocument.author_id, _is_author(filters.author)))
    if Outcome.ANSWERED in filters.outcomes:
        conditions.append(SearchDocument.answered_at.is_not(None))
    if filters.since is not None:
        conditions.append(SearchDocument.said_at >= filters.since)
    if filters.until is not None:
        conditions.append(SearchDocument.said_at < filters.until)
    return conditions


_OF_ENTRY: Mapping[Outcome, ColumnElement[bool]] = {
    Outcome.OPEN: StatusEntry.lifecycle != "resolved",
    Outcome.RESOLVED: StatusEntry.lifecycle == "resolved",
}


def _is_id(model: type[DeviceModel | Device | Person], text_or_id: str) -> ColumnElement[bool]:
    try:
        return model.id == UUID(text_or_id)
    except ValueError:
        return false()


def _found(document: Any, entry: Any, machine: Any) -> Found:  # noqa: ANN401 - three rows of their queries
    words = {
        "title_words": document.title_words,
        "body_words": document.body_words,
        "key_words": document.key_words,
        "tag_words": document.tag_words,
    }
    return Found(
        id=document.id,
        number=document.number,
        kind=document.kind,
        entry_kind=entry.kind,
        lifecycle=entry.lifecycle,
        code=entry.code,
        answered_at=document.answered_at,
        model_slug=machine.slug,
        model_name=machine.name,
        words=words,
    )
