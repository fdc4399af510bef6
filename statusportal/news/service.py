"""Verbs of news: mark as read, and end letters about an entry by the secret that stood in one."""

from sqlalchemy import update

from statusportal.following.service import mute_entry
from statusportal.foundation.errors import NotFound
from statusportal.news.models import Notification
from statusportal.news.queries import find_by_stop_secret
from statusportal.work import Work


def mark_all_read(work: Work) -> None:
    """Note that the actor has read all of their news."""
    mine = (Notification.person_id == work.actor.person_id, Notification.read_at.is_(None))
    work.session.execute(update(Notification).where(*mine).values(read_at=work.now))


def stop_letters(work: Work, secret: str) -> None:
    """Mute the entry that a letter was about, for whom it was written to. It can be said twice.

    Raises: NotFound for a secret of no letter.
    """
    news = find_by_stop_secret(work, secret)
    if news is None:
        raise NotFound
    mute_entry(work, news.person_id, news.entry_id)
