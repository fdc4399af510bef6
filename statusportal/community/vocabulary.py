"""Words of the community."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from statusportal.anonymity.masks import Masker
from statusportal.anonymity.vocabulary import LEAST_OWNERS, Taken

# How many further words an owner may have taken out of one entry: each is looked for in every comment.
MOST_TAKEN_OUT = 50


class PublicationState(StrEnum):
    """Whether a publication still speaks; one that was taken back keeps its place and no word."""

    STANDING = "standing"
    REVOKED = "revoked"


class LineState(StrEnum):
    """Whether a line still speaks."""

    VISIBLE = "visible"
    DELETED = "deleted"


@dataclass(frozen=True, slots=True)
class DraftLine:
    """One comment before and after, under the alias that its author would have."""

    comment_id: UUID
    person_id: UUID
    author: str
    alias: str
    role: str | None
    before: str
    after: str
    said_at: datetime


@dataclass(frozen=True, slots=True)
class Draft:
    """What would be shared, before and after. `left_out` comments are for narrower circles, or others' to share.

    `masker` takes out of every word of it what is known. `firmware` and `code` are empty where they would tell.
    """

    alias: str
    person_id: UUID
    title_before: str
    title: str
    body_before: str
    body: str
    lines: Sequence[DraftLine]
    counts: Mapping[Taken, int]
    left_out: int
    owners: int
    masker: Masker
    firmware: str
    code: str

    @property
    def is_open(self) -> bool:
        """Tell whether enough organisations own the model."""
        return self.owners >= LEAST_OWNERS


@dataclass(frozen=True, slots=True)
class SharedWords:
    """What the owner saw and says yes to: the title, the body, and each comment that goes along by its id."""

    title: str
    body: str
    lines: Mapping[UUID, str]
