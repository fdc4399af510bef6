"""Safe Markdown, for entries and comments alike: text in, HTML out. Pure: no session, no clock, no IO.

Two walls, each enough alone: the parser knows no raw HTML, and what it made is cleaned against a list of tags.
"""

from collections.abc import Iterator, Sequence
from typing import Final

import nh3
from markdown_it import MarkdownIt
from markdown_it.rules_core import StateCore
from markdown_it.token import Token
from mdit_py_plugins.tasklists import tasklists_plugin

# A body stands below the page's, the section's and the thread's own headings.
_HEADING_SHIFT: Final = 3
_DEEPEST_HEADING: Final = 6

_TEXT_TAGS = frozenset({"a", "br", "code", "del", "em", "h4", "h5", "h6", "hr", "p", "pre", "s", "strong"})
_LIST_TAGS = frozenset({"blockquote", "input", "label", "li", "ol", "ul"})
_TABLE_TAGS = frozenset({"table", "tbody", "td", "th", "thead", "tr"})
_ATTRIBUTES = {
    "a": {"href"},
    "code": {"class"},
    "input": {"type", "checked", "disabled"},
    "li": {"class"},
    "ol": {"start"},
    "ul": {"class"},
}
_SCHEMES = {"http", "https", "mailto", "tel"}
_CLASSES = frozenset({"task-list-item", "contains-task-list"})


def _lower_headings(state: StateCore) -> None:
    for token in state.tokens:
        if token.type in {"heading_open", "heading_close"}:
            level = min(_DEEPEST_HEADING, int(token.tag[1:]) + _HEADING_SHIFT)
            token.tag = f"h{level}"


def _parser(*, finds_addresses: bool) -> MarkdownIt:
    parser = MarkdownIt("gfm-like", {"html": False, "linkify": finds_addresses, "maxNesting": 20})
    parser.disable(["image", "html_block", "html_inline"])
    parser.use(tasklists_plugin, label=True)
    parser.core.ruler.push("lower_headings", _lower_headings)
    return parser


_PARSER = _parser(finds_addresses=True)
# Finding addresses takes the square of how many beginnings of one stand in a row; more are no letter.
_PLAIN_PARSER = _parser(finds_addresses=False)
_MOST_ADDRESSES: Final = 300
_BEGINNINGS = ("://", "www.", "@")


def _parser_for(text: str) -> MarkdownIt:
    """Return the parser for a text: one that is made of addresses is drawn without links, and in time."""
    return _PARSER if sum(map(text.count, _BEGINNINGS)) <= _MOST_ADDRESSES else _PLAIN_PARSER


def _kept_attribute(tag: str, name: str, value: str) -> str | None:
    if name != "class":
        return value
    if tag == "code":
        return value if value.startswith("language-") else None
    return " ".join(word for word in value.split() if word in _CLASSES) or None


def render_markdown(text: str) -> str:
    """Turn what a person wrote into HTML that can stand on a page as it is."""
    return nh3.clean(
        _parser_for(text).render(text),
        tags=set(_TEXT_TAGS | _LIST_TAGS | _TABLE_TAGS),
        attributes=_ATTRIBUTES,
        attribute_filter=_kept_attribute,
        url_schemes=_SCHEMES,
        link_rel="nofollow noopener noreferrer ugc",
    )


def plain_text(text: str) -> str:
    """Return the words alone, for search and for excerpts: no marks, no addresses behind links."""
    return " ".join(" ".join(_words(_parser_for(text).parse(text))).split())


def _words(tokens: Sequence[Token]) -> Iterator[str]:
    for token in tokens:
        if token.type == "inline":
            yield "".join(_inline(token.children or ()))
        elif token.type in {"fence", "code_block"}:
            yield token.content


def _inline(tokens: Sequence[Token]) -> Iterator[str]:
    for token in tokens:
        if token.type in {"text", "code_inline"}:
            yield token.content
        elif token.type in {"softbreak", "hardbreak"}:
            yield " "
