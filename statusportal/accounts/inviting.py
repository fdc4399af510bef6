"""Verbs of inviting: a secret that works once, kept as a digest, that expires.

Accepting is done by edges as SYSTEM, since the database shows an outsider no invitation; the secret is the right.
"""

from datetime import timedelta
from uuid import UUID

from sqlalchemy import func, select

from statusportal.access.permissions import Permission
from statusportal.access.policy import require
from statusportal.access.vocabulary import MemberRole, StaffRole
from statusportal.accounts.errors import InvitationSpent, SignInFirst
from statusportal.accounts.events import PersonInvited, StaffRoleChanged
from statusportal.accounts.models import Invitation, Organisation, Person
from statusportal.accounts.policy import visible_invitations
from statusportal.accounts.queries import find_operator, open_invitation, organisation_for, still_open
from statusportal.accounts.service import add_person, clean_address, prove_address, write_membership
from statusportal.accounts.vocabulary import HashedPassword
from statusportal.audit.service import record_act
from statusportal.foundation.errors import Conflict, Faults, Forbidden, NotFound, Sentence
from statusportal.foundation.ids import new_secret, secret_digest
from statusportal.work import Work

MOST_INVITATIONS = 500


def invite_person(work: Work, organisation_id: UUID, email: str, name: str, role: MemberRole) -> tuple[Invitation, str]:
    """Ask an address to join an organisation; the secret belongs into the link that is handed on.

    Raises: NotFound, Forbidden, Invalid.
    """
    organisation = organisation_for(work, organisation_id)
    require(work.actor, Permission.MEMBER_INVITE, organisation.id)
    return _invite(work, organisation, email, name, role=role.value)


def invite_staff(work: Work, email: str, name: str, staff_role: StaffRole) -> tuple[Invitation, str]:
    """Ask an address to join the operator.

    Raises: Forbidden, Invalid, Conflict while there is no operator yet.
    """
    require(work.actor, Permission.STAFF_ADMINISTER)
    operator = find_operator(work)
    if operator is None:
        raise Conflict(Sentence("Create the operator's organisation first."))
    return _invite(work, operator, email, name, staff_role=staff_role.value)


def revoke_invitation(work: Work, invitation_id: UUID) -> None:
    """Let a link that is under way open nothing.

    Raises: NotFound, Forbidden.
    """
    row = _looked_after(work, invitation_id)
    row.revoked_at = row.revoked_at or work.now
    record_act(work, "invitation.revoked", "invitation", row.id, organisation_id=row.organisation_id)


def resend_invitation(work: Work, invitation_id: UUID) -> tuple[Invitation, str]:
    """Make another secret for an invitation that waits or has run out, with the whole time before it.

    The secret of before opens nothing any more.

    Raises: NotFound, Forbidden.
    """
    row = _looked_after(work, invitation_id)
    if row.accepted_at is not None or row.revoked_at is not None:
        raise InvitationSpent(Sentence("This invitation was used or withdrawn. Make a new one."))
    row.expires_at = work.now + timedelta(days=work.settings.invitation_days)
    secret = _seal(row, proves_address=work.actor.is_operator)
    record_act(work, "invitation.resent", "invitation", row.id, organisation_id=row.organisation_id)
    work.emit(PersonInvited(invitation_id=row.id, organisation_id=row.organisation_id))
    return row, secret


def seal_invitation(work: Work, invitation_id: UUID) -> tuple[Invitation, str] | None:
    """Make the secret of an invitation for its letter; None when it was answered, taken back or has run out.

    A second call makes another secret, and the first opens nothing: a letter that did not leave was never written.
    """
    row = work.session.get(Invitation, invitation_id)
    is_open = row is not None and row.accepted_at is None and row.revoked_at is None and row.expires_at > work.now
    return (row, _seal(row, proves_address=True)) if row is not None and is_open else None


def invitation_behind(work: Work, secret: str) -> Invitation:
    """Return the invitation that a secret opens.

    Raises: InvitationSpent.
    """
    row = open_invitation(work, secret)
    if row is None:
        raise InvitationSpent(Sentence("This invitation was used, withdrawn or has expired. Ask for a new one."))
    return row


