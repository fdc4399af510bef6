"""Verbs about personal tokens: a secret for a person's own scripts, shown once."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import func, or_, select

from statusportal.access.permissions import Permission
from statusportal.accounts.queries import myself
from statusportal.audit.service import record_act
from statusportal.foundation.errors import Conflict, Faults, NotFound, Sentence
from statusportal.foundation.ids import new_secret, secret_digest
from statusportal.identity.models import PersonalToken
from statusportal.identity.proving import require_proof
from statusportal.work import Work

MOST_TOKENS = 100


def issue_personal_token(
    work: Work, name: str, scopes: Sequence[str], expires_at: datetime | None
) -> tuple[PersonalToken, str]:
    """Make a token for the actor's own scripts; the secret is shown this once.

    Shape: a scope names a permission. Without scopes a token holds all rights of its person, with scopes those alone,
    for reading too.
    Raises: NotSignedIn, ProofNeeded, Invalid, Conflict over the limit.
    """
    person = myself(work)
    require_proof(work)
    faults = Faults()
    clean_name = faults.line("/name", name, most=200)
    known = {permission.value for permission in Permission}
    for index, scope in enumerate(scopes):
        if scope not in known:
            faults.note(f"/scopes/{index}", Sentence("must be a right, such as entry:publish"))
    if expires_at is not None and expires_at <= work.now:
        faults.note("/expires_at", Sentence("must lie ahead"))
    faults.close()
    _refuse_more(work, person.id)
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


def _refuse_more(work: Work, person_id: UUID) -> None:
    is_open = PersonalToken.revoked_at.is_(None) & or_(
        PersonalToken.expires_at.is_(None), PersonalToken.expires_at > work.now
    )
    query = select(func.count()).where(PersonalToken.person_id == person_id, is_open)
    if (work.session.scalar(query) or 0) >= MOST_TOKENS:
        raise Conflict(Sentence("At most %(most)s tokens a person: revoke one first.", most=MOST_TOKENS))


def note_token_used(work: Work, token_id: UUID) -> None:
    """Note that a token is in use; `identity.actors.token_of` says when it is time."""
    row = work.session.get(PersonalToken, token_id)
    if row is not None:
        row.used_at = work.now


def revoke_personal_token(work: Work, token_id: UUID) -> None:
    """Let one of the actor's tokens work no more.

    Raises: NotSignedIn, NotFound.
    """
    row = work.session.get(PersonalToken, token_id)
    if row is None or row.person_id != myself(work).id:
        raise NotFound
    _revoke(work, row)


def revoke_tokens_of(work: Work, person_id: UUID) -> None:
    """Let no token of a person work any more, for a caller that has the right to: somebody else may hold one."""
    query = select(PersonalToken).where(PersonalToken.person_id == person_id, PersonalToken.revoked_at.is_(None))
    for row in work.session.scalars(query):
        _revoke(work, row)


def _revoke(work: Work, row: PersonalToken) -> None:
    row.revoked_at = row.revoked_at or work.now
    record_act(work, "token.revoked", "personal_token", row.id)
