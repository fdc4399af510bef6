"""Names in texts: who is called in Markdown, and where the name stands in HTML. Pure: text in, text out."""

import html
import re
from collections.abc import Collection, Iterable, Sequence

_TAG = re.compile(r"(<[^>]*>)")
_CODE = re.compile(r"```.*?(?:```|\Z)|`[^`\n]*`", re.DOTALL)
# Inside these a name is no call.
_CLOSED = {"code", "pre", "a"}


def called_in(markdown: str, names: Collection[str]) -> Sequence[str]:
    """Return the names that stand behind an @ outside code, in the order of their first call. Case does not count.

    Shape: the longest name wins, so that "@Ann Lee" does not call "Ann"; one that two people share is nobody's.
    """
    known = _known(names)
    pattern = _pattern(known.values())
    if pattern is None:
        return []
    found = [known[match[1].casefold()] for match in pattern.finditer(_CODE.sub(" ", markdown))]
    return list(dict.fromkeys(found))


def marked(body_html: str, names: Collection[str]) -> str:
    """Return sanitised HTML in which each call is marked; nothing else of it changes."""
    pattern = _pattern(html.escape(name) for name in _known(names).values())
    if pattern is None:
        return body_html
    parts, inside = _TAG.split(body_html), 0
    for place, part in enumerate(parts):
        if part.startswith("<"):
            name = part.strip("</>").split(" ")[0].lower()
            inside += 0 if name not in _CLOSED else -1 if part.startswith("</") else 1
        elif not inside:
            parts[place] = pattern.sub(r'<b class="mention">@\1</b>', part)
    return "".join(parts)


def _known(names: Iterable[str]) -> dict[str, str]:
    """Return the names by how they are compared, without those that two people share."""
    folded: dict[str, str | None] = {}
    for name in names:
        key = name.casefold()
        folded[key] = None if key in folded else name
    return {key: name for key, name in folded.items() if name}


def _pattern(names: Iterable[str]) -> re.Pattern[str] | None:
    longest = sorted(names, key=len, reverse=True)
    if not longest:
        return None
    return re.compile(rf"(?<![\w@.])@({'|'.join(map(re.escape, longest))})(?!\w)", re.IGNORECASE)
