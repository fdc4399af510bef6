"""Words of erasing."""

from enum import StrEnum
from uuid import UUID

import msgspec


class ErasureKind(StrEnum):
    """Who is erased."""

    PERSON = "person"
    ORGANISATION = "organisation"


class OwnWords(StrEnum):
    """What becomes of what they wrote: it stays without a name, or goes and leaves a tombstone."""

    KEPT = "kept"
    GONE = "gone"


ERASED_PERSON = "Erased person"
ERASED_ORGANISATION = "Erased organisation"
ERASED_TITLE = "Erased"
ERASED_ADDRESS = "erased address"


class LedgerLine(msgspec.Struct, frozen=True):
    """One erasure as the ledger keeps it: whose, by a keyed digest, and what to erase again."""

    id: UUID
    kind: ErasureKind
    subject: str
    own_words: OwnWords
    at: str
