"""Verbs of acts that take two requests: what began is kept on the server, works once, and expires."""

from datetime import timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import delete, select, true, update

from statusportal.access.vocabulary import ActorKind
from statusportal.foundation.ids import new_secret, secret_digest
from statusportal.proofs.errors import StepOver
from statusportal.proofs.models import Ceremony
from statusportal.proofs.vocabulary import STEP_HOLDS, CeremonyKind, Challenge
from statusportal.work import Work

MOST_TRIES = 5


def begin_ceremony(
    work: Work, kind: CeremonyKind, person_id: UUID | None, data: dict[str, Any], holds: timedelta = STEP_HOLDS
) -> str:
    """Keep what the second request is held to; the secret that finds it is for the browser alone."""
    work.session.execute(delete(Ceremony).where(Ceremony.expires_at < work.now))
    secret = new_secret("spc")
    work.session.add(
        Ceremony(
            secret_digest=secret_digest(secret),
            kind=kind.value,
            person_id=person_id,
            secret_data=data,
            expires_at=work.now + holds,
        )
    )
    work.session.flush()
    return secret


def ceremony_of(work: Work, kind: CeremonyKind, secret: str) -> Ceremony:
    """Return what began and still waits; a person finds their own alone, the portal's door everybody's.

    Raises: StepOver.
    """
    row = work.session.scalar(
        select(Ceremony).where(
            Ceremony.secret_digest == secret_digest(secret),
            Ceremony.kind == kind.value,
            Ceremony.expires_at > work.now,
            Ceremony.tries < MOST_TRIES,
            true() if work.actor.kind is ActorKind.SYSTEM else Ceremony.person_id == work.actor.person_id,
        )
    )
    if row is None:
        raise StepOver
    return row


def spend_ceremony(work: Work, kind: CeremonyKind, secret: str) -> Ceremony:
    """Take what began away, so that it works this once.

    Raises: StepOver, also for the second of two at once.
    """
    row = ceremony_of(work, kind, secret)
    gone = work.session.execute(delete(Ceremony).where(Ceremony.id == row.id)).rowcount  # type: ignore[attr-defined]  # a DELETE gives a cursor result
    if gone != 1:
        raise StepOver
    work.session.expunge(row)
    return row


def spend_challenge(work: Work, kind: CeremonyKind, secret: str) -> Challenge:
    """Take a challenge, in work of its own: it is spent whatever comes of the answer.

    Raises: StepOver.
    """
    row = spend_ceremony(work, kind, secret)
    return Challenge(row.secret_data["challenge"], row.person_id)


def count_wrong_try(work: Work, kind: CeremonyKind, secret: str) -> None:
    """Count a wrong answer, in work of its own since the refused one is rolled back."""
    row = ceremony_of(work, kind, secret)
    work.session.execute(update(Ceremony).where(Ceremony.id == row.id).values(tries=Ceremony.tries + 1))
