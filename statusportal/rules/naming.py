"""Pure: how a rule and its conditions are named outside of evaluation.

Source: docs/adr/0037-rules-are-data.md; a code is at most as long as the column of conditions that keeps it.
"""

import functools
from uuid import NAMESPACE_OID, UUID, uuid5

from statusportal.profiles.vocabulary import EVERY_SIGNAL, AnyRule, native_code, signal_of
from statusportal.rules.vocabulary import Change, Standing

_LONGEST_CODE = 80


@functools.lru_cache(maxsize=4_096)
def rule_id(code: str) -> UUID:
    """Name a rule by its code: a condition that has no such id was declared by a person."""
    return uuid5(NAMESPACE_OID, code)


def condition_code(rule: AnyRule, found: Change | Standing) -> str:
    """Name the condition of a change or of where it stands: a rule on every signal, or for many codes, has one each."""
    which = found.signal if signal_of(rule) == EVERY_SIGNAL else native_code(rule, found.signal)
    if which is None:
        return found.code
    return f"{found.code}@{which}".replace("/", ".")[:_LONGEST_CODE]  # codes stand in addresses
