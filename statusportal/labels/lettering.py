"""The letters that are printed, and how a text is written in them."""

import unicodedata

from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont

PLAIN, BOLD = "Vera", "VeraBd"


def register_letters() -> None:
    """Make both fonts known to the printer's library; once is enough, again does no harm."""
    for name in (PLAIN, BOLD):
        pdfmetrics.registerFont(TTFont(name, f"{name}.ttf"))


def spelled(text: str, font: str) -> str:
    """Return the text in letters that the font has: a missing one as its nearest, or as a question mark."""
    known = pdfmetrics.getFont(font).face.charWidths
    return "".join(_nearest(letter, known) for letter in text)


def _nearest(letter: str, known: dict[int, float]) -> str:
    if ord(letter) in known:
        return letter
    plain = [one for one in unicodedata.normalize("NFKD", letter) if ord(one) in known]
    return "".join(plain) or "?"
