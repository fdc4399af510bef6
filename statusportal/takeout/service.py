"""Asking for a takeout, fetching it, taking it back."""

import secrets
from uuid import UUID

from statusportal.access.permissions import Permission
from statusportal.access.policy import require
from statusportal.accounts.queries import myself, organisation_for
from statusportal.audit.service import record_act
from statusportal.foundation.errors import Sentence
from statusportal.takeout.errors import TakeoutNotReady, TakeoutUnderway
from statusportal.takeout.models import Takeout
from statusportal.takeout.queries import find_underway, takeout_for
from statusportal.takeout.vocabulary import UNDERWAY, TakeoutState
from statusportal.work import Work

_KEY_BYTES = 32


def ask_for_mine(work: Work) -> Takeout:
    """Ask for everything about the actor as a person.

    Raises: NotSignedIn, TakeoutUnderway.
    """
    myself(work)
    return _ask(work, None)


def ask_for_organisation(work: Work, organisation_id: UUID) -> Takeout:
    """Ask for everything of an organisation.

    Raises: NotFound, Forbidden, TakeoutUnderway.
    """
    organisation = organisation_for(work, organisation_id)
    require(work.actor, Permission.ORGANISATION_EXPORT, organisation.id)
    return _ask(work, organisation.id)


def take(work: Work, takeout_id: UUID) -> Takeout:
    """Note that the file is fetched, and return it with the name it is kept under.

    Raises: NotFound, Forbidden for who lost the right since, TakeoutNotReady.
    """
    row = takeout_for(work, takeout_id)
    if row.organisation_id is not None:
        require(work.actor, Permission.ORGANISATION_EXPORT, row.organisation_id)
    if row.state != TakeoutState.READY or row.expires_at is None or row.expires_at <= work.now:
        raise TakeoutNotReady(Sentence("There is no file to fetch: it is not made yet, or its time is over."))
    row.taken_at = work.now
    record_act(work, "export.taken", "takeout", row.id, organisation_id=row.organisation_id)
    return row


def revoke_takeout(work: Work, takeout_id: UUID) -> Takeout:
    """Take a takeout back: it is not made, or its file goes.

    Raises: NotFound.
    """
    row = takeout_for(work, takeout_id)
    if row.state in (*UNDERWAY, TakeoutState.READY):
        row.state = TakeoutState.REVOKED.value
        record_act(work, "export.revoked", "takeout", row.id, organisation_id=row.organisation_id)
    return row


def _ask(work: Work, organisation_id: UUID | None) -> Takeout:
    if find_underway(work, organisation_id) is not None:
        raise TakeoutUnderway(Sentence("The same is being made already."))
    row = Takeout(
        person_id=myself(work).id,
        organisation_id=organisation_id,
        state=TakeoutState.ASKED.value,
        storage_key=secrets.token_hex(_KEY_BYTES),
        asked_at=work.now,
    )
    work.session.add(row)
    work.session.flush()
    record_act(work, "export.asked", "takeout", row.id, organisation_id=organisation_id)
    return row
