"""Verbs of news: mark as read, and end letters by the secret that stood in one."""

from sqlalchemy import update

from statusportal.following.service import quiet_entry, track_no_more
from statusportal.foundation.errors import NotFound
from statusportal.news.models import Notification
from statusportal.news.queries import find_by_stop_secret
from statusportal.news.vocabulary import ByMail
from statusportal.work import Work


def mark_all_read(work: Work) -> None:
    """Note that the actor has read all of their news."""
    mine = (Notification.person_id == work.actor.person_id, Notification.read_at.is_(None))
    work.session.execute(update(Notification).where(*mine).values(read_at=work.now))


def stop_letters(work: Work, secret: str) -> None:
    """End letters about the entry that a letter was about, or the daily letters, for whom it was written to.

    Shape: letters end, and news on the page go on. It can be said twice.

    Raises: NotFound for a secret of no letter, or of one that is too old.
    """
    news = find_by_stop_secret(work, secret)
    if news is None:
        raise NotFound
    if news.mail != ByMail.DIGEST:
        quiet_entry(work, news.person_id, news.entry_id)
        return
    track_no_more(work, news.person_id)
    waiting = (Notification.person_id == news.person_id, Notification.mail == ByMail.DIGEST)
    work.session.execute(update(Notification).where(*waiting).values(mail_due_at=None))
