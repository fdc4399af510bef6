"""Letters of evidence. Pure: an audience and a number in, what stands on the pin out.

Each audience counts for itself: a gap in the letters would tell that something stands where one may not read.
"""

from typing import Final

_ALPHABET: Final = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"


def letter_of(number: int, *, width: int, widest: int) -> str:
    """Return what a pin says: capitals for what all read, small letters for fewer, and an i before inner ones.

    Shape: `number` counts from 1; after Z comes AA. `width` is the comment's audience, `widest` the entry's.
    """
    letters = ""
    while number > 0:
        number, place = divmod(number - 1, len(_ALPHABET))
        letters = _ALPHABET[place] + letters
    if width >= widest:
        return letters
    return letters.lower() if width > 0 else f"i{letters.lower()}"
