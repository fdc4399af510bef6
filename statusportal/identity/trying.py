"""Counting of tries: how often somebody may guess before they wait. Counted in memory, per process (ADR 0011)."""

from limits import RateLimitItem, RateLimitItemPerMinute
from limits.strategies import MovingWindowRateLimiter

from statusportal.access.counting import Counters
from statusportal.config import Settings
from statusportal.foundation.errors import Sentence, TooMany

_TRY_WINDOW_S = 60
# One address may try many accounts, and many addresses one account, this many times as often as one the other.
_WIDE = 10
_tries = MovingWindowRateLimiter(Counters())


def _pair(settings: Settings, account: str, address: str) -> tuple[RateLimitItem, tuple[str, ...]]:
    # The data folder keeps two portals in one process apart, as in tests.
    item = RateLimitItemPerMinute(settings.sign_in_tries_per_minute)
    return item, (settings.instance_dir, "pair", account, address)


def _wide(settings: Settings, account: str, address: str) -> list[tuple[RateLimitItem, tuple[str, ...]]]:
    item = RateLimitItemPerMinute(settings.sign_in_tries_per_minute * _WIDE)
    return [(item, (settings.instance_dir, "account", account)), (item, (settings.instance_dir, "address", address))]


def count_try(settings: Settings, account: str, address: str) -> None:
    """Count before the check, so that many tries at once gain nothing; a right password takes its count back."""
    if settings.sign_in_tries_per_minute == 0:
        return
    item, key = _pair(settings, account, address)
    is_open = all(_tries.test(wide, *place) for wide, place in _wide(settings, account, address))
    if not is_open or not _tries.hit(item, *key):
        raise TooMany(Sentence("Too many tries. Wait a minute, then try again."), retry_after_s=_TRY_WINDOW_S)


def count_failure(settings: Settings, account: str, address: str) -> None:
    """Count only failures widely, so that an office behind one address is not shut out by its own sign-ins."""
    if settings.sign_in_tries_per_minute == 0:
        return
    for item, key in _wide(settings, account, address):
        _tries.hit(item, *key)


def forget_try(settings: Settings, account: str, address: str) -> None:
    """Take back the count of a try that turned out right."""
    if settings.sign_in_tries_per_minute != 0:
        item, key = _pair(settings, account, address)
        _tries.clear(item, *key)
