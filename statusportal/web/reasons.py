"""Reasons in the reader's language and time zone."""

from collections.abc import Mapping
from typing import Any

from statusportal.foundation.clock import to_ms
from statusportal.http import portal
from statusportal.http.filters import reader_locale
from statusportal.reasons.sentences import sentence
from statusportal.web.shell import chosen_time_zone


def reason_words(reason: Mapping[str, Any]) -> str:
    """Say a reason as of now."""
    return sentence(reason, reader_locale(), zone=chosen_time_zone(), now_ms=to_ms(portal.works().clock.now()))
