"""Pure: reasons as a key and its arguments, and the plain sentences they become in English and Danish.

A reason is `{"key", "args", "en", "da"}`: the sentences as they read when it came about, and what is needed to say it
again later or in another time zone. The words follow the design's voice: value with unit, no blame, no code.

Source: the design's table of verdicts and its rules for numbers: true minus, no-break space, comma and "kl." in Danish.
"""

import functools
import string
from collections.abc import Mapping
from datetime import date, timedelta
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from babel.dates import format_date
from babel.numbers import format_decimal

from statusportal.catalogue.vocabulary import LimitRule, ModelRules, SignalRule
from statusportal.foundation.clock import from_ms
from statusportal.foundation.vocabulary import Health
from statusportal.profiles.vocabulary import AnyRule, Banded, native_code
from statusportal.reasons.vocabulary import Reason
from statusportal.rules.vocabulary import Change

LOCALES = ("en", "da")
_LONGEST_TEXT = 200
_TOO_LONG = 1e15  # past this a number is written with an exponent
_NO_BREAK = "\N{NO-BREAK SPACE}"
_MINUS = "\N{MINUS SIGN}"
_WEEKDAY_IS_CLEAR = timedelta(days=6)

_SENTENCES: Mapping[str, Mapping[str, str]] = {
    "normal": {"en": "Measuring normally.", "da": "Måler normalt."},
    "never_seen": {"en": "Nothing has been heard from it yet.", "da": "Der er endnu ikke hørt fra den."},
    "nothing_usable": {"en": "No usable value has arrived yet.", "da": "Der er endnu ikke kommet en brugbar værdi."},
    "stale": {"en": "Nothing heard since {since}. {last}", "da": "Intet hørt siden {since}. {last}"},
    "offline": {"en": "Nothing heard since {since}. {last}", "da": "Intet hørt siden {since}. {last}"},
    "unusable": {
        "en": "No usable value has come since {since}. {last}",
        "da": "Der er ikke kommet en brugbar værdi siden {since}. {last}",
    },
    "underivable": {
        "en": "Its status cannot be derived since {since}; the error is the portal's, not the machine's. {last}",
        "da": "Dens status kan ikke udledes siden {since}; fejlen er portalens, ikke maskinens. {last}",
    },
    "limit_high": {
        "en": "{signal} is {value}, above the limit of {limit}.",
        "da": "{signal} er {value}, over grænsen på {limit}.",
    },
    "limit_low": {
        "en": "{signal} is {value}, below the limit of {limit}.",
        "da": "{signal} er {value}, under grænsen på {limit}.",
    },
    "back": {"en": "{signal} is back at {value}.", "da": "{signal} er tilbage på {value}."},
    "rule": {"en": "{signal} breaks the rule {code}.", "da": "{signal} bryder reglen {code}."},
    "rule_joined": {"en": "The rule {code} is broken.", "da": "Reglen {code} er brudt."},
    "native": {"en": "The machine reports {code}.", "da": "Maskinen melder {code}."},
    "native_known": {"en": "The machine reports {code}: {meaning}.", "da": "Maskinen melder {code}: {meaning}."},
    "native_over": {"en": "The machine reports {code} no more.", "da": "Maskinen melder ikke længere {code}."},
    "rule_met": {"en": "The rule {code} is met again.", "da": "Reglen {code} er overholdt igen."},
    "rule_gone": {
        "en": "The model no longer has this limit.",
        "da": "Modellen har ikke længere denne grænse.",
    },
    "declared": {"en": "{text}", "da": "{text}"},
    "handed_over": {"en": "The machine has another owner now.", "da": "Maskinen har fået en anden ejer."},
    "withdrawn": {"en": "Staff declared it over.", "da": "Personalet har meldt det overstået."},
}

_LAST: Mapping[Health, Mapping[str, str]] = {
    Health.NORMAL: {"en": "It was normal then.", "da": "Da var alt normalt."},
    Health.MAINTENANCE_REQUIRED: {"en": "It needed maintenance then.", "da": "Da krævede den vedligehold."},
    Health.OFF_SPEC: {"en": "It was out of specification then.", "da": "Da var den uden for specifikation."},
    Health.CHECK_FUNCTION: {"en": "A function check was running then.", "da": "Da var en funktionskontrol i gang."},
    Health.FAILURE: {"en": "It had failed then.", "da": "Da var der fejl på den."},
    Health.UNKNOWN: {"en": "Nothing was known then.", "da": "Da vidste man intet."},
}


