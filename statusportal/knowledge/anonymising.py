"""Taking out of a text whose machine it was about. Pure."""

import re
from collections.abc import Iterable

_ADDRESS = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+")
_LINK = re.compile(r"https?://\S+")
_PHONE = re.compile(r"(?<!\w)\+?\d(?:[ \-]?\d){7,}(?!\w)")
_SHORTEST = 3


def anonymised(text: str, names: Iterable[str]) -> str:
    """Replace names, serials, mail addresses, links and telephone numbers by "[…]", in whatever case they are written.

    Shape: a name is taken out whole and by each of its words of three letters or more.
    """
    for pattern in (_ADDRESS, _LINK, _PHONE):
        text = pattern.sub("[…]", text)
    wanted = {one for name in names for one in (name.strip(), *name.split()) if len(one) >= _SHORTEST}
    for one in sorted(wanted, key=len, reverse=True):
        text = re.sub(rf"(?<!\w){re.escape(one)}(?!\w)", "[…]", text, flags=re.IGNORECASE)
    return re.sub(r"(?:\[…\][ ]?)+(?=\[…\])", "", text)
