"""Words of the catalogue."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from uuid import UUID

from statusportal.foundation.vocabulary import Health
from statusportal.profiles.vocabulary import CLEAR_AFTER_S, AlarmCode, AnyRule, Nature, Table, judged


class SignalKind(StrEnum):
    """What the values of a signal are."""

    NUMBER = "number"
    BOOLEAN = "boolean"
    TEXT = "text"


class Side(StrEnum):
    """On which side of its threshold a limit is broken."""

    HIGH = "high"
    LOW = "low"


class SignalTraits(Table, frozen=True, kw_only=True):
    """What else a model may say of a signal; what it leaves out is as usual.

    Shape: a number is a gauge unless it counts or enumerates; `values` names those of an enumeration; `aliases` are
    what other firmwares call it, None leaves them as they are.
    Units: `lowest` and `highest` in the signal's own; outside of them the sensor is broken. Seconds.
    """

    nature: Nature | None = None
    expected_interval_s: float | None = None
    lowest: float | None = None
    highest: float | None = None
    values: Mapping[str, str] = {}
    aliases: tuple[str, ...] | None = None


PLAIN = SignalTraits()


@dataclass(frozen=True, slots=True)
class SignalRule:
    """What a model says about one signal."""

    name: str
    label_en: str
    label_da: str
    unit: str
    kind: SignalKind
    decimals: int
    traits: SignalTraits = PLAIN

    @property
    def names(self) -> tuple[str, ...]:
        """Return what it may be called in a message."""
        return self.name, *(self.traits.aliases or ())


@dataclass(frozen=True, slots=True)
class LimitRule:
    """One limit of one signal; the sentences are templates, empty where the portal's own words will do."""

    id: UUID
    signal_name: str
    code: str
    side: Side
    threshold: float
    hysteresis: float
    duration_s: int
    health: Health
    sentence_en: str = ""
    sentence_da: str = ""
    advice_en: str = ""
    advice_da: str = ""

    def is_beyond(self, value: float, deadband: float = 0.0) -> bool:
        """Tell whether a value is beyond the threshold less a deadband; the threshold itself is still good."""
        return value > self.threshold - deadband if self.side is Side.HIGH else value < self.threshold + deadband


@dataclass(frozen=True, slots=True)
class ModelRules:
    """Everything that derivation needs to know of a model.

    Shape: `limits` are judged as they always were; `rules` are of the other kinds, and of limits that are not plain.
    """

    expected_interval_s: int
    is_strict: bool = False
    signals: tuple[SignalRule, ...] = ()
    limits: tuple[LimitRule, ...] = ()
    rules: tuple[AnyRule, ...] = ()
    codes: tuple[AlarmCode, ...] = ()
    clear_after_s: int = CLEAR_AFTER_S

    def judged(self) -> tuple[list[LimitRule], list[AnyRule], dict[str, SignalTraits]]:
        """Return what of the limits, rules and signals decides, without their words."""
        limits = [replace(one, sentence_en="", sentence_da="", advice_en="", advice_da="") for one in self.limits]
        traits = {one.name: one.traits for one in self.signals if one.traits != PLAIN}
        return limits, [judged(rule) for rule in self.rules], traits
