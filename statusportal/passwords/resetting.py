"""Verbs of a forgotten password: a secret that works once, for an hour, and ends every session when it is used.

Asking is the same whether or not anybody has the address: one row, one fact. Who it belongs to is looked up afterwards,
off the request's path, by whoever writes the letter; that is also when the secret is made. Edges ask as SYSTEM, since
nobody is signed in.
"""

from datetime import timedelta
from uuid import UUID

from sqlalchemy import func, select, update

from statusportal.access.actor import Actor
from statusportal.access.permissions import Permission
from statusportal.access.policy import require
from statusportal.accounts.events import AccountReclaimed
from statusportal.accounts.models import Person
from statusportal.accounts.service import prove_address
from statusportal.accounts.vocabulary import HashedPassword
from statusportal.audit.service import record_act
from statusportal.foundation.errors import NotFound, Sentence
from statusportal.foundation.ids import new_secret, secret_digest
from statusportal.identity.issuing import revoke_tokens_of
from statusportal.identity.signing_in import end_sign_ins_of
from statusportal.identity.trying import count_failure, count_try
from statusportal.passwords.choosing import hashed_for
from statusportal.passwords.errors import ResetSpent
from statusportal.passwords.events import PasswordChanged, ResetAsked
from statusportal.passwords.models import PasswordReset
from statusportal.work import Work

# Source: OWASP ASVS 5.0, V6.4.1 and V6.4.3: random, once, soon over, and nothing else is needed.
RESET_HOLDS = timedelta(minutes=60)
# Somebody else's typing must not fill a person's mailbox.
_MOST_AN_HOUR = 5


def ask_reset(work: Work, email: str, address: str) -> None:
    """Note that somebody forgot their password; `address` is where they ask from.

    Raises: TooMany.
    """
    account = "".join(sign for sign in email.strip().lower() if sign.isprintable())[:254]
    count_try(work.settings, f"reset {account}", address)
    count_failure(work.settings, f"reset {account}", address)
    _ask(work, account)


def ask_reset_of(work: Work, whose: Actor) -> None:
    """Let a letter be written to somebody who cannot get in.

    Shape: `whose` is that person, read by the edge as SYSTEM: see `_require_care_of`.
    Raises: NotFound, Forbidden.
    """
    person = _require_care_of(work, whose)
    _ask(work, person.email, person.id)
    record_act(work, "reset.asked", "person", person.id)


def make_reset_secret(work: Work, whose: Actor) -> str:
    """Make the secret for a link that is handed over by hand, where no mail is sent.

    Shape: as `ask_reset_of`. Raises: NotFound, Forbidden.
    """
    person = _require_care_of(work, whose)
    row = PasswordReset(email=person.email, asked_at=work.now, expires_at=work.now + RESET_HOLDS)
    work.session.add(row)
    record_act(work, "reset.made", "person", person.id)
    return _seal(row, person.id, proves_address=work.actor.is_operator)


def begin_reset(work: Work, reset_id: UUID) -> tuple[Person, str] | None:
    """Make the secret of a reset that was asked for, for the letter; None when there is nobody to write to.

    A second call makes another secret, and the first opens nothing: a letter that did not leave was never written.
    """
    row = work.session.get(PasswordReset, reset_id)
    if row is None or row.used_at is not None or row.expires_at <= work.now:
        return None
    person = work.session.scalar(select(Person).where(Person.email == row.email))
    if person is None or person.is_disabled or _count_lately(work, person.id, row.id) >= _MOST_AN_HOUR:
        work.session.delete(row)
        return None
    return person, _seal(row, person.id, proves_address=True)


def find_open_reset(work: Work, secret: str) -> PasswordReset | None:
    """Return the reset that a link opens, or None when it was used, has run out, or never was."""
    query = select(PasswordReset).where(
        PasswordReset.secret_digest == secret_digest(secret),
        PasswordReset.used_at.is_(None),
        PasswordReset.expires_at > work.now,
    )
    return work.session.scalar(query.with_for_update())


def prepare_reset(work: Work, secret: str, password: str) -> HashedPassword:
    """Check and hash the new password in work that reads: it takes long on purpose.

    Raises: ResetSpent, Invalid.
    """
    return hashed_for(work, _behind(work, secret)[0], password, "/password")


def reset_password(work: Work, secret: str, proved: HashedPassword) -> Person:
    """Set the password, use up every link of its person, end all their sessions and revoke all their tokens.

    Raises: ResetSpent, also when the password was changed in between.
    """
    person, row = _behind(work, secret)
    if person.password_hash != proved.replaces:
        raise _spent()
    _judge_address(work, person, row)
    person.password_hash = proved.value
    mine = (PasswordReset.person_id == person.id, PasswordReset.used_at.is_(None))
    work.session.execute(update(PasswordReset).where(*mine).values(used_at=work.now))
    end_sign_ins_of(work, person.id)
    revoke_tokens_of(work, person.id)
    record_act(work, "password.reset", "person", person.id)
    work.emit(PasswordChanged(person_id=person.id))
    return person


def _ask(work: Work, email: str, person_id: UUID | None = None) -> None:
    row = PasswordReset(email=email, person_id=person_id, asked_at=work.now, expires_at=work.now + RESET_HOLDS)
    work.session.add(row)
    work.session.flush()
    work.emit(ResetAsked(reset_id=row.id))


def _seal(row: PasswordReset, person_id: UUID, *, proves_address: bool) -> str:
    secret = new_secret("spw")
    row.proves_address = proves_address
    row.person_id, row.secret_digest = person_id, secret_digest(secret)
    return secret


def _behind(work: Work, secret: str) -> tuple[Person, PasswordReset]:
    row = find_open_reset(work, secret)
    person = work.session.get(Person, row.person_id) if row and row.person_id else None
    if row is None or person is None or person.is_disabled:
        raise _spent()
    return person, row


def _judge_address(work: Work, person: Person, row: PasswordReset) -> None:
    """Prove the address by a link that went there; one that an administrator was shown may serve somebody else."""
    if not row.proves_address:
        person.email_proved_at = None
    elif person.email_proved_at is None:
        prove_address(work, person)
        work.emit(AccountReclaimed(person_id=person.id))


def _spent() -> ResetSpent:
    return ResetSpent(Sentence("This link was used or has run out. Ask for a new one."))


def _count_lately(work: Work, person_id: UUID, but: UUID) -> int:
    query = select(func.count()).where(
        PasswordReset.person_id == person_id,
        PasswordReset.id != but,
        PasswordReset.asked_at > work.now - timedelta(hours=1),
    )
    return work.session.scalar(query) or 0


def _require_care_of(work: Work, whose: Actor) -> Person:
    """Let only those go on who look after everything that the person could get into.

    Whoever holds the link becomes that person. An administrator of one organisation must not become, through somebody
    who is also in another, a member there; and only administrators of the operator may become one of its people.
    """
    person = work.session.get(Person, whose.person_id) if whose.person_id else None
    if person is None:
        raise NotFound
    if whose.is_staff or not whose.memberships:
        require(work.actor, Permission.STAFF_ADMINISTER)
    for organisation_id in whose.memberships:
        require(work.actor, Permission.MEMBER_INVITE, organisation_id)
    return person
