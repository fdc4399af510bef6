"""Erasing a person or an organisation, as the portal itself, in one transaction."""

from collections.abc import Iterable, Iterator
from datetime import datetime
from uuid import UUID, uuid4

from sqlalchemy import Column, Select, Table, delete, func, or_, select, update

from statusportal.accounts.events import PersonDisabled
from statusportal.accounts.models import Invitation, Membership, Organisation, Person, SafeRetry
from statusportal.audit.service import record_act
from statusportal.credentials.models import DeviceCredential
from statusportal.db.base import Base
from statusportal.discussion.models import Comment, CommentRevision, TakenBack
from statusportal.discussion.vocabulary import CommentKind, CommentState
from statusportal.enclosures.service import drop_of_person
from statusportal.entries.models import EntryHappening, StatusEntry
from statusportal.entries.vocabulary import Audience
from statusportal.erasure.ledger import subject_digest
from statusportal.erasure.models import ErasureRecord, ErasureWish
from statusportal.erasure.queries import members_of_it_alone
from statusportal.erasure.unsharing import forget_owner, forget_speaker
from statusportal.erasure.vocabulary import (
    ERASED_ADDRESS,
    ERASED_ORGANISATION,
    ERASED_PERSON,
    ERASED_TITLE,
    ErasureKind,
    LedgerLine,
    OwnWords,
)
from statusportal.erasure.wiping import Wiped, wipe
from statusportal.evidence.models import Evidence
from statusportal.fleet.models import Device, Ownership
from statusportal.foundation.clock import instant_text
from statusportal.foundation.errors import NotFound
from statusportal.knowledge.forgetting import forget_sources
from statusportal.maintenance.models import PlannedWork
from statusportal.search.indexing import rebuild_index
from statusportal.search.models import SearchDocument
from statusportal.takeout.models import Takeout
from statusportal.takeout.vocabulary import TakeoutState
from statusportal.work import Work

# A row that a person made stays, and names the erased row; one that is about a person goes.
_ABOUT_PEOPLE = frozenset({"person_id", "to_person_id"})
_MADE_BY_PEOPLE = frozenset(
    {
        ("device_limit", "person_id"),
        ("entry_happening", "person_id"),
        ("model_version", "person_id"),
        ("resting_condition", "person_id"),
    }
)


def ledger_line(work: Work, wish: ErasureWish) -> LedgerLine:
    """Write the line that goes into the ledger's file before anything is erased; a second try writes the same."""
    kind = ErasureKind.PERSON if wish.person_id else ErasureKind.ORGANISATION
    digest = subject_digest(work.settings, subject_of(wish))
    return LedgerLine(wish.id, kind, digest, OwnWords(wish.own_words), instant_text(wish.asked_at))


def subject_of(wish: ErasureWish) -> UUID:
    """Return whom a wish is about.

    Raises: NotFound for one that names nobody.
    """
    subject_id = wish.person_id or wish.erased_organisation_id
    if subject_id is None:
        raise NotFound
    return subject_id


def erase_again(work: Work, lines: Iterable[LedgerLine]) -> int:
    """Erase whoever of the ledger is here with a name, as after a restore, and return how many that were."""
    due = {(line.kind, line.subject): line for line in lines}
    people = work.session.scalars(select(Person.id).where(Person.name != ERASED_PERSON)).all()
    organisations = work.session.scalars(select(Organisation.id).where(Organisation.name != ERASED_ORGANISATION)).all()
    here = [(ErasureKind.PERSON, one) for one in people] + [(ErasureKind.ORGANISATION, one) for one in organisations]
    found = [(due.get((kind, subject_digest(work.settings, one))), one) for kind, one in here]
    again = [(line, one) for line, one in found if line is not None]
    for line, subject_id in again:
        carry_out(work, line, subject_id)
    return len(again)