def sentence(reason: Reason, locale: str, zone: str | None = None, now_ms: int | None = None) -> str:
    """Return a reason as one or two plain sentences.

    Shape: another locale than Danish reads English. With a zone, times are told in it, and with now, an instant of
    the last days by its weekday alone; without both it reads as it did when it came about.
    """
    language = "da" if locale.startswith("da") else "en"
    written = str(reason.get(language) or reason.get("en") or "")
    if zone is None or reason.get("key") not in ("stale", "offline", "underivable", "unusable"):
        return written
    args = {**reason.get("args", {}), "zone": zone}
    return _say(str(reason["key"]), args, language, now_ms)


def reason(key: str, **args: Any) -> Reason:  # noqa: ANN401 - each key has its own arguments
    """Make a reason of one of the portal's own keys."""
    return _plain(key) if not args else _made(key, args)


@functools.cache
def _plain(key: str) -> Reason:
    """Say once what has nothing to fill in; most devices are in such a state, and a reason is never changed."""
    return _made(key, {})


def _made(key: str, args: Mapping[str, Any]) -> Reason:
    return {"key": key, "args": args, **{locale: _say(key, args, locale, None) for locale in LOCALES}}


def silence(key: str, since_ms: int, last: Health, zone: str) -> Reason:
    """Make the reason of a device that is not heard: since when, and how it was then.

    Units: `since_ms` is milliseconds since 1970 UTC.
    """
    return reason(key, since_ms=since_ms, last=last.value, zone=zone)


def limit_broken(limit: LimitRule, rules: ModelRules, value: float) -> Reason:
    """Make the reason of a broken limit, in the model's own words where it has some."""
    signal = _declared(rules, limit.signal_name)
    args = {"signal": limit.signal_name, "value": value, "limit": limit.threshold, "code": limit.code}
    made: dict[str, Any] = {"key": f"limit_{limit.side.value}", "args": args}
    for locale, template in (("en", limit.sentence_en), ("da", limit.sentence_da)):
        words = {
            "signal": _label(signal, limit.signal_name, locale),
            "value": quantity(value, signal, locale),
            "limit": quantity(limit.threshold, signal, locale),
            "unit": signal.unit if signal else "",
        }
        made[locale] = _filled(template, words) or _filled(_SENTENCES[made["key"]][locale], words)
    return made


def limit_met(limit: LimitRule, rules: ModelRules, value: float) -> Reason:
    """Make the reason of a limit that is met again."""
    signal = _declared(rules, limit.signal_name)
    made: dict[str, Any] = {"key": "back", "args": {"signal": limit.signal_name, "value": value, "code": limit.code}}
    for locale in LOCALES:
        words = {
            "signal": _label(signal, limit.signal_name, locale),
            "value": quantity(value, signal, locale),
        }
        made[locale] = _filled(_SENTENCES["back"][locale], words)
    return made


def rule_broken(rule: AnyRule, change: Change, rules: ModelRules) -> Reason:
    """Make the reason of a broken rule, in the model's own words where it has some."""
    signal, value = _declared(rules, change.signal or ""), change.measure
    own = native_code(rule, change.signal)
    known = next((one for one in rules.codes if one.code == own), None) if own else None
    key = ("native_known" if known else "native") if own else "rule" if change.signal else "rule_joined"
    made: dict[str, Any] = {"key": key, "args": _args(change, own)}
    limit = _limit_beyond(rule, value)
    for locale, template in (("en", rule.sentence_en), ("da", rule.sentence_da)):
        words = _words_of(change, own, signal, locale)
        words["unit"] = signal.unit if signal else ""
        if known is not None:
            words["meaning"] = ((known.meaning_da if locale == "da" else "") or known.meaning_en).rstrip(".")
        if limit is not None:
            words["limit"] = quantity(limit, signal, locale)
        made[locale] = _filled(template, words) or _filled(_SENTENCES[key][locale], words)
    return made


def rule_met(rule: AnyRule, change: Change, rules: ModelRules) -> Reason:
    """Make the reason of a rule that is met again."""
    signal, own = _declared(rules, change.signal or ""), native_code(rule, change.signal)
    key = "native_over" if own else "rule_met" if change.measure is None else "back"
    made: dict[str, Any] = {"key": key, "args": _args(change, own)}
    for locale in LOCALES:
        made[locale] = _filled(_SENTENCES[key][locale], _words_of(change, own, signal, locale))
    return made


