"""Taking out of a text whatever tells who wrote it and where. Pure: text and known words in, masked text out.

Addresses and files go whole; then known words, however they are cased, spaced or punctuated; then dates and numbers.
Clock times are rounded down to the hour. At the end the text is read as a stranger might search it, letters and digits
alone: where a known word is still in it, the whole text goes.
Source: docs/adr/0056-sharing-without-a-name.md.
"""

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Final

from statusportal.anonymity.vocabulary import Known, Masked, Taken

# What stands where something was, in brackets that are no Markdown.
GONE: Final = "\u2039gone\u203a"
_STANDS: Final = {kind: f"\u2039{kind.value}\u203a" for kind in Taken}
_WORD = re.compile(r"\w+")
_BETWEEN = r"[\W_]{0,4}"
# Shorter than this, a known word is looked for as a whole word alone: "Stine" is in "pristine".
_PART_FROM = {Taken.PERSON: 8}
_PART_FROM_USUAL = 5
_ENDINGS = r"(?:['’]?s|es|en|et|ens|ets)?"
_UNSEEN = re.compile(r"[\u00ad\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u206f\ufeff]")
_LINK = re.compile(r"!?\[([^\[\]\n]{0,500})\]\([^()\n]{0,2000}\)")
_REFERENCE = re.compile(r"^ {0,3}\[[^\]\n]{1,200}\]:.*$", re.MULTILINE)
_MONTHS = (
    "jan(?:uary|uar)?|feb(?:ruary|ruar)?|mar(?:ch|ts)?|apr(?:il)?|may|maj|june?|juni|july?|juli|aug(?:ust)?|"
    "sep(?:t(?:ember)?)?|oct(?:ober)?|okt(?:ober)?|nov(?:ember)?|dec(?:ember)?"
)
_FILES = "jpe?g|png|gif|webp|heic|mp4|mov|pdf|csv|xlsx?|docx?|txt|log|zip|gz|json|xml|toml|ya?ml|exe|bin|dat|db"
# Forms that tell by themselves. An address goes whole, before the names that it holds; a file before a host.
_WHOLE: Final[Sequence[tuple[Taken, re.Pattern[str]]]] = (
    (Taken.ADDRESS, re.compile(r"<?\b[a-z][a-z0-9+.-]{1,20}://[^\s<>]+>?", re.IGNORECASE)),
    (Taken.ADDRESS, re.compile(r"\\\\[^\s\\]+\\\S*")),
    (Taken.ADDRESS, re.compile(r"[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63})*")),
    (Taken.NUMBER, re.compile(r"\b[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}\b", re.IGNORECASE)),
    (Taken.ADDRESS, re.compile(r"\b(?:[0-9a-f]{2}[:-]){5}[0-9a-f]{2}\b", re.IGNORECASE)),
    (Taken.ADDRESS, re.compile(r"(?<![\w:])(?:[0-9a-f]{1,4}:){3,7}[0-9a-f:]{1,4}\b", re.IGNORECASE)),
    (Taken.ADDRESS, re.compile(r"\b\d{1,3}(?:\.\d{1,3}){3}\b")),
    (Taken.FILE, re.compile(rf"\b[\w-]{{1,120}}(?:\.[\w-]{{1,60}}){{0,3}}\.(?:{_FILES})\b", re.IGNORECASE)),
    (Taken.ADDRESS, re.compile(r"\b[a-z0-9-]{2,63}(?:\.[a-z0-9-]{2,63}){0,4}\.[a-z]{2,12}\b", re.IGNORECASE)),
)
_LOOSE: Final[Sequence[tuple[Taken, re.Pattern[str]]]] = (
    (Taken.PERSON, re.compile(r"(?<!\w)@\w+")),
    (Taken.DATE, re.compile(r"\b(?:19|20)\d\d-\d\d?-\d\d?(?:T[\d:.]+Z?)?\b")),
    (Taken.DATE, re.compile(r"\b\d{1,2}[./-]\d{1,2}[./-](?:19|20)?\d\d\b")),
    (Taken.DATE, re.compile(rf"\b\d{{1,2}}(?:st|nd|rd|th|\.)? (?:{_MONTHS})\b(?:,? (?:19|20)\d\d)?", re.IGNORECASE)),
    (Taken.DATE, re.compile(rf"\b(?:{_MONTHS}) \d{{1,2}}(?:st|nd|rd|th)?\b(?:,? (?:19|20)\d\d)?", re.IGNORECASE)),
    (Taken.NUMBER, re.compile(r"(?<![\w.,])\+?\d(?:[ ()/-]{0,2}\d){7,}(?![\w.,]\d)")),
)
_CLOCK = re.compile(r"\b(?:([01]?\d|2[0-3]):[0-5]\d(?::[0-5]\d)?|kl\. ?([01]?\d|2[0-3])\.[0-5]\d)\b", re.IGNORECASE)


