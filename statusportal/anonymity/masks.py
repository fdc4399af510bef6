"""Taking out of a text whatever tells who wrote it and where. Pure: text and known words in, masked text out.

A text is taken as it is read: what Markdown makes of its entities and links comes first. Addresses and files go whole;
then known words, however they are cased, spaced or punctuated; then dates and numbers.
Clock times are rounded down to the hour. At the end the text is read as a stranger might search it, letters and digits
alone: where a known word is still in it, the whole text goes.
Source: docs/adr/0056-sharing-without-a-name.md.
"""

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from html import unescape
from typing import Final, Self

from statusportal.anonymity.vocabulary import Known, Masked, Taken
from statusportal.prose.markdown import render_markdown

# What stands where something was, in brackets that are no Markdown.
GONE: Final = "\u2039gone\u203a"
_STANDS: Final = {kind: f"\u2039{kind.value}\u203a" for kind in Taken}
_SAID: Final = ("gone", *(kind.value for kind in Taken))
_END: Final = 4
_WORD = re.compile(r"\w+")
_BETWEEN = r"[\W_]{0,4}"
# Shorter than this, a known word is looked for as a whole word alone: "Stine" is in "pristine".
_PART_FROM = {Taken.PERSON: 8}
_PART_FROM_USUAL = 5
_ENDINGS = r"(?:['’]?s|es|en|et|ens|ets)?"
_UNSEEN = re.compile(r"[\u00ad\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u206f\ufeff]")
_ENTITY = re.compile(r"&(?:#\d{1,8}|#x[0-9a-f]{1,8}|[a-z][a-z0-9]{1,31});", re.IGNORECASE)
# Entities may stand for the beginning of another one; nobody who means well goes deeper.
_DEEPEST = 6
# Without one of these a text is read as it is written.
_MARKS = re.compile(r"[\\*_~`\[\]<>&|]")
_TAG = re.compile(r"<[^<>]*>")
_TARGET = re.compile(r'href="([^"]*)"')
_NO_LINKS = {ord(mark): " " for mark in "[]()"}
_LINK = re.compile(r"!?\[([^\[\]\n]{0,500})\]\([^()\n]{0,2000}\)")
_REFERENCE = re.compile(r"^ {0,3}\[[^\]\n]{1,200}\]:.*$", re.MULTILINE)
_MONTHS = (
    "jan(?:uary|uar)?|feb(?:ruary|ruar)?|mar(?:ch|ts)?|apr(?:il)?|may|maj|june?|juni|july?|juli|aug(?:ust)?|"
    "sep(?:t(?:ember)?)?|oct(?:ober)?|okt(?:ober)?|nov(?:ember)?|dec(?:ember)?"
)
# No hour and no month; what is smaller may be a part, as 3/4 is.
_LATE_DAY = r"(?:1[3-9]|2\d|3[01])"
_DAY, _MONTH = r"(?:0?[1-9]|[12]\d|3[01])", r"(?:0?[1-9]|1[0-2])"
# "at 9.15" is a time, "at 9.15 bar" a value.
_UNITS = "m?bar|[kM]?Pa|psi|m?V|m?A|k?W|[kM]?Hz|rpm|[mckµn]?m|[mk]?g|[mc]?l|m?s|min|h|C|F|K|pp[mb]|pH|dB"
_NO_UNIT = rf"(?! ?(?:[%‰°µΩ]|(?:{_UNITS})\b))"
_NUMBERED = (
    r"(?:tlf|tel|telefon|phone|mobile?|order|ordre|invoice|faktura|rma)\b\.?(?: (?:no|nr|number|nummer)\b\.?)?:?"
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
    # "27/11" is a day, "3/4" a part; "27.11" is a day behind a word that says so.
    (
        Taken.DATE,
        re.compile(r"(?<![\w./,])(?:(?:[12]\d|3[01])/(?:0?[1-9]|1[0-2])|(?:0?[1-9]|1[0-2])/(?:[12]\d|3[01]))(?![\w/])"),
    ),
    (Taken.DATE, re.compile(rf"(?P<before>\b(?:d\.|den) ){_DAY}\.{_MONTH}(?:\.(?!\d)|\b)", re.IGNORECASE)),
    (
        Taken.DATE,
        re.compile(rf"(?P<before>\bon ){_LATE_DAY}\.{_MONTH}(?:\.(?!\d)|\b){_NO_UNIT}", re.IGNORECASE),
    ),
    (Taken.DATE, re.compile(rf"(?<![\w.,]){_LATE_DAY}\.{_MONTH}\.(?= [a-zæøå])")),
    (Taken.NUMBER, re.compile(rf"(?P<before>\b{_NUMBERED} ?)[+#]?\d[\d /-]{{0,30}}\d\b", re.IGNORECASE)),
    (Taken.NUMBER, re.compile(r"(?<![\w.,])\+?\d(?:[ ()/-]{0,2}\d){7,}(?![\w.,]\d)")),
)
_CLOCKS: Final = (
    re.compile(r"\b(?P<hour>[01]?\d|2[0-3]):[0-5]\d(?::[0-5]\d)?\b"),
    re.compile(r"\bkl\.? ?(?P<hour>[01]?\d|2[0-3])[.:][0-5]\d\b", re.IGNORECASE),
    re.compile(r"\b(?P<hour>[01]?\d|2[0-3])\.[0-5]\d(?= ?[ap]\.?m\b)", re.IGNORECASE),
    re.compile(rf"(?P<before>\bat )(?P<hour>[01]?\d|2[0-3])\.[0-5]\d(?![\d.]*\d){_NO_UNIT}", re.IGNORECASE),
)