def _args(change: Change, own: str | None) -> dict[str, Any]:
    return {"signal": change.signal, "value": change.measure, "code": own or change.code}


def _words_of(change: Change, own: str | None, signal: SignalRule | None, locale: str) -> dict[str, str]:
    words = {"signal": _label(signal, change.signal or "", locale), "code": own or change.code}
    if change.measure is not None:
        words["value"] = quantity(change.measure, signal, locale)
    return words


def _limit_beyond(rule: AnyRule, value: float | None) -> float | None:
    """Return which of a rule's two limits a value is beyond."""
    if not isinstance(rule, Banded) or value is None:
        return None
    return rule.high if rule.high is not None and value > rule.high else rule.low


def quantity(value: float, signal: SignalRule | None, locale: str) -> str:
    """Write a number with its unit: grouped, true minus, no-break space."""
    if abs(value) >= _TOO_LONG:
        return f"{value:.3g}".replace("-", _MINUS) + (f"{_NO_BREAK}{signal.unit}" if signal and signal.unit else "")
    decimals = signal.decimals if signal else _decimals_of(value)
    pattern = "#,##0." + "0" * decimals if decimals > 0 else "#,##0"
    number = format_decimal(Decimal(repr(value)), format=pattern, locale=locale).replace("-", _MINUS)
    if number.strip(f"{_MINUS}0.,") == "":
        number = number.replace(_MINUS, "")
    return f"{number}{_NO_BREAK}{signal.unit}" if signal and signal.unit else number


def _declared(rules: ModelRules, name: str) -> SignalRule | None:
    return next((one for one in rules.signals if one.name == name), None)


def _decimals_of(value: float) -> int:
    exponent = Decimal(f"{value:.6g}").as_tuple().exponent
    return max(0, -exponent) if isinstance(exponent, int) else 0


def _label(signal: SignalRule | None, name: str, locale: str) -> str:
    label = name if signal is None else (signal.label_da if locale == "da" else signal.label_en)
    label = label or name
    return label[:1].upper() + label[1:]


def _say(key: str, args: Mapping[str, Any], locale: str, now_ms: int | None) -> str:
    words = {name: str(value)[:_LONGEST_TEXT] for name, value in args.items()}
    if "since_ms" in args:
        words["since"] = _moment(int(args["since_ms"]), str(args["zone"]), locale, now_ms)
        words["last"] = _LAST[Health(args["last"])][locale]
    if key == "declared":
        return words.get("text", "")
    return _filled(_SENTENCES[key][locale], words)


def _moment(at_ms: int, zone: str, locale: str, now_ms: int | None) -> str:
    at = from_ms(at_ms).astimezone(ZoneInfo(zone))
    is_near = now_ms is None or from_ms(now_ms) - at < _WEEKDAY_IS_CLEAR
    day = _day(at.date(), _DAYS[locale, is_near], locale)
    return f"{day} kl.{_NO_BREAK}{at:%H.%M}" if locale == "da" else f"{day} {at:%H:%M}"


_DAYS = {("en", True): "EEEE", ("en", False): "d MMMM y", ("da", True): "EEEE", ("da", False): "d. MMMM y"}


@functools.lru_cache(maxsize=1_024)
def _day(on: date, pattern: str, locale: str) -> str:
    """Name a day. Kept, since a fleet that falls silent does so on one day."""
    return format_date(on, pattern, locale=locale)


class _Words(string.Formatter):
    """Fill plain placeholders only: a template comes from a person, and must reach no attribute of a value."""

    def get_field(self, field_name: str, args: Any, kwargs: Any) -> tuple[Any, str]:  # noqa: ANN401 - the library's signature
        """Look a name up as it stands, without its dots and brackets meaning anything."""
        del args
        return kwargs[field_name], field_name

    def convert_field(self, value: Any, conversion: Any) -> Any:  # noqa: ANN401 - the library's signature
        """Ignore conversions, for the same reason as formats."""
        del conversion
        return value

    def format_field(self, value: Any, format_spec: str) -> str:  # noqa: ANN401 - the library's signature
        """Ignore formats, since every word is a finished text."""
        del format_spec
        return str(value)


def _filled(template: str, words: Mapping[str, str]) -> str:
    """Fill a template, or give an empty text when it is none: the caller then has words of its own."""
    try:
        return _Words().vformat(template, (), words)
    except (KeyError, ValueError, IndexError):
        return ""
