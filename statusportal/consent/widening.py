"""Verbs on who may read an entry: narrowed at once by those who work on it, widened by its owner alone.

Staff who want more people to read it ask, and the question opens nothing: whoever decides for the owner answers it.
Source: docs/adr/0055-the-owner-widens.md.
"""

from typing import Any
from uuid import UUID

from statusportal.access.permissions import Permission
from statusportal.access.policy import actor_holds, require
from statusportal.access.vocabulary import StaffRole
from statusportal.accounts.queries import deciders_of
from statusportal.consent.events import ConsentAnswered, ConsentAsked, ConsentAskedOf
from statusportal.consent.vocabulary import WISHED_AUDIENCES
from statusportal.entries.events import EntryAudienceChanged
from statusportal.entries.models import StatusEntry
from statusportal.entries.queries import locked_entry
from statusportal.entries.service import add_happening, raise_version
from statusportal.entries.vocabulary import CHOSEN_AUDIENCES, Audience, HappeningKind
from statusportal.foundation.errors import Conflict, Invalid, Sentence
from statusportal.work import Work


def change_audience(work: Work, entry_id: UUID, audience: Audience) -> StatusEntry:
    """Narrow who may read an entry, or widen it: the owner at once, staff by asking the owner.

    Between the owner's people and those they let in, whoever decides who gets in chooses. What a customer wrote is
    never hidden from customers.

    Raises: NotFound, Forbidden, Invalid for an audience that cannot be chosen, Conflict for a second question.
    """
    entry = locked_entry(work, entry_id)
    is_owners = {audience, entry.audience} == {Audience.ORGANISATION, Audience.SHARED}
    is_asking = audience is Audience.SHARED and not _decides(work, entry)
    right = Permission.DEVICE_SHARE if is_owners and not is_asking else Permission.ENTRY_PUBLISH
    require(work.actor, right, entry.organisation_id)
    if audience not in CHOSEN_AUDIENCES:
        raise Invalid.field("/audience", Sentence("must be internal, organisation or shared"))
    if audience == entry.audience:
        return entry
    if audience is Audience.INTERNAL and entry.author_role not in {None, *StaffRole}:
        raise Invalid.field("/audience", Sentence("what a customer wrote cannot be hidden from the customer"))
    if is_asking:
        return ask_owner(work, entry_id, audience)
    _let_read(work, entry, audience, HappeningKind.AUDIENCE, Audience.INTERNAL)
    return entry


def ask_owner(work: Work, entry_id: UUID, wanted: Audience) -> StatusEntry:
    """Ask whoever decides for the owner to let more people read an entry. Until they answer, nothing is open.

    Raises: NotFound, Forbidden, Invalid for what cannot be asked, Conflict while another question waits.
    """
    entry = locked_entry(work, entry_id)
    require(work.actor, Permission.ENTRY_PUBLISH, entry.organisation_id)
    if wanted not in WISHED_AUDIENCES or wanted.width <= Audience(entry.audience).width:
        raise Invalid.field("/audience", Sentence("must be shared or model, and wider than it is now"))
    if entry.audience == Audience.INTERNAL:
        raise Invalid.field("/audience", Sentence("show it to the owner first, so that they can read what is asked"))
    if entry.wished_audience is not None:
        raise Conflict(Sentence("The owner has been asked and has not answered yet."))
    entry.wished_audience = wanted
    entry.wished_role = work.actor.badge_in(entry.organisation_id)
    entry.wished_at = work.now
    _note(work, entry, HappeningKind.CONSENT_ASKED, {"audience": wanted.value})
    work.emit(ConsentAsked(**_named(entry)))
    for person_id in deciders_of(work, entry.organisation_id):
        work.emit(ConsentAskedOf(**_named(entry), person_id=person_id))
    return entry


def take_question_back(work: Work, entry_id: UUID) -> StatusEntry:
    """Ask the owner no more.

    Raises: NotFound, Forbidden, Conflict when nothing was asked.
    """
    entry = locked_entry(work, entry_id)
    require(work.actor, Permission.ENTRY_PUBLISH, entry.organisation_id)
    _asked(entry)
    _settle(work, entry)
    return entry


def give_consent(work: Work, entry_id: UUID) -> StatusEntry:
    """Say yes for the owner: those who were let in read it from now on. Who said so, and when, stays with the entry.

    Raises: NotFound, Forbidden for everybody but the owner's administrators, Conflict when nothing is asked, or when
    the question is one that a look at the anonymised page answers.
    """
    entry = locked_entry(work, entry_id)
    require(work.actor, Permission.ENTRY_CONSENT, entry.organisation_id)
    if _asked(entry) is Audience.MODEL:
        raise Conflict(Sentence("Look at what others would see, and share that: this is the yes to it."))
    _let_read(work, entry, Audience.SHARED, HappeningKind.CONSENT_GIVEN, Audience.ORGANISATION)
    return entry


def refuse_consent(work: Work, entry_id: UUID) -> StatusEntry:
    """Say no for the owner; nothing changes, and staff see that it was no.

    Raises: NotFound, Forbidden, Conflict when nothing is asked.
    """
    entry = locked_entry(work, entry_id)
    require(work.actor, Permission.ENTRY_CONSENT, entry.organisation_id)
    _note(work, entry, HappeningKind.CONSENT_REFUSED, {"audience": _asked(entry).value})
    _settle(work, entry)
    return entry


def settle_model_wish(work: Work, entry: StatusEntry) -> None:
    """Note that the owner shared what was asked for; the caller holds the entry's lock and the owner's consent."""
    if entry.wished_audience == Audience.MODEL:
        _note(work, entry, HappeningKind.CONSENT_GIVEN, {"audience": Audience.MODEL.value})
        _settle(work, entry)


def _let_read(work: Work, entry: StatusEntry, audience: Audience, kind: HappeningKind, told: Audience) -> None:
    """Change the audience and drop a question that this answers, or that nobody could read any more."""
    before = entry.audience
    entry.audience = audience
    raise_version(entry, Audience.ORGANISATION)
    add_happening(work, entry, kind, {"audience": before}, {"audience": audience.value}, told)
    if entry.wished_audience is not None and audience in {entry.wished_audience, Audience.INTERNAL}:
        _settle(work, entry)
    work.emit(EntryAudienceChanged(**_named(entry)))


def _settle(work: Work, entry: StatusEntry) -> None:
    entry.wished_audience, entry.wished_role, entry.wished_at = None, None, None
    raise_version(entry, entry.audience)
    work.emit(ConsentAnswered(**_named(entry)))


def _note(work: Work, entry: StatusEntry, kind: HappeningKind, after: dict[str, Any]) -> None:
    raise_version(entry, entry.audience)
    add_happening(work, entry, kind, {"audience": entry.audience}, after, Audience.ORGANISATION)


def _asked(entry: StatusEntry) -> Audience:
    if entry.wished_audience is None:
        raise Conflict(Sentence("Nothing is asked of the owner here."))
    return Audience(entry.wished_audience)


def _decides(work: Work, entry: StatusEntry) -> bool:
    return not work.actor.is_staff or actor_holds(work.actor, Permission.ENTRY_CONSENT, entry.organisation_id)


def _named(entry: StatusEntry) -> dict[str, UUID]:
    return {"organisation_id": entry.organisation_id, "device_id": entry.device_id, "entry_id": entry.id}
