"""Verbs of signing in: sessions, passwords and personal tokens.

The check of a password takes a tenth of a second on purpose. `prove_password` therefore does it in work that reads, and
`begin_sign_in` writes the result: nobody's samples wait behind somebody's password.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from limits import RateLimitItem, RateLimitItemPerMinute
from limits.strategies import MovingWindowRateLimiter
from sqlalchemy import select, update

from statusportal.access.counting import Counters
from statusportal.access.permissions import Permission
from statusportal.access.policy import require
from statusportal.accounts.errors import SignInRefused
from statusportal.accounts.events import SignInEnded
from statusportal.accounts.models import Person, PersonalToken, SignIn
from statusportal.accounts.passwords import (
    HashedPassword,
    check_password,
    hash_password,
    needs_new_hash,
    password_fits,
)
from statusportal.accounts.queries import myself
from statusportal.audit.service import record_act
from statusportal.config import Settings
from statusportal.foundation.errors import Faults, Invalid, NotFound, NotSignedIn, Sentence, TooMany
from statusportal.foundation.ids import new_secret, secret_digest
from statusportal.work import Work

_TRY_WINDOW_S = 60
# One address may try many accounts, and many addresses one account, this many times as often as one the other.
_WIDE = 10
_tries = MovingWindowRateLimiter(Counters())


@dataclass(frozen=True, slots=True)
class Proof:
    """Say that somebody knows a person's password; `new_hash` is set when it must be kept with new parameters.

    `proved_hash` is what the password was held against: one that was changed since opens nothing.
    """

    person_id: UUID
    proved_hash: str | None
    new_hash: str | None


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
    _count_try(work.settings, account, address)
    person = work.session.scalar(select(Person).where(Person.email == account))
    fits = password_fits(person.password_hash if person else None, password)
    if person is None or not fits or person.is_disabled:
        _count_failure(work.settings, account, address)
        raise SignInRefused(person.id if person else None)
    _forget_try(work.settings, account, address)
    stale = person.password_hash is not None and needs_new_hash(person.password_hash)
    return Proof(person.id, person.password_hash, hash_password(password) if stale else None)


def begin_sign_in(work: Work, proof: Proof, user_agent: str, address: str) -> tuple[SignIn, str]:
    """Begin a session for somebody who proved who they are; the secret is for the cookie and is kept as a digest.

    Raises: SignInRefused when the person was shut out or the password changed in between.
    """
    person = work.session.get(Person, proof.person_id)
    if person is None or person.is_disabled or person.password_hash != proof.proved_hash:
        raise SignInRefused(proof.person_id)
    if proof.new_hash is not None:
        person.password_hash = proof.new_hash
    secret = new_secret("sps")
    row = SignIn(
        person_id=person.id,
        secret_digest=secret_digest(secret),
        created_at=work.now,
        seen_at=work.now,
        expires_at=_expiry(work),
        user_agent=_printable(user_agent, 300),
        address=_printable(address, 60),
    )
    work.session.add(row)
    work.session.flush()
    record_act(work, "sign_in.began", "person", person.id, sign_in_id=str(row.id))
    return row, secret


def record_refused_sign_in(work: Work, refused: SignInRefused) -> None:
    """Log a refusal, in work of its own since the refused one is rolled back. A row appears for unknown people too."""
    record_act(work, "sign_in.refused", "person", refused.person_id or "unknown")


def touch_sign_in(work: Work, sign_in_id: UUID) -> None:
    """Note that a session is in use and move its end on; `accounts.actors.session_of` says when it is time."""
    work.session.execute(
        update(SignIn)
        .where(SignIn.id == sign_in_id, SignIn.ended_at.is_(None))
        .values(seen_at=work.now, expires_at=_expiry(work))
    )


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


def end_sign_ins_of(work: Work, person_id: UUID, but: UUID | None = None) -> int:
    """End a person's sessions for a caller that has the right to; `but` one is kept."""
    query = select(SignIn.id).where(SignIn.person_id == person_id, SignIn.ended_at.is_(None), SignIn.id != but)
    return _end(work, work.session.scalars(query).all())


def change_password(work: Work, old: str, new: str) -> None:
    """Prove the old password and set the new one in one piece of work; see the head of this file for edges.

    Raises: NotSignedIn, Invalid, TooMany.
    """
    set_password(work, prove_change(work, old, new))


