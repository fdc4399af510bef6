"""Verbs of proving again: what is grave is done only by somebody who showed lately that they are still the same.

A verb that is grave begins with `require_proof`. Every way of proving who one is ends in `note_proof`.
"""

from datetime import timedelta

from statusportal.access.actor import Actor
from statusportal.accounts.models import Person
from statusportal.accounts.queries import myself
from statusportal.audit.service import record_act
from statusportal.foundation.errors import Invalid, NotSignedIn, Sentence
from statusportal.identity.errors import ProofNeeded
from statusportal.identity.models import SignIn
from statusportal.identity.passwords import password_fits
from statusportal.identity.trying import count_try, forget_try
from statusportal.work import Work

# Source: OWASP ASVS 5.0, V7.5.1 asks for a full proof before what is grave, and leaves its age to us.
PROOF_HOLDS = timedelta(minutes=10)


def has_fresh_proof(work: Work) -> bool:
    """Tell whether the actor may do what is grave now.

    A token never proves anything about whoever holds it. Work without session or token comes from the machine's own
    command line, whose reader is the operator.
    """
    if work.actor.credential_id is not None:
        return False
    session = _session_of(work, work.actor)
    return session is None or work.now - session.proved_at <= PROOF_HOLDS


def require_proof(work: Work) -> None:
    """Let the work go on only after a fresh proof.

    Raises: ProofNeeded.
    """
    if not has_fresh_proof(work):
        raise ProofNeeded


def prove_myself(work: Work, password: str, pointer: str = "/password") -> Person:
    """Hold a password against the actor's own, in work that reads: it takes long on purpose. Tries are limited.

    Raises: NotSignedIn, Invalid at `pointer`, TooMany.
    """
    person = myself(work)
    count_try(work.settings, person.email, f"person {person.id}")
    if not password_fits(person.password_hash, password):
        raise Invalid.field(pointer, Sentence("is not your present password"))
    forget_try(work.settings, person.email, f"person {person.id}")
    return person


def note_proof(work: Work) -> None:
    """Note in the actor's session that they proved who they are just now.

    Raises: NotSignedIn when the work came with no session.
    """
    session = _session_of(work, work.actor)
    if session is None:
        raise NotSignedIn("Sign in first.")
    session.proved_at = work.now
    record_act(work, "sign_in.proved", "person", session.person_id, sign_in_id=str(session.id))


def _session_of(work: Work, actor: Actor) -> SignIn | None:
    return work.session.get(SignIn, actor.session_id) if actor.session_id else None
