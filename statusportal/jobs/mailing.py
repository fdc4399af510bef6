"""The mailing job: letters of news that are due, a few hundred at a time."""

from statusportal.foundation.errors import Overloaded
from statusportal.news.mailing import send_due
from statusportal.work import Works

_PAUSE_S = 2.0


def mail_round(works: Works) -> float:
    """Send what is due, and return how long to wait for the next; where no letters are taken, as long as was asked."""
    try:
        return 0.0 if send_due(works) else _PAUSE_S
    except Overloaded as err:
        return float(err.retry_after_s)
