"""Verbs of signing in: proving a password, beginning a session, and ending it in every process.

The check of a password takes a tenth of a second on purpose. `prove_password` therefore does it in work that reads, and
`begin_sign_in` writes the result: nobody's samples wait behind somebody's password.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import select

from statusportal.access.permissions import Permission
from statusportal.access.policy import require
from statusportal.accounts.events import PersonDisabled
from statusportal.accounts.models import Person
from statusportal.accounts.queries import myself, person_for
from statusportal.audit.service import record_act
from statusportal.foundation.errors import NotFound, NotSignedIn
from statusportal.foundation.ids import new_secret, secret_digest
from statusportal.identity.actors import is_kept_out
from statusportal.identity.breaches import is_breached
from statusportal.identity.errors import ProviderNeeded, SignInRefused
from statusportal.identity.events import SignInBegan, SignInEnded
from statusportal.identity.models import SignIn
from statusportal.identity.passwords import hash_password, needs_new_hash, password_fits
from statusportal.identity.proving import PROOF_HOLDS
from statusportal.identity.trying import count_failure, count_try, forget_try
from statusportal.identity.vocabulary import SignInWay
from statusportal.work import Work


@dataclass(frozen=True, slots=True)
class Proof:
    """Say that somebody knows a person's password; `new_hash` is set when it must be kept with new parameters.

    A password that is `is_breached` opens the door, and is to be replaced behind it.
    `proved_hash` is what the password was held against: one that was changed since opens nothing.
    Where the provider of an organisation vouches, `proved_at` is when it says that they signed in, None where that is
    no proof of all that they may. `is_for_linking` lets in who may do nothing yet but link an identity.
    """

    person_id: UUID
    proved_hash: str | None
    new_hash: str | None
    is_breached: bool = False
    way: SignInWay = SignInWay.PASSWORD
    vouched_by: UUID | None = None
    proved_at: datetime | None = None
    is_for_linking: bool = False


def sign_in(work: Work, email: str, password: str, user_agent: str, address: str) -> tuple[SignIn, str]:
    """Prove a password and begin a session in one piece of work; see the head of this file for edges.

    Raises: SignInRefused, TooMany.
    """
    return begin_sign_in(work, prove_password(work, email, password, address), user_agent, address)


def prove_password(work: Work, email: str, password: str, address: str) -> Proof:
    """Check a password. Unknown, disabled and wrong take the same time and give the same text.

    Raises: SignInRefused, TooMany.
    """
    account = _printable(email.strip().lower(), 254)
    count_try(work.settings, account, address)
    person = work.session.scalar(select(Person).where(Person.email == account))
    fits = password_fits(person.password_hash if person else None, password)
    if person is None or not fits or person.is_disabled:
        count_failure(work.settings, account, address)
        raise SignInRefused(person.id if person else None)
    forget_try(work.settings, account, address)
    stale = person.password_hash is not None and needs_new_hash(person.password_hash)
    is_known = is_breached(work.settings.breached_passwords_file, password)
    return Proof(person.id, person.password_hash, hash_password(password) if stale else None, is_known)


def begin_sign_in(work: Work, proof: Proof, user_agent: str, address: str) -> tuple[SignIn, str]:
    """Begin a session for somebody who proved who they are; the secret is for the cookie and is kept as a digest.

    Raises: SignInRefused when the person was shut out or the password changed in between; ProviderNeeded when all that
    they may is open through their organisation's identity provider alone.
    """
    person = work.session.get(Person, proof.person_id)
    if person is None or person.is_disabled or person.password_hash != proof.proved_hash:
        raise SignInRefused(proof.person_id)
    if proof.new_hash is not None:
        person.password_hash = proof.new_hash
    if proof.vouched_by is None and not proof.is_for_linking and is_kept_out(work, person, proof.way):
        raise ProviderNeeded(person.id)
    secret = new_secret("sps")
    row = SignIn(
        person_id=person.id,
        secret_digest=secret_digest(secret),
        created_at=work.now,
        seen_at=work.now,
        proved_at=work.now if proof.vouched_by is None else proof.proved_at or work.now - 2 * PROOF_HOLDS,
        expires_at=_expiry(work, work.now),
        is_password_breached=proof.is_breached,
        way=proof.way.value,
        vouched_by_id=proof.vouched_by,
        user_agent=_printable(user_agent, 300),
        address=_printable(address, 60),
    )
    work.session.add(row)
    work.session.flush()
    record_act(work, "sign_in.began", "person", person.id, sign_in_id=str(row.id))
    work.emit(SignInBegan(sign_in_id=row.id, person_id=person.id))
    return row, secret


def record_refused_sign_in(work: Work, refused: SignInRefused) -> None:
    """Log a refusal, in work of its own since the refused one is rolled back. A row appears for unknown people too."""
    record_act(work, "sign_in.refused", "person", refused.person_id or "unknown")


def touch_sign_in(work: Work, sign_in_id: UUID) -> None:
    """Note that a session is in use and move its end on; `identity.actors.session_of` says when it is time."""
    row = work.session.get(SignIn, sign_in_id)
    if row is not None and row.ended_at is None:
        row.seen_at, row.expires_at = work.now, _expiry(work, row.created_at)


def end_sign_in(work: Work, sign_in_id: UUID) -> None:
    """End one session of one's own, this one or that of a lost phone, in every process.

    Raises: NotFound when it is not one of the actor's.
    """
    row = work.session.get(SignIn, sign_in_id)
    if row is None or row.person_id != work.actor.person_id:
        raise NotFound
    _end(work, [row.id])


def end_sign_in_of(work: Work, person_id: UUID, sign_in_id: UUID) -> None:
    """End a session of somebody else, whose phone was lost or who has left.

    Raises: Forbidden, NotFound when it is not that person's.
    """
    require(work.actor, Permission.STAFF_ADMINISTER)
    row = work.session.get(SignIn, sign_in_id)
    if row is None or row.person_id != person_id:
        raise NotFound
    _end(work, [row.id])


def end_all_sign_ins_of(work: Work, person_id: UUID) -> int:
    """End every session of somebody else, and tell how many.

    Raises: Forbidden, NotFound.
    """
    require(work.actor, Permission.STAFF_ADMINISTER)
    return end_sign_ins_of(work, person_for(work, person_id).id)


def work_in(work: Work, organisation_id: UUID) -> None:
    """Let the session this work came with look at one of several organisations.

    Raises: NotFound for an organisation that is not the actor's, NotSignedIn when the work came with no session.
    """
    row = work.session.get(SignIn, work.actor.session_id) if work.actor.session_id else None
    if row is None:
        raise NotSignedIn("Sign in first.")
    if organisation_id not in work.actor.organisations:
        raise NotFound
    row.organisation_id = organisation_id


def end_all_sign_ins(work: Work) -> int:
    """End every session of the actor, this one too, and tell how many.

    Raises: NotSignedIn.
    """
    return end_sign_ins_of(work, myself(work).id)


def end_other_sign_ins(work: Work) -> int:
    """End every session of the actor but this one, and tell how many.

    Raises: NotSignedIn.
    """
    return end_sign_ins_of(work, myself(work).id, but=work.actor.session_id)


def end_sign_ins_of(work: Work, person_id: UUID, but: UUID | None = None) -> int:
    """End a person's sessions for a caller that has the right to; `but` one is kept."""
    query = select(SignIn.id).where(SignIn.person_id == person_id, SignIn.ended_at.is_(None), SignIn.id != but)
    return _end(work, work.session.scalars(query).all())


