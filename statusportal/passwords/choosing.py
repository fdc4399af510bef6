"""Verbs of choosing a password: checked and hashed in work that reads, kept in work that writes."""

from collections.abc import Sequence
from dataclasses import replace
from uuid import UUID

from sqlalchemy import or_, select

from statusportal.accounts.inviting import invitation_behind
from statusportal.accounts.models import Membership, Organisation, Person
from statusportal.accounts.queries import myself
from statusportal.accounts.vocabulary import HashedPassword, OrganisationKind
from statusportal.audit.service import record_act
from statusportal.foundation.errors import Invalid, Sentence
from statusportal.identity.models import SignIn
from statusportal.identity.proving import prove_myself
from statusportal.identity.signing_in import end_sign_ins_of
from statusportal.passwords.events import PasswordChanged
from statusportal.passwords.rules import new_password
from statusportal.work import Work


def prepare_password(work: Work, secret: str, name: str, password: str) -> HashedPassword:
    """Check and hash the password of an invited person in work that reads: hashing takes long on purpose.

    Raises: InvitationSpent, Invalid.
    """
    invitation = invitation_behind(work, secret)
    about = (name or invitation.name, invitation.email, *_names_of(work, [invitation.organisation_id]))
    return new_password(password, about, work.settings.breached_passwords_file)


def first_password(work: Work, email: str, name: str, password: str) -> HashedPassword:
    """Check and hash the password that the operator gives somebody at the machine's own command line.

    Raises: Invalid.
    """
    return new_password(password, (name, email, *_names_of(work, [])), work.settings.breached_passwords_file)


def change_password(work: Work, old: str, new: str) -> None:
    """Prove the old password and set the new one in one piece of work; edges do the two apart.

    Raises: NotSignedIn, Invalid, TooMany.
    """
    set_password(work, prove_change(work, old, new))


def prove_change(work: Work, old: str, new: str) -> HashedPassword:
    """Check the actor's old password and hash the new one, in work that reads.

    Raises: NotSignedIn, Invalid, TooMany.
    """
    person = prove_myself(work, old, "/old")
    return hashed_for(work, person, new, "/new")


def set_password(work: Work, proved: HashedPassword) -> None:
    """Set the actor's password, which `prove_change` gave out, and end their other sessions.

    Raises: NotSignedIn, Invalid when it was changed in between.
    """
    person = myself(work)
    if person.password_hash != proved.replaces:
        raise Invalid.field("/old", Sentence("is not your present password"))
    person.password_hash = proved.value
    end_sign_ins_of(work, person.id, but=work.actor.session_id)
    session = work.session.get(SignIn, work.actor.session_id) if work.actor.session_id else None
    if session is not None:
        session.is_password_breached = False
    record_act(work, "password.changed", "person", person.id)
    work.emit(PasswordChanged(person_id=person.id))


def hashed_for(work: Work, person: Person, password: str, pointer: str) -> HashedPassword:
    """Check another password for somebody who is known, and hash it; it replaces the one they have now.

    Raises: Invalid at `pointer`.
    """
    hashed = new_password(password, _about(work, person), work.settings.breached_passwords_file, pointer)
    return replace(hashed, replaces=person.password_hash)


def _about(work: Work, person: Person) -> tuple[str, ...]:
    """Give what a guesser knows of somebody: their name, their address, and where they belong."""
    own = work.session.scalars(select(Membership.organisation_id).where(Membership.person_id == person.id))
    return (person.name, person.email, *_names_of(work, own.all()))


def _names_of(work: Work, organisation_ids: Sequence[UUID]) -> tuple[str, ...]:
    """Give the names of these organisations and of whoever runs the portal."""
    wanted = or_(Organisation.id.in_(organisation_ids), Organisation.kind == OrganisationKind.OPERATOR.value)
    return (work.settings.operator_name, *work.session.scalars(select(Organisation.name).where(wanted)))
