"""The letter that asks for an owner's consent, to one of those who decide for the owner."""

from collections.abc import Mapping
from typing import Final
from uuid import UUID

import structlog

from statusportal.access.actor import SYSTEM
from statusportal.entries.models import StatusEntry
from statusportal.entries.vocabulary import Audience
from statusportal.notifications.channels.opening import mail_of
from statusportal.notifications.errors import LetterRefused
from statusportal.notifications.vocabulary import Letter, LetterKind
from statusportal.sending.deciding import letter_to_decider
from statusportal.work import Work, Works

log = structlog.get_logger()

# The name under which the outbox knows this listener.
CONSENT: Final = "letters.consent"
_KINDS: Final = {Audience.SHARED: LetterKind.CONSENT_SHARED, Audience.MODEL: LetterKind.CONSENT_MODEL}


def send_consent_question(works: Works, payload: Mapping[str, str]) -> None:
    """Ask one person, unless the question was answered by now or they decide for the owner no more.

    Raises: ChannelDown, so that the outbox comes again.
    """
    channel = mail_of(works)
    if channel is None:
        return
    organisation_id, person_id = UUID(payload["organisation_id"]), UUID(payload["person_id"])
    with works.reading(SYSTEM) as work:
        entry = work.session.get(StatusEntry, (organisation_id, UUID(payload["entry_id"])))
        letter = _letter(work, entry, person_id) if entry is not None else None
    if letter is None:
        return
    try:
        channel.send(letter)
    except LetterRefused as err:
        log.warning("letter_refused", kind="consent", reason=err.detail)


def _letter(work: Work, entry: StatusEntry, person_id: UUID) -> Letter | None:
    if entry.wished_audience is None:
        return None
    kind = _KINDS[Audience(entry.wished_audience)]
    return letter_to_decider(work, kind, person_id, (entry.organisation_id, entry.device_id), f"/entries/{entry.id}")
