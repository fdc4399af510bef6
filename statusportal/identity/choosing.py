"""Verbs of choosing a password: checked and hashed in work that reads, kept in work that writes."""

from statusportal.accounts.inviting import invitation_behind
from statusportal.accounts.queries import myself
from statusportal.accounts.vocabulary import HashedPassword
from statusportal.audit.service import record_act
from statusportal.foundation.errors import Faults, Invalid, Sentence
from statusportal.identity.passwords import check_password, hash_password, new_password
from statusportal.identity.proving import prove_myself
from statusportal.identity.signing_in import end_sign_ins_of
from statusportal.work import Work


def prepare_password(work: Work, secret: str, name: str, password: str) -> HashedPassword:
    """Check and hash the password of an invited person in work that reads: hashing takes long on purpose.

    Raises: InvitationSpent, Invalid.
    """
    invitation = invitation_behind(work, secret)
    return new_password(password, name=name or invitation.name, email=invitation.email)


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
    faults = Faults()
    check_password(faults, "/new", new, name=person.name, email=person.email)
    faults.close()
    return HashedPassword(hash_password(new), replaces=person.password_hash)


def set_password(work: Work, proved: HashedPassword) -> None:
    """Set the actor's password, which `prove_change` gave out, and end their other sessions.

    Raises: NotSignedIn, Invalid when it was changed in between.
    """
    person = myself(work)
    if person.password_hash != proved.replaces:
        raise Invalid.field("/old", Sentence("is not your present password"))
    person.password_hash = proved.value
    end_sign_ins_of(work, person.id, but=work.actor.session_id)
    record_act(work, "password.changed", "person", person.id)
