"""What a browser would make of HTML, read by a parser that is not ours."""

from html.parser import HTMLParser
from pathlib import Path

PAYLOADS = [
    line.replace("\\n", "\n").replace("\\t", "\t")
    for line in (Path(__file__).parents[1] / "payloads" / "xss.txt").read_text(encoding="utf-8").splitlines()
]
_SAFE_TAGS = frozenset(
    {"a", "blockquote", "br", "code", "del", "em", "h4", "h5", "h6", "hr", "input", "label", "li", "ol", "p", "pre"}
    | {"mark", "s", "strong", "table", "tbody", "td", "th", "thead", "tr", "ul"}
)
_SAFE_ATTRIBUTES = frozenset({"href", "rel", "class", "type", "checked", "disabled", "start", "title"})
_SAFE_SCHEMES = ("http://", "https://", "mailto:", "tel:")


class _Dangers(HTMLParser):
    def __init__(self):
        super().__init__(convert_charrefs=True)
        self.found = []

    def handle_starttag(self, tag, attrs):
        if tag not in _SAFE_TAGS:
            self.found.append(f"<{tag}>")
        for name, value in attrs:
            if name not in _SAFE_ATTRIBUTES:
                self.found.append(f"{tag} {name}={value}")
            if name == "href" and not (value or "").lower().startswith(_SAFE_SCHEMES):
                self.found.append(f"{tag} href={value}")

    def handle_comment(self, data):
        self.found.append(f"<!--{data}-->")


def dangers(html):
    """List every tag, attribute and address that has no business on a page of ours."""
    parser = _Dangers()
    parser.feed(html)
    parser.close()
    return parser.found
