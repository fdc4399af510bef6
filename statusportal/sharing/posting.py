"""Verbs of sending a link by letter: asking for it, and making its secret when the letter is written."""

from uuid import UUID

from limits import RateLimitItemPerHour
from limits.strategies import MovingWindowRateLimiter

from statusportal.access.counting import Counters
from statusportal.accounts.service import clean_address
from statusportal.audit.service import record_act_of_device
from statusportal.foundation.errors import Conflict, Faults, Sentence, TooMany
from statusportal.foundation.ids import new_secret, secret_digest
from statusportal.sharing.events import LinkPosted
from statusportal.sharing.models import ShareLink
from statusportal.work import Work

_WINDOW_S = 3_600
_letters = MovingWindowRateLimiter(Counters())


def post_link(work: Work, row: ShareLink, email: str) -> None:
    """Have a link that was just made sent to an address. The token its maker got opens nothing then.

    Raises: Invalid at `/email`, Conflict where the portal sends no mail, TooMany.
    """
    faults = Faults()
    address = clean_address(faults, "/email", email)
    faults.close()
    if not work.settings.smtp_url:
        raise Conflict(Sentence("This portal sends no letters. Hand the address over yourself."))
    _count(work)
    row.mail_to = address
    _rotate(row)
    work.session.flush()
    record_act_of_device(work, row.device_id, "link.posted", "share_link", row.id, organisation_id=row.organisation_id)
    work.emit(LinkPosted(organisation_id=row.organisation_id, device_id=row.device_id, link_id=row.id))


def seal_link(work: Work, organisation_id: UUID, link_id: UUID) -> tuple[ShareLink, str] | None:
    """Give a link that waits for its letter a secret, which is told this once; None when it has ended."""
    row = work.session.get(ShareLink, (organisation_id, link_id))
    if row is None or row.mail_to is None or row.revoked_at is not None or row.expires_at <= work.now:
        return None
    token = _rotate(row)
    row.mailed_at = work.now
    work.session.flush()
    return row, token


def _rotate(row: ShareLink) -> str:
    token = new_secret("spk")
    row.secret_digest = secret_digest(token)
    return token


def _count(work: Work) -> None:
    allowed, person = work.settings.link_letters_per_hour, str(work.actor.person_id)
    place = (work.settings.instance_dir, "link letters", person)
    if allowed and not _letters.hit(RateLimitItemPerHour(allowed), *place):
        raise TooMany(Sentence("Too many letters. Try again in an hour."), retry_after_s=_WINDOW_S)