def mask(text: str, known: Sequence[Known], kept: Sequence[str] = ()) -> Masked:
    """Take out what tells who it is. `kept` are words that stay: model, firmware, alarm code, the operator's name.

    Shape: masking a masked text changes nothing. A text in which something known is left is gone as a whole.
    """
    counts: Counter[Taken] = Counter()
    plain = _REFERENCE.sub("", _LINK.sub(r"\1", _seen(text)))
    plain = _without_forms(plain, _WHOLE, kept, counts)
    plain = _without_known(plain, _told(known, kept), counts)
    plain = _without_forms(plain, _LOOSE, kept, counts)
    plain, found = _CLOCK.subn(lambda hit: f"{int(hit[1] or hit[2]):02d}:00", plain)
    counts[Taken.TIME] += found
    plain = plain.strip()
    if still_told(plain, known, kept):
        return Masked(GONE, {**counts, Taken.ORGANISATION: counts[Taken.ORGANISATION] + 1})
    return Masked(plain, {kind: count for kind, count in counts.items() if count})


def still_told(text: str, known: Iterable[Known], kept: Sequence[str] = ()) -> list[str]:
    """Return the known words that are still in a text, read as letters and digits alone."""
    seen = _seen(text)
    squeezed, chunks = folded(seen), {folded(chunk) for chunk in seen.split()}
    return [one.text for one in _told(known, kept) if _is_in(one, squeezed, chunks)]


def folded(text: str) -> str:
    """Reduce a text to its letters and digits, without case and accents."""
    taken_apart = unicodedata.normalize("NFKD", text.casefold())
    return "".join(one for one in taken_apart if one.isalnum())


def hour_of(at: datetime) -> datetime:
    """Round an instant down to its hour."""
    return at.replace(minute=0, second=0, microsecond=0)


def _seen(text: str) -> str:
    """Give a text as it looks: one form of each letter, nothing that is not seen."""
    return _UNSEEN.sub("", unicodedata.normalize("NFKC", text))


def _told(known: Iterable[Known], kept: Sequence[str]) -> list[Known]:
    """Return what tells something, the longest first; what is a part of the words that stay tells nothing."""
    stays = {folded(word) for word in kept} | {folded(one) for word in kept for one in _WORD.findall(word)}
    found = {folded(one.text): one for one in reversed(list(known)) if len(folded(one.text)) > 1}
    return sorted((one for word, one in found.items() if word not in stays), key=lambda one: (-len(one.text), one.text))


def _is_in(one: Known, squeezed: str, chunks: set[str]) -> bool:
    """Tell whether a known text is left: one of several words anywhere, a single one within what stands together."""
    word = folded(one.text)
    if len(_WORD.findall(one.text)) > 1 and _is_part(one):
        return word in squeezed
    return any(word in chunk for chunk in chunks) if _is_part(one) else word in chunks


def _is_part(one: Known) -> bool:
    return len(folded(one.text)) >= _PART_FROM.get(one.kind, _PART_FROM_USUAL)


def _without_known(text: str, known: Sequence[Known], counts: Counter[Taken]) -> str:
    for one in known:
        parts = _WORD.findall(_seen(one.text))
        body = _BETWEEN.join(re.escape(part) for part in parts)
        form = re.compile(body if _is_part(one) else rf"(?<!\w){body}{_ENDINGS}(?!\w)", re.IGNORECASE)
        instead = one.alias or _STANDS[one.kind]
        text, found = _replaced(text, form, instead)
        counts[one.kind] += found
    return text


def _without_forms(
    text: str, forms: Sequence[tuple[Taken, re.Pattern[str]]], kept: Sequence[str], counts: Counter[Taken]
) -> str:
    """Take out what tells by its form, but for words that stay whatever they look like: 4.2.1.9 may be a firmware."""
    text, hidden = _hide(text, kept)
    for kind, form in forms:
        text, found = form.subn(_STANDS[kind], text)
        counts[kind] += found
    return _show(text, hidden)


def _replaced(text: str, form: re.Pattern[str], instead: str) -> tuple[str, int]:
    """Replace each hit with the word around it: what is in front of a part of a name tells the name as well."""
    parts: list[str] = []
    end = 0
    for hit in form.finditer(text):
        if hit.start() < end:
            continue
        first, last = hit.start(), hit.end()
        while first > end and _WORD.fullmatch(text[first - 1]):
            first -= 1
        while last < len(text) and _WORD.fullmatch(text[last]):
            last += 1
        parts += [text[end:first], instead]
        end = last
    return "".join([*parts, text[end:]]), len(parts) // 2


def _hide(text: str, kept: Sequence[str]) -> tuple[str, dict[str, str]]:
    """Put marks where words stay."""
    marks = {}
    for number, word in enumerate(sorted({one for one in kept if len(one) > 1}, key=len, reverse=True)):
        mark = f"\ue000{chr(0xE100 + number)}\ue000"
        form = re.compile(rf"(?<!\w){re.escape(word)}(?!\w)")
        if form.search(text):
            text, marks[mark] = form.sub(mark, text), word
    return text, marks


def _show(text: str, marks: dict[str, str]) -> str:
    for mark, word in marks.items():
        text = text.replace(mark, word)
    return text
