"""Verbs for when an app or a phone is lost: codes on paper, and an administrator who takes everything away."""

from uuid import UUID

from sqlalchemy import delete

from statusportal.access.permissions import Permission
from statusportal.access.policy import actor_holds
from statusportal.accounts.models import Person
from statusportal.accounts.queries import memberships_of, myself, person_for
from statusportal.audit.service import record_act
from statusportal.foundation.errors import Forbidden
from statusportal.identity.proving import require_proof
from statusportal.identity.signing_in import end_sign_ins_of
from statusportal.proofs.codes import new_recovery_code, recovery_digest
from statusportal.proofs.events import SecondProofsRevoked
from statusportal.proofs.models import CodeApp, Passkey, RecoveryCode, SecondProofReset
from statusportal.proofs.vocabulary import RECOVERY_CODES
from statusportal.work import Work


def issue_recovery_codes(work: Work) -> tuple[str, ...]:
    """Give the actor new recovery codes, shown this once; the old ones work no more.

    Raises: NotSignedIn, ProofNeeded.
    """
    person = myself(work)
    require_proof(work)
    codes = tuple(new_recovery_code() for _ in range(RECOVERY_CODES))
    work.session.execute(delete(RecoveryCode).where(RecoveryCode.person_id == person.id))
    work.session.add_all(
        RecoveryCode(person_id=person.id, digest=recovery_digest(code), created_at=work.now) for code in codes
    )
    work.session.flush()
    record_act(work, "recovery_codes.issued", "person", person.id)
    return codes


def reset_second_proofs(work: Work, person_id: UUID) -> None:
    """Take away what a person proved themselves with, end their sessions, and let them be told.

    Raises: NotFound, Forbidden.
    """
    person = person_for(work, person_id)
    require_reset(work, person)
    for table in (CodeApp, RecoveryCode, Passkey, SecondProofReset):
        work.session.execute(delete(table).where(table.person_id == person.id))
    work.session.add(SecondProofReset(person_id=person.id, at=work.now))
    end_sign_ins_of(work, person.id, but=work.actor.session_id)
    for owner in _homes(work, person) or [None]:
        record_act(work, "second_proofs.reset", "person", person.id, organisation_id=owner)
    work.emit(SecondProofsRevoked(person_id=person.id))


def require_reset(work: Work, person: Person) -> None:
    """Let the operator's administrators reset anybody, and a customer's those of their own who are no staff.

    Raises: Forbidden, ProofNeeded.
    """
    is_theirs = any(actor_holds(work.actor, Permission.PROOF_ADMINISTER, one) for one in _homes(work, person))
    # A person is nobody's organisation: what is held there is held everywhere.
    if not actor_holds(work.actor, Permission.PROOF_ADMINISTER, person.id) and not (
        is_theirs and not person.staff_role
    ):
        raise Forbidden(Permission.PROOF_ADMINISTER.value, "an administrator of their organisation")
    require_proof(work)


def _homes(work: Work, person: Person) -> list[UUID | None]:
    return [organisation.id for organisation, _role in memberships_of(work, person.id)]
