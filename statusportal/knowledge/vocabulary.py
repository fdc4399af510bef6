"""Words of knowledge."""

from dataclasses import dataclass
from enum import StrEnum


class ArticleState(StrEnum):
    """How far a version has come."""

    DRAFT = "draft"
    REVIEWED = "reviewed"
    PUBLISHED = "published"


class Outcome(StrEnum):
    """What became of a machine on which somebody did what an article says."""

    WATCHED = "watched"
    WORKED = "worked"
    DID_NOT = "did_not"


@dataclass(frozen=True, slots=True)
class ArticleWords:
    """What an article says. The firmware it is about goes from one to another, both included; empty is open."""

    title: str
    symptom: str
    cause: str
    fix: str
    firmware_from: str = ""
    firmware_to: str = ""


@dataclass(frozen=True, slots=True)
class Tally:
    """On how many machines it helped. `confirmed` of those that worked say so themselves; `watched` are not decided."""

    worked: int = 0
    did_not: int = 0
    confirmed: int = 0
    watched: int = 0

    @property
    def tried(self) -> int:
        """Return the denominator: machines of which it is known how it went."""
        return self.worked + self.did_not
