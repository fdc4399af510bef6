"""Verbs of the step after the password. Edges ask as SYSTEM: there is no session before the second proof."""

from dataclasses import asdict
from uuid import UUID

from sqlalchemy import Update, update

from statusportal.audit.service import record_act
from statusportal.identity.signing_in import Proof
from statusportal.identity.trying import count_try, forget_try
from statusportal.proofs.beginning import begin_ceremony, ceremony_of
from statusportal.proofs.codes import fitting_step, recovery_digest
from statusportal.proofs.errors import CodeRefused
from statusportal.proofs.models import CodeApp, RecoveryCode
from statusportal.proofs.queries import means_of
from statusportal.proofs.sealing import unseal
from statusportal.proofs.vocabulary import CeremonyKind, Means, Onward
from statusportal.work import Work

# One place for all addresses: whoever knows the password must not guess codes from many of them.
_ANYWHERE = "second proof"
_STEP = CeremonyKind.SECOND_STEP


def second_means(work: Work, person_id: UUID) -> Means:
    """Tell what a person who knew the password must show; nothing when the password is enough."""
    means = means_of(work, [person_id])[person_id]
    return means if means.is_enough else Means()


def begin_second_step(work: Work, proof: Proof, onward: Onward) -> str:
    """Keep that the password was right, for five minutes; the secret is for a cookie."""
    data = {"proved_hash": proof.proved_hash, "new_hash": proof.new_hash, "onward": asdict(onward)}
    return begin_ceremony(work, _STEP, proof.person_id, data)


def second_step(work: Work, secret: str) -> tuple[Proof, Onward]:
    """Return what was kept of a sign-in: the proof, and where it leads.

    Raises: StepOver.
    """
    row = ceremony_of(work, _STEP, secret)
    data = row.secret_data
    assert row.person_id is not None  # noqa: S101 - a second step is always somebody's
    return Proof(row.person_id, data["proved_hash"], data["new_hash"]), Onward(**data["onward"])


def prove_by_code(work: Work, person_id: UUID, code: str) -> None:
    """Take a code of the person's app, or one from paper. Each works once, and tries are limited.

    Raises: CodeRefused, TooMany.
    """
    account = f"second:{person_id}"
    count_try(work.settings, account, _ANYWHERE)
    if not (_take_app_code(work, person_id, code) or _take_recovery_code(work, person_id, code)):
        raise CodeRefused
    forget_try(work.settings, account, _ANYWHERE)


def record_refused_code(work: Work, person_id: UUID) -> None:
    """Log that a right password came with a wrong second proof, in work of its own."""
    record_act(work, "second_proof.refused", "person", person_id)


def _take_app_code(work: Work, person_id: UUID, code: str) -> bool:
    app = work.session.get(CodeApp, person_id)
    if app is None or app.confirmed_at is None:
        return False
    step = fitting_step(unseal(work.settings.proofs_key, app.sealed_secret), code, work.now)
    if step is None:
        return False
    # The comparison stands in the statement: of two requests with one code, one finds it used.
    taken = update(CodeApp).where(CodeApp.person_id == person_id, CodeApp.last_step < step).values(last_step=step)
    return _changes_one(work, taken)


def _take_recovery_code(work: Work, person_id: UUID, code: str) -> bool:
    taken = (
        update(RecoveryCode)
        .where(
            RecoveryCode.person_id == person_id,
            RecoveryCode.digest == recovery_digest(code),
            RecoveryCode.used_at.is_(None),
        )
        .values(used_at=work.now)
    )
    if not _changes_one(work, taken):
        return False
    record_act(work, "recovery_code.used", "person", person_id)
    return True


def _changes_one(work: Work, statement: Update) -> bool:
    result = work.session.execute(statement, execution_options={"synchronize_session": False})
    return result.rowcount == 1  # type: ignore[attr-defined,no-any-return]  # an UPDATE gives a cursor result
