"""The letter with a link: its secret is made as it is written, so that it stands in nothing but the letter."""

from collections.abc import Mapping
from datetime import datetime
from typing import Final
from uuid import UUID
from zoneinfo import ZoneInfo

import structlog
from babel.dates import format_datetime
from sqlalchemy import select

from statusportal.access.actor import SYSTEM
from statusportal.accounts.models import Organisation, Person
from statusportal.accounts.queries import find_operator
from statusportal.notifications.channels.opening import mail_of
from statusportal.notifications.errors import LetterRefused
from statusportal.notifications.letters import FALLBACK, MOMENTS, write_letter
from statusportal.notifications.vocabulary import Letter, LetterKind
from statusportal.sharing.models import ShareLink
from statusportal.sharing.posting import seal_link
from statusportal.work import Work, Works

log = structlog.get_logger()

# The name under which the outbox knows this listener.
LINK: Final = "letters.shared_page"


def send_link(works: Works, payload: Mapping[str, str]) -> None:
    """Send a link to whom it was made for, unless it has ended by now; one that did not leave is written anew.

    Raises: ChannelDown, so that the outbox comes again.
    """
    channel = mail_of(works)
    if channel is None:
        return
    with works.writing(SYSTEM) as work:
        found = seal_link(work, UUID(payload["organisation_id"]), UUID(payload["link_id"]))
        letter = _letter(work, *found) if found else None
    if letter is None:
        return
    try:
        channel.send(letter)
    except LetterRefused as err:
        log.warning("letter_refused", kind=LetterKind.SHARED_PAGE.value, reason=err.detail)


def _letter(work: Work, row: ShareLink, token: str) -> Letter:
    receiver = work.session.scalar(select(Person).where(Person.email == row.mail_to))
    organisation = work.session.get_one(Organisation, row.organisation_id)
    operator, maker = find_operator(work), work.session.get_one(Person, row.created_by)
    locale = receiver.locale if receiver else work.settings.default_locale
    zone = (receiver.time_zone if receiver else None) or organisation.time_zone
    facts = {
        "portal": operator.name if operator else work.settings.operator_name,
        "maker": maker.name,
        "organisation": organisation.name,
        "until": _moment(row.expires_at, zone, locale),
    }
    link = work.settings.link(f"/s/{token}")
    return write_letter(LetterKind.SHARED_PAGE, locale, row.mail_to or "", row.to_name, link, facts)


def _moment(at: datetime, zone: str, locale: str) -> str:
    spoken = locale if locale in MOMENTS else FALLBACK
    return format_datetime(at, MOMENTS[spoken], ZoneInfo(zone), spoken)
