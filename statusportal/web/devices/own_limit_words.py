"""A machine's own limits in words: between which numbers it may be, who said so and why."""

from flask_babel import gettext as _

from statusportal.catalogue.vocabulary import ModelRules
from statusportal.http.filters import reader_locale, reader_zone
from statusportal.http.formatting import since
from statusportal.profiles.vocabulary import signal_of
from statusportal.reasons.sentences import quantity
from statusportal.tuning.models import DeviceLimit
from statusportal.tuning.vocabulary import Band
from statusportal.web.shell import operator_name
from statusportal.work import Work


def signal_of_code(code: str, rules: ModelRules) -> str:
    """Name the signal that a limit or a rule with a code looks at; empty where it looks at none."""
    limit = next((one for one in rules.limits if one.code == code), None)
    if limit is not None:
        return limit.signal_name
    rule = next((one for one in rules.rules if one.code == code), None)
    return (signal_of(rule) or "") if rule else ""


def band_words(band: Band, code: str, rules: ModelRules) -> str:
    """Say between what a machine may be, in the unit of what the rule looks at."""
    name = signal_of_code(code, rules)
    signal = next((one for one in rules.signals if one.name == name), None)
    low, high = (None if one is None else quantity(one, signal, reader_locale()) for one in (band.low, band.high))
    if low is not None and high is not None:
        return str(_("%(low)s to %(high)s", low=low, high=high))
    return str(_("at most %(limit)s", limit=high) if high is not None else _("at least %(limit)s", limit=low))


def own_words(work: Work, row: DeviceLimit) -> str:
    """Say who gave a machine its own limit, since when and why."""
    who = row.person.name if row.person else operator_name()
    at = since(row.at, now=work.now, zone=reader_zone(), locale=reader_locale())
    return str(_("Set by %(name)s, %(time)s: “%(reason)s”", name=who, time=at, reason=row.reason))
