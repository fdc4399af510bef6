"""Reads of identity. What a person proved is their own affair: each list is the actor's."""

from collections.abc import Sequence

from sqlalchemy import or_, select

from statusportal.identity.browsers import browser_words
from statusportal.identity.models import PersonalToken, SignIn
from statusportal.work import Work


def my_sign_ins(work: Work) -> Sequence[SignIn]:
    """List where the actor is signed in, the last seen first."""
    query = (
        select(SignIn)
        .where(SignIn.person_id == work.actor.person_id, SignIn.ended_at.is_(None), SignIn.expires_at > work.now)
        .order_by(SignIn.seen_at.desc(), SignIn.id.desc())
    )
    return work.session.scalars(query).all()


def my_tokens(work: Work) -> Sequence[PersonalToken]:
    """List the actor's personal tokens that still work, newest first."""
    query = (
        select(PersonalToken)
        .where(
            PersonalToken.person_id == work.actor.person_id,
            PersonalToken.revoked_at.is_(None),
            or_(PersonalToken.expires_at.is_(None), PersonalToken.expires_at > work.now),
        )
        .order_by(PersonalToken.created_at.desc(), PersonalToken.id.desc())
    )
    return work.session.scalars(query).all()


def is_known_browser(work: Work, row: SignIn) -> bool:
    """Tell whether the person of a sign-in used that browser here before, or never was here at all.

    A browser is known by its name and its system, since its version changes every month.
    """
    query = select(SignIn.user_agent).where(
        SignIn.person_id == row.person_id, SignIn.id != row.id, SignIn.created_at <= row.created_at
    )
    before = {browser_words(one) for one in work.session.scalars(query.distinct())}
    return not before or browser_words(row.user_agent) in before
