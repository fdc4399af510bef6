"""Reading what is sent as a text. Pure: bytes in, text out, or None for what is none or is markup that would act."""

import codecs
import re
from typing import Final

_DOCUMENTS = "html|head|body|script|svg|math|style|iframe|xml"
_MARKUP = re.compile(rf"\s*<(?:[!?]|/?(?:{_DOCUMENTS}|[a-z][\w.-]*:)\b)", re.IGNORECASE)
_ANYWHERE = re.compile(r"<(?:script|svg|iframe|object|embed|html)[\s>/]", re.IGNORECASE)
_ACTING_WITHIN: Final = 65_536
# Tabs, line ends, form feeds, and the colours that terminals write into logs.
_CONTROL = re.compile(r"[\x00-\x08\x0e-\x1a\x1c-\x1f\x7f]")
_EXCERPT_LINES: Final = 12
_EXCERPT_CHARACTERS: Final = 1_200


def text_of(body: bytes) -> str | None:
    """Return the text that bytes hold: UTF-8, UTF-16 with its mark, or else the letters of western Windows."""
    if body.startswith(codecs.BOM_UTF8):
        return _plain(body.removeprefix(codecs.BOM_UTF8), "utf-8")
    if body.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return _plain(body, "utf-16")
    return _plain(body, "utf-8") or _plain(body, "cp1252")


def is_markup(text: str) -> bool:
    """Tell whether a text is a page, a drawing or another document that a browser would act upon."""
    return _MARKUP.match(text) is not None or _ANYWHERE.search(text, 0, _ACTING_WITHIN) is not None


def excerpt_of(text: str) -> str:
    """Return the first lines, for a look before opening."""
    lines = text[: _EXCERPT_CHARACTERS * 4].splitlines()[:_EXCERPT_LINES]
    return "\n".join(lines)[:_EXCERPT_CHARACTERS]


def _plain(body: bytes, encoding: str) -> str | None:
    try:
        text = body.decode(encoding)
    except UnicodeDecodeError:
        return None
    return None if not text.strip() or _CONTROL.search(text) else text
