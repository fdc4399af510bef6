"""Words of what follows a condition."""

from datetime import timedelta
from enum import StrEnum

# A shelf that nobody looks at again hides what it was never meant to hide.
# Source: IEC 62682 (2022), shelving is limited in time; a quarter is the longest interval between services here.
LONGEST_SHELF = timedelta(days=90)
REASON_CHARACTERS = 300

# What begins within so long of an entry's beginning is one happening with it: a trip takes several limits along.
# Source: IEC 62682 (2022), alarms of one cause are grouped; EEMUA 191 (2013) counts a flood by ten minutes, one of a
# single machine is over within one.
BURST = timedelta(minutes=1)
# So many lines of the machine stand in a thread within an hour; the others are counted.
LINES_AN_HOUR = 6


class Rest(StrEnum):
    """How a condition rests: until a moment, or until somebody brings it back."""

    SHELVED = "shelved"
    OUT_OF_SERVICE = "out_of_service"