def end_vouched_sign_ins(work: Work, organisation_id: UUID, person_id: UUID | None = None) -> int:
    """End the sessions that an organisation's identity provider vouched for: all, or one person's."""
    query = select(SignIn.id).where(SignIn.vouched_by_id == organisation_id, SignIn.ended_at.is_(None))
    if person_id is not None:
        query = query.where(SignIn.person_id == person_id)
    return _end(work, work.session.scalars(query).all())


def end_sign_ins_not_vouched_for(
    work: Work, person_ids: Sequence[UUID], organisation_id: UUID, but: UUID | None = None
) -> int:
    """End what people of an organisation began otherwise than by its identity provider; `but` one is kept."""
    query = select(SignIn.id).where(
        SignIn.person_id.in_(person_ids),
        SignIn.ended_at.is_(None),
        SignIn.vouched_by_id.is_distinct_from(organisation_id),
        SignIn.id != but,
    )
    return _end(work, work.session.scalars(query).all())


def shut_out(work: Work, event: PersonDisabled) -> None:
    """End every session of somebody who was disabled: a projection, in the transaction that disables them."""
    end_sign_ins_of(work, event.person_id)


def _end(work: Work, sign_in_ids: Sequence[UUID]) -> int:
    for row in work.session.scalars(select(SignIn).where(SignIn.id.in_(sign_in_ids), SignIn.ended_at.is_(None))):
        row.ended_at = work.now
        record_act(work, "sign_in.ended", "person", row.person_id, sign_in_id=str(row.id))
        work.emit(SignInEnded(sign_in_id=row.id, person_id=row.person_id))
    return len(sign_in_ids)


def _expiry(work: Work, began_at: datetime) -> datetime:
    """Return when a session in use now ends: after a time of silence, and at last whatever happens.

    Source: OWASP ASVS 5.0, V7.3.1 and V7.3.2.
    """
    silent = work.now + timedelta(days=work.settings.session_days)
    longest = work.settings.session_longest_days
    return min(silent, began_at + timedelta(days=longest)) if longest else silent


def _printable(text: str, most: int) -> str:
    return "".join(sign for sign in text if sign.isprintable())[:most]
