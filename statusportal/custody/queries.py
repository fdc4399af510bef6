"""Reads of custody: whom a word names, what was granted, and what is handed over."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, false, not_, or_, select

from statusportal.access.permissions import Permission
from statusportal.access.policy import require
from statusportal.accounts.models import Organisation, Person
from statusportal.accounts.policy import found_by_address, visible_organisations, visible_people
from statusportal.custody.models import Transfer
from statusportal.custody.policy import visible_transfers
from statusportal.custody.vocabulary import Receiver
from statusportal.fleet.models import AccessGrant, Device, Ownership
from statusportal.fleet.policy import granted_ownership, valid_grants, visible_grants
from statusportal.fleet.queries import device_for
from statusportal.foundation.errors import NotFound
from statusportal.foundation.paging import Page, Slice, page_of
from statusportal.work import Work

LONGEST_WORD = 254


def organisation_named(work: Work, word: str) -> Receiver:
    """Return the organisation of that short name or id, or nobody: the asker is not told which.

    The directory is open to this one question alone, since somebody unknown must be able to receive.
    """
    clean = word.strip()[:LONGEST_WORD]
    query = select(Organisation.id).where(or_(Organisation.slug == clean.lower(), _has_id(Organisation, clean)))
    return Receiver(clean, organisation_id=work.session.scalar(query))


def receiver_named(work: Work, word: str) -> Receiver:
    """Return the organisation or the person that a short name, a proved address or an id names, or nobody."""
    found = organisation_named(work, word)
    if found.organisation_id is not None:
        return found
    query = select(Person.id).where(or_(found_by_address(work.actor, found.word.lower()), _has_id(Person, found.word)))
    return Receiver(found.word, person_id=work.session.scalar(query))


def receiver_names(work: Work, receivers: Collection[Receiver]) -> Mapping[Receiver, str]:
    """Return what each receiver may be called before the actor, in two queries.

    Names of those whom the actor sees anyway; else the word that was written, so that a name proves nobody is here.
    """
    known = receivers_met(work, receivers)
    return {one: known.get(one.id, one.written) for one in receivers}


def receivers_met(work: Work, receivers: Collection[Receiver]) -> Mapping[UUID | None, str]:
    """Return the names of those receivers whom the actor sees anyway, by id, in two queries."""
    organisations = {one.organisation_id for one in receivers} - {None}
    people = {one.person_id for one in receivers} - {None}
    seen = select(Organisation.id, Organisation.name).where(visible_organisations(work.actor))
    known: dict[UUID | None, str] = dict(work.session.execute(seen.where(Organisation.id.in_(organisations))).all())
    met = select(Person.id, Person.name).where(visible_people(work.actor))
    return known | dict(work.session.execute(met.where(Person.id.in_(people))).all())


def granted_to(row: AccessGrant) -> Receiver:
    """Return whom a grant is for."""
    return Receiver(row.to_word or "", row.to_organisation_id, row.to_person_id)


def handed_to(row: Transfer) -> Receiver:
    """Return whom a device is offered to."""
    return Receiver(row.to_word, row.to_organisation_id)


def grants_of(work: Work, device_id: UUID, wanted: Slice) -> Page[AccessGrant]:
    """List what the actor or their organisations granted on a device, the newest first; ended ones too.

    Raises: NotFound.
    """
    return _newest(work, _given_on(work, device_for(work, device_id).id), wanted)


def standing_grants(work: Work, ownership: Ownership) -> Sequence[AccessGrant]:
    """List what opens a device under an ownership now or will, the newest first; there are MOST_GRANTS at most."""
    given = _given_on(work, ownership.device_id).where(AccessGrant.organisation_id == ownership.organisation_id)
    newest = given.where(not_(_is_over(work))).order_by(AccessGrant.created_at.desc(), AccessGrant.id.desc())
    return work.session.scalars(newest).all()


def ended_grants(work: Work, ownership: Ownership, wanted: Slice) -> Page[AccessGrant]:
    """List what opened a device under an ownership's organisation and is over, the newest first."""
    given = _given_on(work, ownership.device_id).where(AccessGrant.organisation_id == ownership.organisation_id)
    return _newest(work, given.where(_is_over(work)), wanted)


