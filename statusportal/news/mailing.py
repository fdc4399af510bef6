"""Sending news that is due: each letter is written when it goes, with the rights and the words of that moment."""

from collections.abc import Sequence
from itertools import groupby
from uuid import UUID

import structlog
from sqlalchemy import Select, select, update

from statusportal.access.actor import SYSTEM
from statusportal.accounts.models import Person
from statusportal.accounts.queries import find_operator
from statusportal.following.models import Follow
from statusportal.following.vocabulary import FollowedKind, FollowLevel
from statusportal.foundation.ids import new_secret, secret_digest
from statusportal.news.models import Notification
from statusportal.news.planning import reader
from statusportal.news.queries import news_items
from statusportal.news.vocabulary import ByMail, NewsItem
from statusportal.news.wording import Addresses, Reader, write_digest, write_news
from statusportal.notifications.channels.opening import mail_of
from statusportal.notifications.channels.port import Channel
from statusportal.notifications.errors import LetterRefused
from statusportal.notifications.vocabulary import Letter
from statusportal.work import Work, Works

log = structlog.get_logger()

_AT_ONCE = 200


def send_due(works: Works) -> int:
    """Send what is due, a person at a time, and return how many letters went.

    Raises: ChannelDown when nothing is taken now; what was not sent is due still.
    """
    channel = mail_of(works)
    if channel is None:
        return 0
    with works.reading(SYSTEM) as work:
        rows = work.session.scalars(_due(work)).all()
    letters = 0
    for (person_id, mail), group in groupby(rows, key=lambda row: (row.person_id, row.mail)):
        ids = [row.id for row in group]
        batches = [ids] if mail == ByMail.DIGEST else [[one] for one in ids]
        letters += sum(_send(works, channel, person_id, batch, ByMail(mail)) for batch in batches)
    return letters


def _due(work: Work) -> Select[Notification]:
    due = select(Notification).where(Notification.mail_due_at <= work.now, Notification.mail.is_not(None))
    return due.order_by(Notification.person_id, Notification.mail, Notification.at).limit(_AT_ONCE)


def _send(works: Works, channel: Channel, person_id: UUID, ids: Sequence[UUID], mail: ByMail) -> int:
    """Send one letter about some news, as far as its reader may still read them; what may not be read is never due."""
    secret = new_secret("stop_")
    letter = _letter(works, person_id, ids, mail, secret)
    if letter is not None:
        try:
            channel.send(letter)
        except LetterRefused as err:
            log.warning("letter_refused", kind=mail.value, reason=err.detail)
    with works.writing(SYSTEM) as work:
        values: dict[str, object] = {"mail_due_at": None}
        if letter is not None:
            values |= {"mailed_at": work.now, "stop_digest": secret_digest(secret)}
        work.session.execute(update(Notification).where(Notification.id.in_(ids)).values(values))
    return int(letter is not None)


def _letter(works: Works, person_id: UUID, ids: Sequence[UUID], mail: ByMail, secret: str) -> Letter | None:
    actor = reader(works, person_id)
    if actor is None:
        return None
    with works.reading(actor) as work:
        items = [one for one in news_items(work, ids) if not _is_silent(work, one)]
        person = work.session.get(Person, person_id)
        if not items or person is None:
            return None
        to = Reader(person.email, person.name, person.locale)
        if mail is ByMail.DIGEST:
            operator = find_operator(work)
            portal = operator.name if operator else work.settings.operator_name
            return write_digest(to, items, portal, _addresses(work, "/notifications", secret))
        said = f"/entries/{items[0].entry_id}" + (f"#c-{items[0].comment_id}" if items[0].comment_id else "")
        domain = work.settings.mail_from.rpartition("@")[2].rstrip(">")
        return write_news(to, items[0], _addresses(work, said, secret), domain)


def _addresses(work: Work, said: str, secret: str) -> Addresses:
    link = work.settings.link
    return Addresses(link(said), link("/notifications"), link(f"/stop/{secret}"), link(f"/api/v1/stop/{secret}"))


def _is_silent(work: Work, item: NewsItem) -> bool:
    """Tell whether somebody ended the letters about an entry since this one was planned."""
    row = work.session.get(Follow, (work.actor.person_id, FollowedKind.ENTRY.value, item.entry_id))
    return row is not None and row.level in {FollowLevel.MUTED, FollowLevel.QUIET}
