"""Letters of news, word by word, in English and Danish. Pure: what happened in, a letter out.

A letter holds what was said, why it came, and how to end it in one step. Nothing in it tells that it was read.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from markupsafe import Markup

from statusportal.following.vocabulary import FollowReason
from statusportal.news.vocabulary import NewsItem, NewsKind
from statusportal.notifications.vocabulary import Letter

_FALLBACK: Final = "en"
_LONGEST: Final = 2_000

HEADINGS: Final[Mapping[str, Mapping[NewsKind, str]]] = {
    "en": {
        NewsKind.FAILURE: "%(machine)s has failed",
        NewsKind.ENTRY: "New on %(machine)s",
        NewsKind.UPDATE: "Official update on %(machine)s, from %(author)s",
        NewsKind.COMMENT: "%(author)s wrote about %(machine)s",
        NewsKind.REPLY: "%(author)s answered you about %(machine)s",
        NewsKind.ANSWER: "An answer about %(machine)s was accepted, by %(author)s",
        NewsKind.MENTION: "%(author)s called you by name about %(machine)s",
    },
    "da": {
        NewsKind.FAILURE: "%(machine)s har svigtet",
        NewsKind.ENTRY: "Nyt om %(machine)s",
        NewsKind.UPDATE: "Officiel opdatering om %(machine)s, fra %(author)s",
        NewsKind.COMMENT: "%(author)s skrev om %(machine)s",
        NewsKind.REPLY: "%(author)s svarede dig om %(machine)s",
        NewsKind.ANSWER: "Et svar om %(machine)s blev godkendt, af %(author)s",
        NewsKind.MENTION: "%(author)s nævnte dig ved navn om %(machine)s",
    },
}
REASONS: Final[Mapping[str, Mapping[FollowReason, str]]] = {
    "en": {
        FollowReason.OWNED: "your organisation has the machine",
        FollowReason.ASKED: "you asked",
        FollowReason.REPLIED: "you replied",
        FollowReason.CHOSEN: "you chose to follow it",
        FollowReason.MENTIONED: "somebody called you by name",
    },
    "da": {
        FollowReason.OWNED: "jeres organisation har maskinen",
        FollowReason.ASKED: "du spurgte",
        FollowReason.REPLIED: "du svarede",
        FollowReason.CHOSEN: "du valgte at følge det",
        FollowReason.MENTIONED: "nogen nævnte dig ved navn",
    },
}
_WORDS: Final[Mapping[str, Mapping[str, str]]] = {
    "en": {
        "hello": "Hello %(name)s,",
        "read": "Read and answer",
        "because": "You get this because %(reason)s.",
        "stop": "No more letters about this entry, in one step and without signing in:",
        "settings": "Everything that you follow:",
        "stop_daily": "No more daily letters, in one step and without signing in:",
        "digest": "%(portal)s: what was said yesterday and today",
        "all": "See all news",
    },
    "da": {
        "hello": "Hej %(name)s,",
        "read": "Læs og svar",
        "because": "Du får dette, fordi %(reason)s.",
        "stop": "Ikke flere breve om dette opslag, i ét trin og uden at logge ind:",
        "settings": "Alt, hvad du følger:",
        "stop_daily": "Ikke flere daglige breve, i ét trin og uden at logge ind:",
        "digest": "%(portal)s: hvad der blev sagt i går og i dag",
        "all": "Se alle nyheder",
    },
}
_PAGE: Final = Markup(
    '<!doctype html><html lang="{locale}"><head><meta charset="utf-8"><title>{subject}</title></head>'
    '<body style="font:16px/1.5 sans-serif;color:#16181d;background:#fff;max-width:36em;margin:2em auto;padding:0 1em">'
    '{inner}<hr style="border:0;border-top:1px solid #c9ccd3"><div style="font-size:13px;color:#565b66">{foot}</div>'
    "</body></html>"
)
_SAID: Final = Markup('<h1 style="font-size:18px">{heading}</h1><p><b>{title}</b></p>{words}')
_QUOTE: Final = Markup('<p style="white-space:pre-wrap">{}</p>')
_LINK: Final = Markup('<p><a href="{link}">{label}</a></p>')
_PARAGRAPH: Final = Markup("<p>{}</p>")


@dataclass(frozen=True, slots=True)
class Reader:
    """Whom a letter is for."""

    email: str
    name: str
    locale: str

    @property
    def spoken(self) -> str:
        """Return the language of the letter."""
        return self.locale if self.locale in HEADINGS else _FALLBACK


@dataclass(frozen=True, slots=True)
class Addresses:
    """Where a letter leads: the words, everything followed, the page that ends letters, and the one step that does."""

    words: str
    settings: str
    stop: str
    stop_in_one_step: str


def write_news(reader: Reader, item: NewsItem, to: Addresses, domain: str) -> Letter:
    """Write a letter about one thing. Letters about one entry stand together in a mail program."""
    words = _WORDS[reader.spoken]
    heading, title = heading_of(item, reader.spoken), title_of(item, reader.spoken)
    subject = f"Re: {title}" if item.comment_id else f"{heading}: {title}"
    because = words["because"] % {"reason": REASONS[reader.spoken][item.because]}
    said = _cut(item.words)
    lines = [words["hello"] % {"name": reader.name}, f"{heading}\n{title}", said, f"{words['read']}:\n{to.words}"]
    foot = [because, f"{words['stop']}\n{to.stop}", f"{words['settings']}\n{to.settings}"]
    html = _PAGE.format(
        locale=reader.spoken,
        subject=subject,
        inner=_SAID.format(heading=heading, title=title, words=_QUOTE.format(said) if said else "")
        + _LINK.format(link=to.words, label=words["read"]),
        foot=_PARAGRAPH.format(because)
        + _LINK.format(link=to.stop, label=words["stop"].rstrip(":"))
        + _LINK.format(link=to.settings, label=words["settings"].rstrip(":")),
    )
    headers = {
        "References": f"<entry-{item.entry_id}@{domain}>",
        "In-Reply-To": f"<entry-{item.entry_id}@{domain}>",
        **_ending(to),
    }
    return Letter(reader.email, subject, _text(lines, foot), str(html), headers)


def write_digest(reader: Reader, items: Sequence[NewsItem], portal: str, to: Addresses) -> Letter:
    """Write one letter about everything that could wait, the oldest first."""
    words = _WORDS[reader.spoken]
    subject = words["digest"] % {"portal": portal}
    told = [(heading_of(item, reader.spoken), title_of(item, reader.spoken), _cut(item.words, 300)) for item in items]
    lines = [words["hello"] % {"name": reader.name}]
    lines += ["\n".join(part for part in one if part) for one in told]
    foot = [f"{words['all']}:\n{to.words}", f"{words['stop_daily']}\n{to.stop}"]
    inner = Markup("").join(
        _SAID.format(heading=heading, title=title, words=_QUOTE.format(said) if said else "")
        for heading, title, said in told
    )
    ways = ((to.words, words["all"]), (to.stop, words["stop_daily"].rstrip(":")))
    html = _PAGE.format(
        locale=reader.spoken,
        subject=subject,
        inner=inner,
        foot=Markup("").join(_LINK.format(link=link, label=label) for link, label in ways),
    )
    return Letter(reader.email, subject, _text(lines, foot), str(html), _ending(to))


def heading_of(item: NewsItem, locale: str) -> str:
    """Say in one line what happened."""
    spoken = locale if locale in HEADINGS else _FALLBACK
    return HEADINGS[spoken][item.kind] % {"machine": item.device_name, "author": item.author}


def reason_of(item: NewsItem, locale: str) -> str:
    """Say why somebody hears of it."""
    return REASONS[locale if locale in REASONS else _FALLBACK][item.because]


def title_of(item: NewsItem, locale: str) -> str:
    """Return the entry's title, in the reader's language where the portal wrote it."""
    return (item.headline or {}).get(locale) or item.title


def _ending(to: Addresses) -> dict[str, str]:
    """Return the headers by which a mail program ends letters. Source: RFC 8058."""
    return {"List-Unsubscribe": f"<{to.stop_in_one_step}>", "List-Unsubscribe-Post": "List-Unsubscribe=One-Click"}


def _cut(words: str, most: int = _LONGEST) -> str:
    return words if len(words) <= most else f"{words[:most].rsplit(' ', 1)[0]} …"


def _text(lines: Sequence[str], foot: Sequence[str]) -> str:
    return "\n\n".join([*(line for line in lines if line), "-- ", *foot]) + "\n"