def carry_out(work: Work, line: LedgerLine, subject_id: UUID) -> None:
    """Erase whom a line of the ledger is about.

    Raises: NotFound.
    """
    if line.kind is ErasureKind.PERSON:
        erase_person(work, subject_id, line.own_words)
    else:
        erase_organisation(work, subject_id, line.own_words)
    if work.session.get(ErasureRecord, line.id) is None:
        values = {"kind": line.kind.value, "subject": line.subject, "own_words": line.own_words.value}
        work.session.add(ErasureRecord(id=line.id, at=datetime.fromisoformat(line.at), **values))
    rebuild_index(work, (ERASED_PERSON, ERASED_ADDRESS, ERASED_ORGANISATION))


def erase_person(work: Work, person_id: UUID, own_words: OwnWords) -> None:
    """Leave of a person a row without a name, and of their words what they chose.

    Raises: NotFound.
    """
    person = work.session.get(Person, person_id)
    if person is None:
        raise NotFound
    words = {person.email: ERASED_ADDRESS, person.name: ERASED_PERSON}
    if own_words is OwnWords.GONE:
        _drop_words(work, person_id)
        forget_speaker(work, person_id)
        forget_sources(work, _answers_of(person_id))
    _end_takeouts(work, person_id)
    # A name in a picture or in a log cannot be wiped: files go, whatever becomes of the words.
    drop_of_person(work, person_id)
    work.session.execute(delete(Invitation).where(Invitation.email == person.email))
    work.session.execute(delete(SafeRetry).where(SafeRetry.sender == str(person_id)))
    for table, column in rows_about_people():
        work.session.execute(delete(table).where(column == person_id))
    _blank(person)
    work.session.flush()
    wipe(work, Wiped({word: instead for word, instead in words.items() if instead != word}))
    work.session.expire_all()
    work.emit(PersonDisabled(person_id=person_id))
    record_act(work, "person.erased", "person", person_id, own_words=own_words.value)


def erase_organisation(work: Work, organisation_id: UUID, own_words: OwnWords) -> None:
    """Leave of an organisation a row without a name, and erase everybody who belongs to it alone.

    Raises: NotFound.
    """
    organisation = work.session.get(Organisation, organisation_id)
    if organisation is None:
        raise NotFound
    for person_id in members_of_it_alone(work, organisation_id):
        erase_person(work, person_id, own_words)
    forget_owner(work, organisation_id)
    _drop_papers(work, organisation_id)
    name = organisation.name
    organisation.name, organisation.slug = ERASED_ORGANISATION, f"erased-{uuid4().hex}"
    work.session.flush()
    if name != ERASED_ORGANISATION:
        wipe(work, Wiped({name: ERASED_ORGANISATION}))
    work.session.expire_all()
    record_act(work, "organisation.erased", "organisation", organisation_id, organisation_id=organisation_id)


def rows_about_people() -> Iterator[tuple[Table, Column[object]]]:
    """Walk the columns whose rows go with the person they point at, the dependent tables first."""
    for table in reversed(Base.metadata.sorted_tables):
        for column in table.columns:
            points = any(key.column.table.name == "person" for key in column.foreign_keys)
            if points and column.name in _ABOUT_PEOPLE and (table.name, column.name) not in _MADE_BY_PEOPLE:
                yield table, column


def _blank(person: Person) -> None:
    person.email, person.name = f"erased-{uuid4().hex}@erased.invalid", ERASED_PERSON
    person.password_hash, person.staff_role, person.time_zone = None, None, None
    person.email_proved_at, person.is_disabled = None, True


