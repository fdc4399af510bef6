"""Words of a profile. The kinds of rules are closed: structured data with a form each, and no language of expressions.

Source: IEC 62682 (2022) for hysteresis, on-delay (pending) and off-delay (keep firing); NAMUR NE 107 (2012) for
healths.
"""

from collections.abc import Mapping
from datetime import date
from enum import StrEnum
from typing import TypeAlias

import msgspec

from statusportal.foundation.vocabulary import Health

FORMAT = 1
# How long a machine is clear before it confirms that something is over, where its model says nothing else: what a
# working day brings on comes back within one.
CLEAR_AFTER_S = 86_400
EVERY_SIGNAL = "*"


class Nature(StrEnum):
    """What the values of a signal are: a level, a sum that only grows until it is reset, a choice, or words."""

    GAUGE = "gauge"
    COUNTER = "counter"
    ENUMERATION = "enumeration"
    TEXT = "text"


class Aggregate(StrEnum):
    """What a window is reduced to."""

    MEAN = "mean"
    MINIMUM = "min"
    MAXIMUM = "max"
    DEVIATION = "standard_deviation"
    COUNT = "count"


class Standard(StrEnum):
    """Whose words of severity a native condition comes in."""

    OPCUA = "opcua"
    OPCUA_ALARM = "opcua-alarm"
    MTCONNECT = "mtconnect"
    SPARKPLUG = "sparkplug"
    ISO15143 = "iso15143-3"
    SNMP = "snmp"
    SNMP_ALARM = "snmp-alarm"


class Table(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True, omit_defaults=True):
    """A table of the file: immutable, and nothing in it that nobody knows."""


class Signal(Table, frozen=True, kw_only=True):
    """One signal. A value outside `lowest` to `highest` is a broken sensor's, not the machine's.

    Units: `lowest` and `highest` in the signal's own; `expected_interval_s` only where it differs from the profile's.
    """

    name: str
    kind: Nature = Nature.GAUGE
    unit: str = ""
    label_en: str = ""
    label_da: str = ""
    aliases: tuple[str, ...] = ()
    expected_interval_s: float | None = None
    lowest: float | None = None
    highest: float | None = None
    values: Mapping[str, str] = {}


class AlarmCode(Table, frozen=True, kw_only=True):
    """An alarm code as the maker documents it, with the official advice."""

    code: str
    meaning_en: str
    meaning_da: str = ""
    advice_en: str = ""
    advice_da: str = ""


class CodedValue(Table, frozen=True, kw_only=True):
    """One value of an enumeration, or one bit of a mask, that means a condition."""

    code: str
    value: str | None = None
    bit: int | None = None
    health: Health = Health.FAILURE


class Rule(Table, frozen=True, kw_only=True, tag_field="kind"):
    """What every kind of rule has.

    Units: seconds of the samples' own time. A condition is pending until it lasted `pending_s`, stays active as
    recovering until it was clear for `keep_firing_s`, and is not raised again within `cooldown_s` of clearing. What it
    brought on is over once it was clear for `clear_after_s`, the model's where None.
    """

    code: str
    source: str
    health: Health = Health.OFF_SPEC
    pending_s: float = 0.0
    keep_firing_s: float = 0.0
    cooldown_s: float = 0.0
    clear_after_s: float | None = None
    sentence_en: str = ""
    sentence_da: str = ""
    advice_en: str = ""
    advice_da: str = ""


class Banded(Rule, frozen=True, kw_only=True):
    """A rule that is broken above `high` or below `low`, and met again `hysteresis` inside of it."""

    signal: str
    low: float | None = None
    high: float | None = None
    hysteresis: float = 0.0


class LimitRule(Banded, frozen=True, kw_only=True, tag="limit"):
    """The value itself is beyond a limit. Units: the signal's."""


class RateRule(Banded, frozen=True, kw_only=True, tag="rate"):
    """The value changes too fast. Units: limits in the signal's unit per `per_s`, measured over `over_s`."""

    over_s: float
    per_s: float = 1.0


class WindowRule(Banded, frozen=True, kw_only=True, tag="window"):
    """An aggregate of the last `over_s`, or of the last `samples`, is beyond a limit; silent until they are full."""

    aggregate: Aggregate
    over_s: float | None = None
    samples: int | None = None


class NoChangeRule(Rule, frozen=True, kw_only=True, tag="no_change"):
    """A sensor is stuck: its value moved no more than `tolerance` for `for_s`, or over `samples`."""

    signal: str
    for_s: float | None = None
    samples: int | None = None
    tolerance: float = 0.0


