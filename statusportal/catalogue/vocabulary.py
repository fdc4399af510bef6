"""Words of the catalogue."""

from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

from statusportal.foundation.vocabulary import Health
from statusportal.profiles.vocabulary import AnyRule


class SignalKind(StrEnum):
    """What the values of a signal are."""

    NUMBER = "number"
    BOOLEAN = "boolean"
    TEXT = "text"


class Side(StrEnum):
    """On which side of its threshold a limit is broken."""

    HIGH = "high"
    LOW = "low"


@dataclass(frozen=True, slots=True)
class SignalRule:
    """What a model says about one signal."""

    name: str
    label_en: str
    label_da: str
    unit: str
    kind: SignalKind
    decimals: int


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
