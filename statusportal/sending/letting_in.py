"""The letter that tells an owner whom the operator let at a device of theirs."""

from collections.abc import Mapping
from typing import Final
from uuid import UUID

import structlog
from sqlalchemy import func, select

from statusportal.access.actor import SYSTEM
from statusportal.accounts.models import Person
from statusportal.accounts.queries import deciders_of
from statusportal.custody.models import GroupShare
from statusportal.fleet.events import AccessGranted
from statusportal.fleet.models import AccessGrant
from statusportal.fleet.vocabulary import GrantState
from statusportal.notifications.channels.opening import mail_of
from statusportal.notifications.errors import LetterRefused
from statusportal.notifications.vocabulary import Letter, LetterKind
from statusportal.sending.deciding import letter_to_decider
from statusportal.sending.events import OperatorLetIn
from statusportal.work import Work, Works

log = structlog.get_logger()

# The name under which the outbox knows this listener.
LET_IN: Final = "letters.operator_let_in"


def tell_of_let_in(work: Work, event: AccessGranted) -> None:
    """Name each who decides for the owner, where the operator let somebody in: it is done in their name.

    Shape: what comes with a group is one act at many machines, and one letter.
    """
    if not work.actor.is_staff:
        return
    told = {(one.organisation_id, one.person_id) for one in work.emitted if isinstance(one, OperatorLetIn)}
    for person_id in deciders_of(work, event.organisation_id):
        if (event.organisation_id, person_id) not in told:
            facts = {"grant_id": event.grant_id, "organisation_id": event.organisation_id}
            work.emit(OperatorLetIn(**facts, person_id=person_id))


def send_let_in(works: Works, payload: Mapping[str, str]) -> None:
    """Tell one person, unless what was granted has ended by now or they decide for the owner no more.

    Raises: ChannelDown, so that the outbox comes again.
    """
    channel = mail_of(works)
    if channel is None:
        return
    organisation_id, person_id = UUID(payload["organisation_id"]), UUID(payload["person_id"])
    with works.reading(SYSTEM) as work:
        row = work.session.get(AccessGrant, (organisation_id, UUID(payload["grant_id"])))
        letter = _letter(work, row, person_id) if row is not None else None
    if letter is None:
        return
    try:
        channel.send(letter)
    except LetterRefused as err:
        log.warning("letter_refused", kind="operator_let_in", reason=err.detail)


def _letter(work: Work, row: AccessGrant, person_id: UUID) -> Letter | None:
    maker = work.session.get(Person, row.created_by) if row.created_by else None
    if row.state_at(work.now) is GrantState.ENDED or maker is None:
        return None
    owned = (row.organisation_id, row.device_id)
    path = f"/devices/{row.device_id}/access"
    facts = {"maker": maker.name, "more": _more(work, row)}
    return letter_to_decider(work, LetterKind.OPERATOR_LET_IN, person_id, owned, path, **facts)


def _more(work: Work, row: AccessGrant) -> str:
    """Say at how many machines beside this one somebody was let in with a group."""
    share = work.session.get(GroupShare, (row.organisation_id, row.id))
    if share is None:
        return ""
    of_group = (
        GroupShare.organisation_id == row.organisation_id,
        GroupShare.group_grant_id == share.group_grant_id,
    )
    others = (work.session.scalar(select(func.count()).select_from(GroupShare).where(*of_group)) or 1) - 1
    return f" (+{others})" if others else ""
