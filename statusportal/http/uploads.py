"""What somebody sends in files, counted as it comes: taking a file away again gives no room to send more."""

from uuid import UUID

from limits import RateLimitItemPerDay, RateLimitItemPerHour
from limits.strategies import FixedWindowRateLimiter, MovingWindowRateLimiter

from statusportal.access.counting import Counters
from statusportal.foundation.errors import Sentence, TooMany
from statusportal.work import Works

# A small file may hold a large picture, so that files count beside their bytes.
MOST_FILES_AN_HOUR = 200
_HOUR_S = 3_600


class Uploads:
    """Count a person's files and bytes; a limit of 0 bytes a day counts files alone."""

    def __init__(self, works: Works) -> None:
        self._works = works
        self._files = MovingWindowRateLimiter(Counters())
        self._bytes = FixedWindowRateLimiter(Counters())

    def count(self, person_id: UUID | None, size_bytes: int) -> None:
        """Note a file before it is looked at. The last one may go over the limit of a day.

        Raises: TooMany for one more than a person may send in an hour or a day.
        """
        sender, most_bytes = str(person_id), self._works.settings.attachment_bytes_per_person_day
        if not self._files.hit(RateLimitItemPerHour(MOST_FILES_AN_HOUR), sender):
            raise TooMany(Sentence("You have sent as many files as fit into an hour."), _HOUR_S)
        if most_bytes:
            a_day = RateLimitItemPerDay(most_bytes)
            if not self._bytes.test(a_day, sender):
                raise TooMany(Sentence("You have sent as many files as fit into a day."), _HOUR_S)
            self._bytes.hit(a_day, sender, cost=size_bytes)
