"""Verbs of letting somebody at a device for a time."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, func, or_, select, update

from statusportal.access.permissions import Permission
from statusportal.access.policy import actor_holds
from statusportal.access.vocabulary import MemberRole, Right
from statusportal.accounts.models import Organisation, Person
from statusportal.audit.service import record_act
from statusportal.custody.errors import GrantEnded, GrantOfGroup, TooManyGrants
from statusportal.custody.models import GroupShare, Transfer
from statusportal.custody.queries import granted_to
from statusportal.custody.vocabulary import Opening, Receiver, ReceiverKind
from statusportal.fleet.events import AccessGranted, AccessRevoked
from statusportal.fleet.models import AccessGrant, Ownership
from statusportal.fleet.policy import granted_ownership, open_ownerships, owned_at, valid_grants, visible_grants
from statusportal.fleet.queries import device_for
from statusportal.fleet.vocabulary import GrantState
from statusportal.foundation.errors import Forbidden, Invalid, NotFound, Sentence
from statusportal.work import Work, beyond_walls

MOST_GRANTS = 100


def grant_access(
    work: Work,
    device_id: UUID,
    receiver: Receiver | Organisation | Person,
    rights: Right,
    from_at: datetime | None = None,
    to_at: datetime | None = None,
    kind: ReceiverKind | None = None,
) -> AccessGrant:
    """Let an organisation or a person at one's device, from now or `from_at` until `to_at`, or until it is revoked.

    Shape: VIEW is always in: nobody can comment on what they cannot see. The grant stands under the ownership that
    holds at `from_at`, so that an owner can hand over the history of their own time, and no other. Who was granted
    MANAGE lets others in as far as they themselves got, in rights and in time, and no longer than they keep it.
    Raises: NotFound, Forbidden, Invalid, TooManyGrants.
    """
    device = device_for(work, device_id)
    begins = from_at or work.now
    if to_at is not None and to_at <= max(begins, work.now):
        raise Invalid.field("/to_at", Sentence("must lie ahead, after the beginning"))
    ownership, own_grant = _standing(work, device.id, begins)
    named = named_receiver(receiver)
    refuse_own(work, ownership.organisation_id, named)
    row = AccessGrant(
        device_id=device.id,
        rights=(rights | Right.VIEW).value,
        from_at=begins,
        to_at=to_at,
        to_kind=kind.value if kind else None,
    )
    _refuse_more(work, device.id)
    if own_grant is not None:
        _keep_within(row, own_grant)
    _refuse_again(work, ownership, named, row)
    if own_grant is None:
        return put_grant(work, ownership, named, row)
    with beyond_walls(work):
        return put_grant(work, ownership, named, row)


def refuse_own(work: Work, organisation_id: UUID, receiver: Receiver) -> None:
    """Let no owner in at its own, and nobody in by themselves: what one grants oneself would outlive one's role.

    Raises: Invalid.
    """
    is_oneself = receiver.person_id is not None and receiver.person_id == work.actor.person_id
    if is_oneself or receiver.organisation_id == organisation_id:
        raise Invalid.field("/to", Sentence("has the device already"))


def _refuse_more(work: Work, device_id: UUID) -> None:
    """Refuse a grant too many, by the open ones that the actor sees.

    Raises: TooManyGrants.
    """
    is_open = AccessGrant.revoked_at.is_(None) & or_(AccessGrant.to_at.is_(None), AccessGrant.to_at > work.now)
    standing = select(func.count()).where(AccessGrant.device_id == device_id, is_open, visible_grants(work.actor))
    if (work.session.scalar(standing) or 0) >= MOST_GRANTS:
        raise TooManyGrants(Sentence("At most %(most)s grants on a device: end one first.", most=MOST_GRANTS))


def _refuse_again(work: Work, ownership: Ownership, receiver: Receiver, row: AccessGrant) -> None:
    """Refuse a grant that gives its receiver nothing beside one that stands; what comes with a group stands apart.

    Raises: Invalid.
    """
    standing = select(AccessGrant).where(
        AccessGrant.organisation_id == ownership.organisation_id,
        AccessGrant.device_id == ownership.device_id,
        AccessGrant.ownership_id == ownership.id,
        AccessGrant.revoked_at.is_(None),
        AccessGrant.id.not_in(select(GroupShare.grant_id)),
        visible_grants(work.actor),
    )
    refuse_again(
        Opening(receiver, row.rights, row.from_at, row.to_at),
        [Opening(granted_to(one), one.rights, one.from_at, one.to_at) for one in work.session.scalars(standing)],
    )


def refuse_again(wished: Opening, standing: Iterable[Opening]) -> None:
    """Let nobody be let in twice with the same: one of two would be forgotten when the other is taken back.

    Raises: Invalid.
    """
    if any(one.covers(wished) for one in standing):
        raise Invalid.field("/to", Sentence("is let in with this already: change what stands"))


def put_grant(work: Work, ownership: Ownership, receiver: Receiver, row: AccessGrant) -> AccessGrant:
    """Write a grant under an ownership, for a verb that asked the right to. Of a time that is over, it is history."""
    row.organisation_id, row.ownership_id = ownership.organisation_id, ownership.id
    row.to_word = receiver.word
    row.to_organisation_id, row.to_person_id = receiver.organisation_id, receiver.person_id
    if ownership.to_at is not None and ownership.to_at <= work.now:
        row.opens_at = work.now
    row.created_at, row.created_by = work.now, work.actor.person_id
    work.session.add(row)
    work.session.flush()
    _record(work, "grant.made", row)
    work.emit(AccessGranted(grant_id=row.id, organisation_id=row.organisation_id, device_id=row.device_id))
    return row


def change_grant(work: Work, grant_id: UUID, rights: Right, to_at: datetime | None) -> AccessGrant:
    """Give other rights or another end, as who decides about it now. Its beginning stays.

    Shape: what was granted on by it keeps no right and no day that it loses, and ends where MANAGE goes.
    Raises: NotFound, Forbidden, GrantOfGroup, GrantEnded, Invalid.
    """
    row = _own_grant(work, grant_id)
    if row.state_at(work.now) is GrantState.ENDED or row.opens_at is not None:
        raise GrantEnded(Sentence("What has ended, and history that was handed over, is not changed."))
    if to_at is not None and to_at <= max(row.from_at, work.now):
        raise Invalid.field("/to_at", Sentence("must lie ahead, after the beginning"))
    with beyond_walls(work):
        row.rights, row.to_at = (rights | Right.VIEW).value, to_at
        if row.under_grant_id is not None:
            _keep_within(row, work.session.get_one(AccessGrant, (row.organisation_id, row.under_grant_id)))
        _narrow_below(work, row)
        work.session.flush()
        _record(work, "grant.changed", row)
    work.emit(AccessGranted(grant_id=row.id, organisation_id=row.organisation_id, device_id=row.device_id))
    return row


def revoke_grant(work: Work, grant_id: UUID) -> None:
    """End a grant at once, and what was granted by it, as who decides about it now.

    Raises: NotFound, Forbidden, GrantOfGroup.
    """
    row = _own_grant(work, grant_id)
    with beyond_walls(work):
        take_back(work, row)


def take_back(work: Work, row: AccessGrant) -> None:
    """End a grant with all that was granted by it, for a verb that has asked the right to.

    Shape: with history that was handed over goes the consent to it, so that its receiver alone never opens it again.
    """
    ending = [row]
    while ending:
        one = ending.pop()
        ending += _granted_by(work, one)
        one.revoked_at = one.revoked_at or work.now
        if one.opens_at is not None:
            work.session.execute(update(Transfer).where(*_handing(one)).values(hands_history=False))
        _record(work, "grant.revoked", one)
        work.emit(AccessRevoked(grant_id=one.id, organisation_id=one.organisation_id, device_id=one.device_id))


def _handing(row: AccessGrant) -> tuple[ColumnElement[bool], ...]:
    return (
        Transfer.organisation_id == row.organisation_id,
        Transfer.device_id == row.device_id,
        Transfer.ownership_id == row.ownership_id,
        Transfer.to_organisation_id == row.to_organisation_id,
    )


def _own_grant(work: Work, grant_id: UUID) -> AccessGrant:
    """Return a grant that the actor decides about now: by a role at its owner, or by the MANAGE it was given under.

    Shape: that one gave it opens nothing. Who lost the right to give it lost the right to change it.
    Raises: NotFound, Forbidden, GrantOfGroup.
    """
    row = work.session.scalar(select(AccessGrant).where(AccessGrant.id == grant_id, visible_grants(work.actor)))
    if row is None:
        raise NotFound
    decides = actor_holds(work.actor, Permission.DEVICE_SHARE, row.organisation_id)
    if not decides and not _still_manages(work, row):
        raise Forbidden(Permission.DEVICE_SHARE.value, MemberRole.CUSTOMER_ADMIN.value)
    if work.session.get(GroupShare, (row.organisation_id, row.id)) is not None:
        raise GrantOfGroup(Sentence("This comes with a group. End it for the group, or take the device out of it."))
    return row


def _still_manages(work: Work, row: AccessGrant) -> bool:
    """Tell whether the actor is who gave a grant, and the MANAGE that they gave it by is still theirs."""
    if row.under_grant_id is None or row.created_by != work.actor.person_id:
        return False
    above = select(AccessGrant.id).join(Ownership, granted_ownership()).where(AccessGrant.id == row.under_grant_id)
    return work.session.scalar(above.where(valid_grants(work.actor, work.now, Right.MANAGE))) is not None


def _granted_by(work: Work, row: AccessGrant) -> Sequence[AccessGrant]:
    """Return what somebody granted on by a grant of theirs, and that is not taken back."""
    below = select(AccessGrant).where(
        AccessGrant.organisation_id == row.organisation_id,
        AccessGrant.under_grant_id == row.id,
        AccessGrant.revoked_at.is_(None),
    )
    return work.session.scalars(below).all()


def _narrow_below(work: Work, row: AccessGrant) -> None:
    for one in _granted_by(work, row):
        if Right.MANAGE not in Right(row.rights):
            take_back(work, one)
            continue
        one.rights &= row.rights
        one.to_at = min((at for at in (one.to_at, row.to_at) if at is not None), default=None)
        _narrow_below(work, one)


def named_receiver(given: Receiver | Organisation | Person) -> Receiver:
    """Return whom a grant is for, with the word that its giver knows them by."""
    if isinstance(given, Organisation):
        return Receiver(given.slug, organisation_id=given.id)
    return Receiver(given.email, person_id=given.id) if isinstance(given, Person) else given


def _standing(work: Work, device_id: UUID, at: datetime) -> tuple[Ownership, AccessGrant | None]:
    """Return the ownership that holds at an instant, and the grant by whose MANAGE it is shared where no role does it.

    Raises: Forbidden, Invalid for an instant outside the time in which the actor decides.
    """
    owned = select(Ownership).where(Ownership.device_id == device_id).order_by(Ownership.from_at.desc())
    if not work.actor.is_operator:
        owned = owned.where(open_ownerships(work.actor))
    decided = [
        row
        for row in work.session.scalars(owned)
        if actor_holds(work.actor, Permission.DEVICE_SHARE, row.organisation_id)
    ]
    for row in decided:
        if row.from_at <= at and (row.to_at is None or at < row.to_at):
            return row, None
    managed = (
        select(AccessGrant, Ownership)
        .join(Ownership, granted_ownership())
        .where(AccessGrant.device_id == device_id, valid_grants(work.actor, work.now, Right.MANAGE))
    )
    found = work.session.execute(managed.where(AccessGrant.from_at <= at, owned_at(at))).first()
    if found is not None:
        return found.Ownership, found.AccessGrant
    if decided or work.session.execute(managed).first() is not None:
        raise Invalid.field("/from", Sentence("lies outside the time in which the device is yours"))
    raise Forbidden(Permission.DEVICE_SHARE.value, MemberRole.CUSTOMER_ADMIN.value)


def _keep_within(row: AccessGrant, own: AccessGrant) -> None:
    """Bind what is granted on to what was granted: no further right, and no longer."""
    if row.rights & ~own.rights:
        raise Invalid.field("/rights", Sentence("cannot be more than you were granted"))
    if own.to_at is not None and row.to_at is not None and row.to_at > own.to_at:
        raise Invalid.field("/to_at", Sentence("cannot be later than the end of what you were granted"))
    row.to_at = row.to_at or own.to_at
    row.under_grant_id = own.id


def _record(work: Work, act: str, row: AccessGrant) -> None:
    receiver = str(row.to_organisation_id or row.to_person_id or "unknown")
    codes: dict[str, str | float | None] = {"grant_id": str(row.id), "rights": row.rights, "receiver": receiver}
    record_act(work, act, "device", row.device_id, organisation_id=row.organisation_id, **codes)
