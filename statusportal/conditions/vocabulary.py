"""Words of shelving."""

from datetime import timedelta
from enum import StrEnum

# A shelf that nobody looks at again hides what it was never meant to hide.
# Source: IEC 62682 (2022), shelving is limited in time; a quarter is the longest interval between services here.
LONGEST_SHELF = timedelta(days=90)
REASON_CHARACTERS = 300


class Rest(StrEnum):
    """How a condition rests: until a moment, or until somebody brings it back."""

    SHELVED = "shelved"
    OUT_OF_SERVICE = "out_of_service"