@dataclass(frozen=True, slots=True)
class Masker:
    """What tells who it is, made ready once for all the texts of a draft; the longest first.

    `kept` are words that stay: model, firmware, alarm code, the operator's name.
    """

    told: Sequence[tuple[str, Known]]
    kept: Sequence[str]

    @classmethod
    def of(cls, known: Iterable[Known], kept: Iterable[str] = ()) -> Self:
        """Make ready what is known. A name that stays whole stays in its words; those tell nothing."""
        stay = [word for word in kept if word]
        stays = {folded(word) for word in stay} | {folded(part) for word in stay for part in word.split()}
        found = {folded(one.text): one for one in reversed(list(known))}
        told = [
            (word, one) for word, one in found.items() if len(word) > 1 and not (word in stays or _is_said(word, one))
        ]
        return cls(sorted(told, key=lambda pair: (-len(pair[1].text), pair[1].text)), stay)

    def mask(self, text: str) -> Masked:
        """Take out what tells who it is.

        Shape: masking a masked text changes nothing. A text in which something known is left is gone as a whole.
        """
        counts: Counter[Taken] = Counter()
        plain = _without_forms(_plain(text), _WHOLE, self.kept, counts)
        plain = _without_known(plain, self._met_in(plain), counts)
        plain = _without_forms(plain, _LOOSE, self.kept, counts)
        for clock in _CLOCKS:
            plain, found = clock.subn(
                lambda hit: f"{hit.groupdict().get('before', '')}{int(hit['hour']):02d}:00", plain
            )
            counts[Taken.TIME] += found
        plain = plain.strip()
        if self.still_told(plain):
            return Masked(GONE, {**counts, Taken.ORGANISATION: counts[Taken.ORGANISATION] + 1})
        return Masked(plain, {kind: count for kind, count in counts.items() if count})

    def still_told(self, text: str) -> list[str]:
        """Return the known words that are still in a text, as it is written and as it is drawn, in letters alone."""
        found = [one for form in _forms(text) for one in self._left_in(form)]
        return list(dict.fromkeys(found))

    def keeps(self, words: str) -> bool:
        """Tell whether words of an owner's own, a firmware or a code, are one token that tells nothing."""
        squeezed, chunks = folded(words), {folded(chunk) for chunk in (words, *re.split(r"[\W_]+", words))}
        return len(words.split()) == 1 and not any(_is_in(one, squeezed, chunks) for one in self._met_in(words))

    def _met_in(self, text: str) -> list[Known]:
        """Return the few known words that can be in a text at all, however it is spaced and punctuated."""
        squeezed = folded(text)
        # Most words end in letters that are nowhere in it: asked of a set first, a large fleet costs next to nothing.
        ends = {squeezed[start : start + _END] for start in range(len(squeezed))}
        return [one for word, one in self.told if (len(word) < _END or word[-_END:] in ends) and word in squeezed]

    def _left_in(self, text: str) -> Iterator[str]:
        met = self._met_in(text)
        if not met:
            return
        squeezed, chunks = folded(text), {folded(chunk) for chunk in text.split()}
        yield from (one.text for one in met if _is_in(one, squeezed, chunks))


def folded(text: str) -> str:
    """Reduce a text to its letters and digits, without case and accents."""
    taken_apart = unicodedata.normalize("NFKD", text.casefold())
    return "".join(filter(str.isalnum, taken_apart))


def hour_of(at: datetime) -> datetime:
    """Round an instant down to its hour."""
    return at.replace(minute=0, second=0, microsecond=0)


def _seen(text: str) -> str:
    """Give a text as it looks: one form of each letter, nothing that is not seen, no letter as an entity."""
    for _ in range(_DEEPEST):
        looks = _ENTITY.sub(lambda hit: unescape(hit[0]), _UNSEEN.sub("", unicodedata.normalize("NFKC", text)))
        if looks == text:
            return text
        text = looks
    return text.replace("&", "")


def _plain(text: str) -> str:
    """Give a text as it looks without what links lead to, until nothing more comes to light."""
    for _ in range(_DEEPEST):
        looks = _REFERENCE.sub("", _LINK.sub(r"\1", _seen(text)))
        if looks == text:
            return text
        text = looks
    return _seen(text.translate(_NO_LINKS))


def _forms(text: str) -> Iterator[str]:
    """Give the forms in which a text is read: as written, and where it has marks, drawn with what it leads to."""
    seen = _seen(text)
    yield seen
    if _MARKS.search(seen):
        drawn = render_markdown(text)
        yield _seen(" ".join([_TAG.sub("", drawn), *_TARGET.findall(drawn)]))


def _is_in(one: Known, squeezed: str, chunks: set[str]) -> bool:
    """Tell whether a known text is left: one of several words anywhere, a single one within what stands together."""
    word = folded(one.text)
    if len(_WORD.findall(one.text)) > 1 and _is_part(one):
        return word in squeezed
    return any(word in chunk for chunk in chunks) if _is_part(one) else word in chunks


def _is_said(word: str, one: Known) -> bool:
    """Tell whether a known word is in what stands where something was: "machine" tells nothing."""
    return word in _SAID or (_is_part(one) and any(word in said for said in _SAID))


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
        text, found = form.subn(partial(_stand_in, _STANDS[kind]), text)
        counts[kind] += found
    return _show(text, hidden)


def _stand_in(instead: str, hit: re.Match[str]) -> str:
    return hit.groupdict().get("before", "") + instead


def _hour(hit: re.Match[str]) -> str:
    return f"{hit.groupdict().get('before', '')}{int(hit['hour']):02d}:00"


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
