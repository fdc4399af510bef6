"""Tags: what a document is filed under in the index, so that a search reads what it may give and nothing else.

Pure: ids and codes in, single words out. A tag is a coarse sieve: who may read is asked of the rows that come through.
"""

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from typing import Final
from uuid import UUID

from statusportal.lexicon.terms import code_of

_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_CHANCE_BITS: Final = 20
# Above every number.
NEWEST: Final = 2**63 - 1
_INSIDE: Final = "internal"


def tag_of_organisation(organisation_id: UUID) -> str:
    """File what others than staff may read under its organisation."""
    return f"o{organisation_id.hex}"


def tag_of_device(device_id: UUID) -> str:
    """File under a machine."""
    return f"d{device_id.hex}"


def tag_of_code(text: str) -> str:
    """File under a serial number or an alarm code, as it is looked up."""
    return f"x{code_of(text)}"


def tags_of(organisation_id: UUID, device_id: UUID, audience: str, codes: Iterable[str | None]) -> str:
    """Return what a document is filed under. What is internal has no organisation: no customer's search reads it."""
    tags = [tag_of_device(device_id), *(tag_of_code(code) for code in codes if code and code_of(code))]
    return " ".join(tags if audience == _INSIDE else [tag_of_organisation(organisation_id), *tags])


def number_of(said_at: datetime, document_id: UUID) -> int:
    """Return the number of a document in the index: the newer the higher, so that the newest are read first."""
    return number_at(said_at) | document_id.int % 2**_CHANCE_BITS


def number_at(at: datetime) -> int:
    """Return the least number of what was said at an instant or later."""
    since_ms = (at - _EPOCH) // timedelta(milliseconds=1)
    return min(max(0, since_ms) << _CHANCE_BITS, NEWEST)
