"""Words of mentions."""

from dataclasses import dataclass
from typing import Final
from uuid import UUID

MOST_MENTIONS: Final = 20


@dataclass(frozen=True, slots=True)
class Known:
    """Somebody whom a writer may call: by name, with a staff role or none."""

    person_id: UUID
    name: str
    role: str | None = None
