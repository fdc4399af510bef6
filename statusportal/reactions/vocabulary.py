"""Words of reactions."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum


class ReactionName(StrEnum):
    """What somebody says with one press. `worked` speaks of a machine of one's own; answers read it."""

    HELPFUL = "helpful"
    WORKED = "worked"
    THANKS = "thanks"


@dataclass(frozen=True, slots=True)
class Reacted:
    """How often a comment was reacted to, by name, and which of them are the reader's own."""

    counts: Mapping[ReactionName, int] = field(default_factory=dict)
    mine: frozenset[ReactionName] = frozenset()


NO_REACTIONS = Reacted()
