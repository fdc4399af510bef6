"""Guesses at secrets, counted by the address they come from: what opened nothing counts, what was right never does."""

import math

from flask import Response, request
from limits import RateLimitItemPerMinute
from limits.strategies import MovingWindowRateLimiter

from statusportal.access.counting import Counters
from statusportal.access.vocabulary import ActorKind
from statusportal.foundation.clock import SystemClock
from statusportal.foundation.errors import Sentence, TooMany
from statusportal.foundation.ids import secret_digest
from statusportal.http import portal
from statusportal.work import Works

# What a page or a call answers to a secret that opens nothing.
_CLOSED = {404, 409}
# What anybody may ask who has its secret or its name.
_GUESSABLE = {
    "session.open_invitation_link",
    "session.invitation",
    "session.accept_invitation",
    "forgotten.open_link",
    "forgotten.choose",
    "forgotten.set_password",
    "labels.scanned",
    "labels.badge",
    "Invitations.accept",
    "Forgotten.choose_password",
}
_REMEMBERED_S = 24 * 60 * 60


class Guesses:
    """Count what opened nothing, by the address it came from; a limit of 0 counts nothing."""

    def __init__(self, most: int, words: Sentence) -> None:
        self.most, self._words = most, words
        self._failures = MovingWindowRateLimiter(Counters())

    def count(self, address: str) -> None:
        """Note one more."""
        if self.most:
            self._failures.hit(RateLimitItemPerMinute(self.most), address)

    def refuse_more(self, address: str) -> None:
        """Let the address ask on, unless it asked for too much that was not there.

        Raises: TooMany.
        """
        item = RateLimitItemPerMinute(self.most or 1)
        if self.most and not self._failures.test(item, address):
            reset_at_s = self._failures.get_window_stats(item, address).reset_time
            # The limiter counts in real time, whatever clock the portal works by.
            wait_s = max(1, math.ceil(reset_at_s - SystemClock().now().timestamp()))
            raise TooMany(self._words, wait_s)


class LinkGuesses(Guesses):
    """Guesses at share links and their cookies."""

    def __init__(self, works: Works) -> None:
        words = Sentence("Too many links that open nothing came from your address.")
        super().__init__(works.settings.link_tries_per_minute, words)


class SecretGuesses(Guesses):
    """Guesses at tokens, invitations, resets and labels by whom nobody knows yet.

    A token that was right stays welcome for a day: one machine with a wrong one shuts nobody out behind its address.
    """

    def __init__(self, works: Works) -> None:
        words = Sentence("Too many secrets that open nothing came from your address.")
        super().__init__(works.settings.secret_tries_per_minute, words)
        self._right = Counters()

    def refuse_unless_known(self, secret: str, address: str) -> None:
        """Let a token be looked up that was right lately, or while its address has guesses left.

        Raises: TooMany.
        """
        if self.most and not self._right.get(secret_digest(secret)):
            self.refuse_more(address)

    def know(self, secret: str) -> None:
        """Remember a token that was right."""
        digest = secret_digest(secret)
        if self.most and not self._right.get(digest):
            self._right.incr(digest, _REMEMBERED_S)


def refuse_guessing() -> None:
    """Stop a stranger who asks for one secret thing that is not there after another.

    Raises: TooMany.
    """
    if _is_strangers():
        portal.works().kept(SecretGuesses).refuse_more(client_address())


def count_guess(response: Response) -> Response:
    """Note that a stranger's secret opened nothing."""
    if response.status_code in _CLOSED and _is_strangers():
        portal.works().kept(SecretGuesses).count(client_address())
    return response


def client_address() -> str:
    """Return the address that a request came from, as far as our proxies vouch for it."""
    return request.remote_addr or ""


def _is_strangers() -> bool:
    """Tell whether nobody known asks what opens by a secret alone."""
    return request.endpoint in _GUESSABLE and portal.actor().kind is ActorKind.ANONYMOUS
