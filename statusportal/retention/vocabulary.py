"""Words of retention."""

from dataclasses import dataclass
from enum import StrEnum

from statusportal.config import Settings


class Kept(StrEnum):
    """A kind of record that ends after a time."""

    SAMPLES = "samples"
    SIGN_INS = "sign_ins"
    TAKEOUTS = "takeouts"


@dataclass(frozen=True, slots=True)
class Recorded:
    """How many records of one kind there are about a person. Kinds have their words where they are shown."""

    kind: str
    count: int


def days_of(settings: Settings, kind: Kept) -> int:
    """Return for how many days a kind is kept; 0 is for ever."""
    return {
        Kept.SAMPLES: settings.keep_samples_days,
        Kept.SIGN_INS: settings.keep_sign_ins_days,
        Kept.TAKEOUTS: settings.keep_takeouts_days,
    }[kind]
