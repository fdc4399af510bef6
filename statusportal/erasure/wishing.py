"""Asking to be erased, ordering it at a customer's word, and taking it back or withdrawing it in time."""

from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import func, select

from statusportal.access.permissions import Permission
from statusportal.access.policy import require
from statusportal.access.vocabulary import StaffRole
from statusportal.accounts.models import Person
from statusportal.accounts.queries import myself, organisation_for, person_for
from statusportal.accounts.vocabulary import OrganisationKind
from statusportal.audit.service import record_act
from statusportal.erasure.models import ErasureWish
from statusportal.erasure.policy import visible_wishes
from statusportal.erasure.queries import wish_for
from statusportal.erasure.vocabulary import OwnWords
from statusportal.foundation.errors import Conflict, NotFound, Sentence
from statusportal.identity.proving import require_proof
from statusportal.work import Work


def ask_to_be_erased(work: Work, own_words: OwnWords) -> ErasureWish:
    """Ask to be erased after the days in which it can be taken back.

    Raises: NotSignedIn, ProofNeeded, Conflict for the last administrator.
    """
    person = myself(work)
    require_proof(work)
    _refuse_last_administrator(work, person)
    wish = _keep(work, ErasureWish(person_id=person.id, own_words=own_words.value, **_span(work)))
    record_act(work, "erasure.asked", "person", person.id, own_words=own_words.value)
    return wish


def order_erasure_of_person(work: Work, person_id: UUID, own_words: OwnWords) -> ErasureWish:
    """Have somebody erased who asked for it elsewhere, after the days in which it can be withdrawn.

    Raises: NotFound, Forbidden, ProofNeeded, Conflict for the last administrator.
    """
    person = person_for(work, person_id)
    require(work.actor, Permission.PERSON_ERASE)
    require_proof(work)
    _refuse_last_administrator(work, person)
    wish = ErasureWish(person_id=person.id, ordered_by=work.actor.person_id, own_words=own_words.value, **_span(work))
    record_act(work, "erasure.ordered", "person", person.id, own_words=own_words.value)
    return _keep(work, wish)


def order_erasure_of_organisation(work: Work, organisation_id: UUID, own_words: OwnWords) -> ErasureWish:
    """Have an organisation erased at its own word, with everybody who belongs to it alone, after the days of waiting.

    Raises: NotFound, Forbidden, ProofNeeded, Conflict for the operator itself.
    """
    organisation = organisation_for(work, organisation_id)
    require(work.actor, Permission.ORGANISATION_ERASE)
    require_proof(work)
    if organisation.kind == OrganisationKind.OPERATOR:
        raise Conflict(Sentence("The operator runs this portal and cannot be erased from it."))
    wish = ErasureWish(
        erased_organisation_id=organisation.id,
        ordered_by=work.actor.person_id,
        own_words=own_words.value,
        **_span(work),
    )
    record_act(work, "erasure.ordered", "organisation", organisation.id, organisation_id=organisation.id)
    return _keep(work, wish)


def take_back_erasure(work: Work) -> None:
    """Stay after all.

    Raises: NotFound when nothing was asked.
    """
    wish = find_my_wish(work)
    if wish is None:
        raise NotFound
    record_act(work, "erasure.taken_back", "person", wish.person_id)
    work.session.delete(wish)
    work.session.flush()


def withdraw_erasure(work: Work, wish_id: UUID) -> None:
    """Withdraw a wish that is not due yet, whoever asked for it.

    Raises: NotFound, Forbidden.
    """
    wish = wish_for(work, wish_id)
    kind, permission = (
        ("person", Permission.PERSON_ERASE) if wish.person_id else ("organisation", Permission.ORGANISATION_ERASE)
    )
    require(work.actor, permission)
    subject_id = wish.person_id or wish.erased_organisation_id
    record_act(work, "erasure.withdrawn", kind, subject_id, organisation_id=wish.erased_organisation_id)
    work.session.delete(wish)
    work.session.flush()


def find_my_wish(work: Work) -> ErasureWish | None:
    """Return the actor's own wish, while it waits."""
    query = select(ErasureWish).where(visible_wishes(work.actor), ErasureWish.person_id == work.actor.person_id)
    return work.session.scalar(query)


def next_due(work: Work) -> ErasureWish | None:
    """Return the wish that is due longest, for the job."""
    query = select(ErasureWish).where(visible_wishes(work.actor), ErasureWish.due_at <= work.now)
    return work.session.scalars(query.order_by(ErasureWish.due_at, ErasureWish.id).limit(1)).one_or_none()


def _span(work: Work) -> dict[str, datetime]:
    return {"asked_at": work.now, "due_at": work.now + timedelta(days=work.settings.erase_after_days)}


def _keep(work: Work, wish: ErasureWish) -> ErasureWish:
    """Put a wish in the place of an earlier one of the same."""
    same = (
        ErasureWish.person_id == wish.person_id
        if wish.person_id
        else ErasureWish.erased_organisation_id == wish.erased_organisation_id
    )
    for earlier in work.session.scalars(select(ErasureWish).where(same)):
        work.session.delete(earlier)
    work.session.flush()
    work.session.add(wish)
    work.session.flush()
    return wish


def _refuse_last_administrator(work: Work, person: Person) -> None:
    """Keep a portal from being left without anybody who runs it; an organisation can be, since staff remain."""
    if person.staff_role != StaffRole.ADMIN:
        return
    others = select(func.count()).where(
        Person.staff_role == StaffRole.ADMIN.value, Person.is_disabled.is_(False), Person.id != person.id
    )
    if work.session.scalar(others) == 0:
        raise Conflict(Sentence("Make somebody else an administrator first: nobody would be left to run the portal."))
