"""Words of standings.

Source: IEC 62682 (2022), states of an alarm; no data and what cannot be judged are kept apart from what is normal.
"""

from dataclasses import dataclass

from devices.reading import Value
from statusportal.foundation.vocabulary import Health
from statusportal.profiles.vocabulary import AnyRule
from statusportal.rules.vocabulary import Phase


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleNow:
    """One rule at one signal of one device, as it stands.

    Shape: a rule for codes or for many signals stands once for each; a limit is given as the rule that it is. `value`
    is the newest sample of its signal, `measure` what stands against the limits where that is something else: a mean,
    a rate, what was counted, for how many seconds or samples nothing moved. `learned` is which share of a normal is
    known, 1 where none is needed. `parts` are those of a combination, with where each stands.
    Units: milliseconds since 1970 UTC; `since_ms` is None for what was never judged, `due_ms` when a pending one fires
    or a recovering one clears if nothing changes.
    """

    rule: AnyRule
    code: str
    signal: str | None
    phase: Phase
    health: Health
    since_ms: int | None = None
    due_ms: int | None = None
    active_since_ms: int | None = None
    times: int = 0
    learned: float = 1.0
    value: Value | None = None
    value_at_ms: int | None = None
    measure: float | None = None
    parts: tuple[tuple[str, Phase], ...] = ()