class CodesRule(Rule, frozen=True, kw_only=True, tag="codes"):
    """A word or a mask of bits that holds alarm codes; each is a condition of its own, with the health it names."""

    signal: str
    codes: tuple[CodedValue, ...]


class CounterRule(Rule, frozen=True, kw_only=True, tag="counter_due"):
    """Service is due after `every` of a counter, `every_s`, `every_months` or on `due_on`, whichever is first.

    It counts from the first value heard, then from each service. A counter that falls back by more than jitter was
    reset: what it shows then was counted since. It is said ahead: by `ahead` of the counter, by `ahead_s` of time.
    Units: `ahead` is in the counter's unit, in seconds where it counts none; days begin at midnight UTC.
    """

    signal: str
    every: float | None = None
    every_s: float | None = None
    every_months: int | None = None
    due_on: date | None = None
    ahead: float = 0.0
    ahead_s: float = 0.0


class CombinationRule(Rule, frozen=True, kw_only=True, tag="combination"):
    """Other rules together: all of some, any of some, none of some."""

    all_of: tuple[str, ...] = ()
    any_of: tuple[str, ...] = ()
    none_of: tuple[str, ...] = ()


class NativeRule(Rule, frozen=True, kw_only=True, tag="native"):
    """The machine's own condition, passed through with its severity in the words of a standard.

    With `by_code` it has many: each comes as a signal of its own, `<signal>/<native code>`, and is raised and cleared
    on its own. What comes in `signal` itself, if it is normal or unknown, is said of all of them.
    """

    signal: str
    standard: Standard
    by_code: bool = False


class BaselineRule(Rule, frozen=True, kw_only=True, tag="baseline"):
    """The device's own past is the measure: its last samples against what was learned as its normal.

    Until it has learned from `learn` samples it says nothing, and says that. `window` is over how many samples a
    lasting deviation is looked for. `tolerance` widens every limit: at 2 a device may go twice as far from its normal.
    """

    signal: str
    learn: int = 150
    window: int = 256
    tolerance: float = 1.0


AnyRule: TypeAlias = (
    LimitRule
    | RateRule
    | WindowRule
    | NoChangeRule
    | CodesRule
    | CounterRule
    | CombinationRule
    | NativeRule
    | BaselineRule
)


class Profile(Table, frozen=True, kw_only=True):
    """Everything a maker says of one product.

    Units: `expected_interval_s` is how often a machine reports; None says nothing about silence.
    """

    format: int
    name: str
    description_en: str = ""
    description_da: str = ""
    expected_interval_s: float | None = None
    signals: tuple[Signal, ...] = ()
    rules: tuple[AnyRule, ...] = ()
    codes: tuple[AlarmCode, ...] = ()


def signal_of(rule: AnyRule) -> str | None:
    """Name the signal that a rule looks at; a combination looks at rules."""
    return None if isinstance(rule, CombinationRule) else rule.signal


def is_due_by_time(rule: AnyRule) -> bool:
    """Tell whether time alone makes a service due, sample or not."""
    return isinstance(rule, CounterRule) and (rule.every_s, rule.every_months, rule.due_on) != (None, None, None)


def native_code(rule: AnyRule, signal: str | None) -> str | None:
    """Return which of a machine's own codes a signal stands for under a rule, None for none."""
    if not isinstance(rule, NativeRule) or not rule.by_code or signal is None:
        return None
    return signal.removeprefix(f"{rule.signal}/") if signal.startswith(f"{rule.signal}/") else None


def codes_of(rule: AnyRule) -> tuple[str, ...]:
    """Name the conditions that a rule can raise."""
    return tuple(one.code for one in rule.codes) if isinstance(rule, CodesRule) else (rule.code,)


def parts_of(rule: AnyRule) -> tuple[str, ...]:
    """Name the conditions that a rule is made of; only a combination is."""
    return (*rule.all_of, *rule.any_of, *rule.none_of) if isinstance(rule, CombinationRule) else ()


def judged(rule: AnyRule) -> AnyRule:
    """Return what of a rule decides: not its words, nor where it is from, nor what follows its condition."""
    words = {"source": "", "sentence_en": "", "sentence_da": "", "advice_en": "", "advice_da": ""}
    return msgspec.structs.replace(rule, clear_after_s=None, **words)
