"""Verbs of an app that makes codes: set up, confirmed by its first code, and taken away again."""

from sqlalchemy import delete

from statusportal.accounts.queries import myself
from statusportal.audit.service import record_act
from statusportal.foundation.errors import Conflict, Invalid, NotFound, Sentence
from statusportal.identity.proving import require_proof
from statusportal.proofs.codes import app_address, fitting_step, new_app_secret
from statusportal.proofs.models import CodeApp, SecondProofReset
from statusportal.proofs.queries import my_means
from statusportal.proofs.recovering import issue_recovery_codes
from statusportal.proofs.sealing import seal, unseal
from statusportal.proofs.vocabulary import Enrolment
from statusportal.work import Work


def begin_enrolment(work: Work) -> Enrolment:
    """Make the secret for the actor's app. It counts for nothing until a code of it was shown.

    Raises: NotSignedIn, ProofNeeded, Conflict while there is an app already.
    """
    person = myself(work)
    require_proof(work)
    row = work.session.get(CodeApp, person.id)
    if row is not None and row.confirmed_at is not None:
        raise Conflict(Sentence("You have an app already. Take it away first."))
    secret = new_app_secret()
    row = row or CodeApp(person_id=person.id)
    row.sealed_secret, row.created_at, row.last_step = seal(work.settings.proofs_key, secret), work.now, 0
    work.session.add(row)
    work.session.flush()
    return _enrolment(work, secret)


def waiting_enrolment(work: Work) -> Enrolment:
    """Return what the actor's app must be told, while it was not confirmed yet.

    Raises: NotSignedIn, ProofNeeded, NotFound.
    """
    _row, secret = _waiting_app(work)
    return _enrolment(work, secret)


def confirm_enrolment(work: Work, code: str) -> tuple[str, ...]:
    """Take the app's first code; from now on signing in asks for one. Returns recovery codes, shown this once.

    Shape: no codes when the actor has unused ones already.
    Raises: NotSignedIn, ProofNeeded, NotFound, Invalid.
    """
    row, secret = _waiting_app(work)
    step = fitting_step(secret, code, work.now)
    if step is None:
        raise Invalid.field("/code", Sentence("does not fit; the clock of your phone must be right"))
    row.confirmed_at, row.last_step = work.now, step
    work.session.execute(delete(SecondProofReset).where(SecondProofReset.person_id == row.person_id))
    work.session.flush()
    record_act(work, "code_app.added", "person", row.person_id)
    return () if my_means(work).recovery_codes else issue_recovery_codes(work)


def remove_app(work: Work) -> None:
    """Take the actor's app away.

    Raises: NotSignedIn, ProofNeeded, NotFound.
    """
    person = myself(work)
    require_proof(work)
    row = work.session.get(CodeApp, person.id)
    if row is None:
        raise NotFound
    work.session.delete(row)
    record_act(work, "code_app.removed", "person", person.id)


def _waiting_app(work: Work) -> tuple[CodeApp, str]:
    person = myself(work)
    require_proof(work)
    row = work.session.get(CodeApp, person.id)
    if row is None or row.confirmed_at is not None:
        raise NotFound
    return row, unseal(work.settings.proofs_key, row.sealed_secret)


def _enrolment(work: Work, secret: str) -> Enrolment:
    return Enrolment(secret, app_address(secret, myself(work).email, work.settings.operator_name))