def _drop_words(work: Work, person_id: UUID) -> None:
    """Leave tombstones where the person wrote: places and times, no words, also not those that were edited away."""
    mine = select(Comment.id).where(Comment.author_id == person_id)
    entries = select(StatusEntry.id).where(StatusEntry.author_id == person_id)
    gone = {
        "state": CommentState.DELETED.value,
        "body_markdown": "",
        "body_html": "",
        "report": None,
        "deleted_at": work.now,
    }
    work.session.execute(delete(CommentRevision).where(CommentRevision.comment_id.in_(mine)))
    work.session.execute(delete(Evidence).where(Evidence.comment_id.in_(mine)))
    work.session.execute(delete(TakenBack).where(TakenBack.comment_id.in_(mine)))
    work.session.execute(delete(SearchDocument).where(SearchDocument.id.in_(mine)))
    untold = or_(EntryHappening.person_id == person_id, EntryHappening.entry_id.in_(entries))
    work.session.execute(update(EntryHappening).where(untold).values(before={}, after={}))
    documents = SearchDocument.id.in_(entries)
    blank = {"title": ERASED_TITLE, "title_words": ERASED_TITLE.lower(), "body": "", "body_words": "", "stem_words": ""}
    work.session.execute(update(SearchDocument).where(documents).values(blank))
    _count_down(work, person_id)
    work.session.execute(update(Comment).where(Comment.author_id == person_id).values({**gone, "report": None}))
    said = {"title": ERASED_TITLE, "headline": None, "body_markdown": "", "body_html": ""}
    work.session.execute(update(StatusEntry).where(StatusEntry.author_id == person_id).values(said))
    work.session.execute(update(PlannedWork).where(PlannedWork.planned_by == person_id).values(title=ERASED_TITLE))


def _answers_of(person_id: UUID) -> Select[UUID]:
    """Select the comments from which articles could hold the person's words: their own, and those on their entries."""
    asked = select(StatusEntry.id).where(StatusEntry.author_id == person_id)
    return select(Comment.id).where(or_(Comment.author_id == person_id, Comment.entry_id.in_(asked)))


def _count_down(work: Work, person_id: UUID) -> None:
    """Take the words that go out of the counts that entries keep."""
    is_inner = Comment.audience == Audience.INTERNAL.value
    query = (
        select(Comment.organisation_id, Comment.entry_id, is_inner, func.count())
        .where(
            Comment.author_id == person_id,
            Comment.state == CommentState.VISIBLE.value,
            Comment.kind != CommentKind.SYSTEM.value,
        )
        .group_by(Comment.organisation_id, Comment.entry_id, is_inner)
    )
    for organisation_id, entry_id, inner, count in work.session.execute(query).all():
        column = StatusEntry.internal_comment_count if inner else StatusEntry.comment_count
        place = (StatusEntry.organisation_id == organisation_id) & (StatusEntry.id == entry_id)
        work.session.execute(update(StatusEntry).where(place).values({column: column - count}))


def _end_takeouts(work: Work, person_id: UUID) -> None:
    """Take back files in which the person stands: their own go with their rows, their organisations' are revoked."""
    belonged = select(Membership.organisation_id).where(Membership.person_id == person_id)
    wrote = select(StatusEntry.organisation_id).where(StatusEntry.author_id == person_id)
    said = select(Comment.organisation_id).where(Comment.author_id == person_id)
    holding = Takeout.organisation_id.in_(belonged.union(wrote, said))
    work.session.execute(update(Takeout).where(holding).values(state=TakeoutState.REVOKED.value))


def _drop_papers(work: Work, organisation_id: UUID) -> None:
    """Drop what ties the organisation to the portal; its machines keep model and serial, which are the maker's."""
    work.session.execute(delete(ErasureWish).where(ErasureWish.erased_organisation_id == organisation_id))
    for name in (
        "forwarding_parcel",
        "forwarding",
        "unknown_serial",
        "connection_happening",
        "connection",
        "linked_identity",
        "identity_provider",
        "invitation",
        "membership",
    ):
        table = Base.metadata.tables[name]
        work.session.execute(delete(table).where(table.c.organisation_id == organisation_id))
    credentials = DeviceCredential.organisation_id == organisation_id
    work.session.execute(update(DeviceCredential).where(credentials).values(revoked_at=work.now, name=""))
    takeouts = Takeout.organisation_id == organisation_id
    work.session.execute(update(Takeout).where(takeouts).values(state=TakeoutState.REVOKED.value))
    present = select(Ownership.device_id).where(Ownership.organisation_id == organisation_id, Ownership.to_at.is_(None))
    for device in work.session.scalars(select(Device).where(Device.id.in_(present))):
        device.name, device.site = f"{device.model.name} {device.serial}", ""
