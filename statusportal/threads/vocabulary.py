"""Words of reading a thread."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

AT_ONCE: Final = 50


@dataclass(frozen=True, slots=True)
class Place:
    """Where to read: from a comment on, up to one, or from the first word that is new since a moment."""

    from_id: UUID | None = None
    until_id: UUID | None = None
    new_since: datetime | None = None
