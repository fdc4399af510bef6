"""What happened to answers and to the fixes that came of them."""

from dataclasses import dataclass
from uuid import UUID

from statusportal.foundation.events import Event


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerAccepted(Event):
    """A comment was accepted as an answer to its entry."""

    organisation_id: UUID
    device_id: UUID
    entry_id: UUID
    comment_id: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerUnaccepted(Event):
    """A comment is an answer to its entry no more."""

    organisation_id: UUID
    device_id: UUID
    entry_id: UUID
    comment_id: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class FixMoved(Event):
    """A fix was applied or taken back, the machine confirmed it, or the trouble came back."""

    organisation_id: UUID
    device_id: UUID
    entry_id: UUID
    fix_id: UUID
