"""References to things of this portal in a text, given their titles when they are read. Pure: HTML in, HTML out.

What is known of a thing depends on its reader, so that a title is never stored with the words: an address stays an
address, and becomes a title for whoever may open what is behind it. To all others it is a page that they cannot open,
whether there is one or not.
"""

import html
import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import Final, TypeAlias
from urllib.parse import quote
from uuid import UUID

Place: TypeAlias = tuple[str, UUID]

_ID: Final = r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}"
_PATH = re.compile(rf"/(entries|devices|articles)/({_ID})(?:[?#][^\s]*)?")
# Links, then what is code, then every other tag, then words.
_PARTS = re.compile(
    r'<a href="(?P<href>[^"]*)"[^>]*>(?P<said>.*?)</a>|<(?P<code>code|pre)\b.*?</(?P=code)>|<[^>]*>|(?P<words>[^<]+)',
    re.DOTALL,
)
_NAMED = re.compile(
    rf"(?<![\w/:.#?=-])(?P<path>/(?:entries|devices|articles)/{_ID})"
    r"|(?<![\w/:.#-])code:(?P<code>[A-Za-z0-9](?:[\w.-]{0,78}[A-Za-z0-9])?)"
)


def places_in(texts: Iterable[str], homes: Collection[str]) -> set[Place]:
    """Return the things that texts refer to by a bare address, so that all of a page can be asked for at once."""
    return {place for text in texts for place, _address in _places(text, homes)}


def with_titles(text: str, homes: Collection[str], titles: Mapping[Place, str], unseen: str) -> str:
    """Return a text with titles where addresses stood; a link that says something of its own says that.

    Shape: `text` is HTML that was cleaned before; titles are plain, and what has none reads as `unseen`.
    """

    def drawn(found: re.Match[str]) -> str:
        if found["words"] is not None:
            return _NAMED.sub(named, found["words"])
        place = _place(found["href"], found["said"], homes) if found["href"] is not None else None
        return found[0] if place is None else _reference(place, _own_part(found["href"], homes), titles, unseen)

    def named(found: re.Match[str]) -> str:
        if found["code"] is not None:
            address = f"/search?q={quote('code:' + found['code'])}"
            return f'<a class="ref" href="{address}"><code>{found["code"]}</code></a>'
        place = _of_path(found["path"])
        return found[0] if place is None else _reference(place, found["path"], titles, unseen)

    return _PARTS.sub(drawn, text)


def _reference(place: Place, address: str, titles: Mapping[Place, str], unseen: str) -> str:
    title = titles.get(place)
    if title is None:
        return f'<span class="ref ref--unseen">{html.escape(unseen)}</span>'
    return f'<a class="ref" href="{html.escape(address)}">{html.escape(title)}</a>'


def _places(text: str, homes: Collection[str]) -> Iterator[tuple[Place, str]]:
    for found in _PARTS.finditer(text):
        if found["words"] is not None:
            paths = [one["path"] for one in _NAMED.finditer(found["words"]) if one["path"] is not None]
            yield from ((place, path) for path in paths if (place := _of_path(path)) is not None)
        elif found["href"] is not None:
            place = _place(found["href"], found["said"], homes)
            if place is not None:
                yield place, found["href"]


def _place(href: str, said: str, homes: Collection[str]) -> Place | None:
    """Return what a link leads to, where it says nothing but its address and leads into this portal."""
    address = html.unescape(href)
    return _of_path(_own_part(address, homes)) if html.unescape(said) == address else None


def _own_part(address: str, homes: Collection[str]) -> str:
    address = html.unescape(address)
    home = next((one for one in homes if one and address.startswith(f"{one}/")), "")
    return address.removeprefix(home)


def _of_path(path: str) -> Place | None:
    found = _PATH.fullmatch(path)
    return (found[1], UUID(found[2])) if found else None
