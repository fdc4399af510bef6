"""Verbs of asking a whole organisation for a second proof."""

from uuid import UUID

from statusportal.access.permissions import Permission
from statusportal.access.policy import require
from statusportal.accounts.models import Organisation
from statusportal.accounts.queries import organisation_for
from statusportal.audit.service import record_act
from statusportal.identity.proving import require_proof
from statusportal.proofs.models import SecondProofRule
from statusportal.work import Work


def ask_for_second_proof(work: Work, organisation_id: UUID) -> None:
    """Let everybody of an organisation need a second proof; who has none is led to set one up.

    Raises: NotFound, Forbidden, ProofNeeded.
    """
    organisation = _administered(work, organisation_id)
    if work.session.get(SecondProofRule, organisation.id) is None:
        work.session.add(SecondProofRule(organisation_id=organisation.id, since_at=work.now))
        work.session.flush()
        record_act(work, "second_proof.asked", "organisation", organisation.id, organisation_id=organisation.id)


def ask_no_more(work: Work, organisation_id: UUID) -> None:
    """Let a password be enough in an organisation again.

    Raises: NotFound, Forbidden, ProofNeeded.
    """
    organisation = _administered(work, organisation_id)
    row = work.session.get(SecondProofRule, organisation.id)
    if row is not None:
        work.session.delete(row)
        record_act(work, "second_proof.unasked", "organisation", organisation.id, organisation_id=organisation.id)


def _administered(work: Work, organisation_id: UUID) -> Organisation:
    organisation = organisation_for(work, organisation_id)
    require(work.actor, Permission.PROOF_ADMINISTER, organisation.id)
    require_proof(work)
    return organisation