def accept_invitation(work: Work, secret: str, name: str, password: HashedPassword) -> Person:
    """Make the invited person, with a password of their choice, and let them in.

    Raises: InvitationSpent, Invalid, SignInFirst when the address has an account; Conflict where the organisation lets
    people in by its own identity provider alone.
    """
    invitation = invitation_behind(work, secret)
    if work.session.get_one(Organisation, invitation.organisation_id).is_provider_required:
        raise Conflict(Sentence("This organisation lets people in by its own sign-in alone. Come in by that."))
    if work.session.scalar(select(Person.id).where(Person.email == invitation.email)) is not None:
        raise SignInFirst(Sentence("You have an account here. Sign in, then open the link again."))
    person = add_person(work, invitation.email, name or invitation.name, password, None, "")
    _spend_shown(work, invitation, person)
    return person


def accept_vouched_invitation(work: Work, invitation: Invitation, name: str) -> Person:
    """Make the invited person without a password, whom the organisation's own identity provider vouches for.

    Shape: the caller found the invitation by the address that was vouched for, and locked it.
    Raises: Invalid, SignInFirst when the address has an account.
    """
    if work.session.scalar(select(Person.id).where(Person.email == invitation.email)) is not None:
        raise SignInFirst(Sentence("You have an account here. Sign in, then open the link again."))
    person = add_person(work, invitation.email, name or invitation.name, None, None, "")
    _spend(work, invitation, person)
    return person


def join_by_invitation(work: Work, secret: str, person_id: UUID) -> Person:
    """Let a person who is signed in follow an invitation to their own address.

    Shape: `person_id` is the signed-in actor's, read by the edge from the session.
    Raises: InvitationSpent, Forbidden when the invitation is for another address.
    """
    invitation = invitation_behind(work, secret)
    person = work.session.get(Person, person_id)
    if person is None or person.is_disabled or person.email != invitation.email:
        raise Forbidden("invitation:accept", "the person with the invited address")
    _spend_shown(work, invitation, person)
    return person


def _invite(
    work: Work,
    organisation: Organisation,
    email: str,
    name: str,
    *,
    role: str | None = None,
    staff_role: str | None = None,
) -> tuple[Invitation, str]:
    faults = Faults()
    address = clean_address(faults, "/email", email)
    clean_name = faults.line("/name", name, most=200)
    faults.close()
    waiting = select(func.count()).where(Invitation.organisation_id == organisation.id, *still_open(work.now))
    if (work.session.scalar(waiting) or 0) >= MOST_INVITATIONS:
        said = Sentence("At most %(most)s invitations may wait: withdraw one first.", most=MOST_INVITATIONS)
        raise Conflict(said)
    row = Invitation(
        organisation_id=organisation.id,
        email=address,
        name=clean_name,
        role=role,
        staff_role=staff_role,
        secret_digest="",
        invited_by=work.actor.person_id,
        created_at=work.now,
        expires_at=work.now + timedelta(days=work.settings.invitation_days),
    )
    secret = _seal(row, proves_address=work.actor.is_operator)
    work.session.add(row)
    work.session.flush()
    codes = {"role": role, "staff_role": staff_role}
    record_act(work, "invitation.made", "invitation", row.id, organisation_id=organisation.id, **codes)
    work.emit(PersonInvited(invitation_id=row.id, organisation_id=organisation.id))
    return row, secret


def _looked_after(work: Work, invitation_id: UUID) -> Invitation:
    """Return an invitation that the actor may take back or send again.

    Raises: NotFound, Forbidden.
    """
    row = work.session.scalar(select(Invitation).where(Invitation.id == invitation_id, visible_invitations(work.actor)))
    if row is None:
        raise NotFound
    if row.staff_role is None:
        require(work.actor, Permission.MEMBER_INVITE, row.organisation_id)
    else:
        require(work.actor, Permission.STAFF_ADMINISTER)
    return row


def _seal(row: Invitation, *, proves_address: bool) -> str:
    secret = new_secret("spi")
    row.secret_digest, row.proves_address = secret_digest(secret), proves_address
    return secret


def _spend_shown(work: Work, invitation: Invitation, person: Person) -> None:
    """Let in whoever showed the secret, which may prove their address."""
    if invitation.proves_address:
        prove_address(work, person)
    _spend(work, invitation, person)


def _spend(work: Work, invitation: Invitation, person: Person) -> None:
    invitation.accepted_at = work.now
    if invitation.staff_role is not None:
        person.staff_role = invitation.staff_role
        work.emit(StaffRoleChanged(person_id=person.id))
    if invitation.role is not None:
        write_membership(work, invitation.organisation_id, person.id, MemberRole(invitation.role))
    record_act(
        work,
        "invitation.accepted",
        "invitation",
        invitation.id,
        organisation_id=invitation.organisation_id,
        person_id=str(person.id),
    )