def prove_change(work: Work, old: str, new: str) -> HashedPassword:
    """Check the actor's old password and hash the new one, in work that reads.

    Raises: NotSignedIn, Invalid, TooMany.
    """
    person = myself(work)
    _count_try(work.settings, person.email, f"person {person.id}")
    if not password_fits(person.password_hash, old):
        raise Invalid.field("/old", Sentence("is not your present password"))
    _forget_try(work.settings, person.email, f"person {person.id}")
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


def issue_personal_token(
    work: Work, name: str, scopes: Sequence[str], expires_at: datetime | None
) -> tuple[PersonalToken, str]:
    """Make a token for the actor's own scripts; the secret is shown this once.

    Shape: a scope names a permission. Without scopes a token holds all rights of its person, with scopes those alone;
    what the person may read it may read in either case.
    Raises: NotSignedIn, Invalid.
    """
    person = myself(work)
    faults = Faults()
    clean_name = faults.line("/name", name, most=200)
    known = {permission.value for permission in Permission}
    for index, scope in enumerate(scopes):
        if scope not in known:
            faults.note(f"/scopes/{index}", Sentence("must be a right, such as entry:publish"))
    if expires_at is not None and expires_at <= work.now:
        faults.note("/expires_at", Sentence("must lie ahead"))
    faults.close()
    secret = new_secret("spp")
    row = PersonalToken(
        person_id=person.id,
        name=clean_name,
        secret_digest=secret_digest(secret),
        scopes=sorted(set(scopes)),
        created_at=work.now,
        expires_at=expires_at,
    )
    work.session.add(row)
    work.session.flush()
    record_act(work, "token.issued", "personal_token", row.id)
    return row, secret


def revoke_personal_token(work: Work, token_id: UUID) -> None:
    """Let one of the actor's tokens work no more.

    Raises: NotSignedIn, NotFound.
    """
    row = work.session.get(PersonalToken, token_id)
    if row is None or row.person_id != myself(work).id:
        raise NotFound
    row.revoked_at = row.revoked_at or work.now
    record_act(work, "token.revoked", "personal_token", row.id)


def _end(work: Work, sign_in_ids: Sequence[UUID]) -> int:
    for row in work.session.scalars(select(SignIn).where(SignIn.id.in_(sign_in_ids), SignIn.ended_at.is_(None))):
        row.ended_at = work.now
        record_act(work, "sign_in.ended", "person", row.person_id, sign_in_id=str(row.id))
        work.emit(SignInEnded(sign_in_id=row.id, person_id=row.person_id))
    return len(sign_in_ids)


def _expiry(work: Work) -> datetime:
    return work.now + timedelta(days=work.settings.session_days)


def _printable(text: str, most: int) -> str:
    return "".join(sign for sign in text if sign.isprintable())[:most]


def _pair(settings: Settings, account: str, address: str) -> tuple[RateLimitItem, tuple[str, ...]]:
    # The data folder keeps two portals in one process apart, as in tests.
    item = RateLimitItemPerMinute(settings.sign_in_tries_per_minute)
    return item, (settings.instance_dir, "pair", account, address)


def _wide(settings: Settings, account: str, address: str) -> list[tuple[RateLimitItem, tuple[str, ...]]]:
    item = RateLimitItemPerMinute(settings.sign_in_tries_per_minute * _WIDE)
    return [(item, (settings.instance_dir, "account", account)), (item, (settings.instance_dir, "address", address))]


def _count_try(settings: Settings, account: str, address: str) -> None:
    """Count before the check, so that many tries at once gain nothing; a right password takes its count back."""
    if settings.sign_in_tries_per_minute == 0:
        return
    item, key = _pair(settings, account, address)
    is_open = all(_tries.test(wide, *place) for wide, place in _wide(settings, account, address))
    if not is_open or not _tries.hit(item, *key):
        raise TooMany(Sentence("Too many tries. Wait a minute, then try again."), retry_after_s=_TRY_WINDOW_S)


def _count_failure(settings: Settings, account: str, address: str) -> None:
    """Count only failures widely, so that an office behind one address is not shut out by its own sign-ins."""
    if settings.sign_in_tries_per_minute == 0:
        return
    for item, key in _wide(settings, account, address):
        _tries.hit(item, *key)


def _forget_try(settings: Settings, account: str, address: str) -> None:
    if settings.sign_in_tries_per_minute != 0:
        item, key = _pair(settings, account, address)
        _tries.clear(item, *key)