def grant_on(work: Work, device_id: UUID, grant_id: UUID) -> AccessGrant:
    """Return one grant on a device that the actor or their organisations gave.

    Raises: NotFound, also for a grant on another device.
    """
    device = device_for(work, device_id)
    asked = (AccessGrant.id == grant_id, AccessGrant.device_id == device.id, visible_grants(work.actor))
    row = work.session.scalar(select(AccessGrant).where(*asked))
    if row is None:
        raise NotFound
    return row


def grants_received(work: Work) -> Sequence[tuple[AccessGrant, Device, str]]:
    """List what is open to the actor by grants now, each with its device and its giver's name, by giver."""
    query = (
        select(AccessGrant, Device, Organisation.name)
        .join(Ownership, granted_ownership())
        .join(Device, Device.id == AccessGrant.device_id)
        .join(Organisation, Organisation.id == AccessGrant.organisation_id)
        .where(valid_grants(work.actor, work.now) if work.actor.person_id else false())
        .order_by(Organisation.name, Device.serial, AccessGrant.id)
    )
    return [(grant, device, name) for grant, device, name in work.session.execute(query)]


def transfer_for(work: Work, transfer_id: UUID) -> Transfer:
    """Return a transfer of either side's.

    Raises: NotFound, Forbidden for staff who hand nothing over.
    """
    query = select(Transfer).where(Transfer.id == transfer_id, visible_transfers(work.actor))
    row = work.session.scalar(query)
    if row is None:
        raise NotFound
    require(work.actor, Permission.DEVICE_TRANSFER)
    return row


def transfers_of(work: Work, device_id: UUID) -> Sequence[Transfer]:
    """List a device's transfers that the actor's side offered or was offered, the newest first.

    Raises: NotFound for a device of which the actor has no time.
    """
    device = device_for(work, device_id)
    query = select(Transfer).where(Transfer.device_id == device.id, visible_transfers(work.actor))
    return work.session.scalars(query.order_by(Transfer.offered_at.desc(), Transfer.id.desc())).all()


def my_transfers(work: Work) -> Sequence[tuple[Transfer, Device, str]]:
    """List what the actor's sides hand over and are offered, with the device and the seller's name, newest first."""
    query = (
        select(Transfer, Device, Organisation.name)
        .join(Device, Device.id == Transfer.device_id)
        .join(Organisation, Organisation.id == Transfer.organisation_id)
        .where(visible_transfers(work.actor))
        .order_by(Transfer.offered_at.desc(), Transfer.id.desc())
        .limit(200)
    )
    return [(transfer, device, name) for transfer, device, name in work.session.execute(query)]


def _given_on(work: Work, device_id: UUID) -> Select[AccessGrant]:
    return select(AccessGrant).where(AccessGrant.device_id == device_id, visible_grants(work.actor))


def _is_over(work: Work) -> ColumnElement[bool]:
    return or_(AccessGrant.revoked_at.is_not(None), and_(AccessGrant.to_at.is_not(None), AccessGrant.to_at <= work.now))


def _newest(work: Work, query: Select[AccessGrant], wanted: Slice) -> Page[AccessGrant]:
    if position := wanted.position(datetime, UUID):
        before_at, before_id = position
        same_instant = and_(AccessGrant.created_at == before_at, AccessGrant.id < before_id)
        query = query.where(or_(AccessGrant.created_at < before_at, same_instant))
    ordered = query.order_by(AccessGrant.created_at.desc(), AccessGrant.id.desc()).limit(wanted.limit + 1)
    return page_of(work.session.scalars(ordered).all(), wanted, lambda row: (row.created_at, row.id))


def _has_id(model: type[Organisation | Person], word: str) -> ColumnElement[bool]:
    try:
        return model.id == UUID(word)
    except ValueError:
        return false()
