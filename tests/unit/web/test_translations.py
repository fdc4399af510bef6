"""Every word of the screens goes through gettext, and each has its Danish."""

import ast
import re
from html.parser import HTMLParser
from io import BytesIO
from pathlib import Path

import pytest
from babel.messages.extract import DEFAULT_KEYWORDS, extract_from_dir
from babel.messages.pofile import read_po
from jinja2 import Environment
from jinja2.nodes import Block, Macro, Template, TemplateData

ROOT = Path(__file__).parents[3]
TEMPLATES = ROOT / "statusportal" / "web" / "templates"
CATALOGUE = ROOT / "statusportal" / "web" / "translations" / "da" / "LC_MESSAGES" / "messages.po"
METHODS = [
    ("statusportal/web/templates/**.html", "jinja2"),
    ("statusportal/**.py", "python"),
    ("devices/adapters/**.py", "python"),
]
# What the screens say, what rooms refuse, and what adapters tell of their options.
KEYWORDS = {**DEFAULT_KEYWORDS, "Sentence": None, "Hint": None, "secret": None}
# These write a class, attributes or data, never text.
WITHOUT_WORDS = {"page_class", "described", "chart_data"}
REFUSING = {"note", "field"}
ROOMS = (
    "accounts",
    "administration",
    "connections",
    "discussion",
    "entries",
    "fleet",
    "overview",
    "prose",
    "status",
    "web",
)
NAMES = {"Status Portal", "English", "Dansk", "MD", "CSV"}
SAID = {"alt", "aria-label", "placeholder", "title", "data-kept", "data-done", "data-question"}
PLACE = re.compile(r"%\(\w+\)[sd]|\{\w+\}")


def messages() -> set[str | tuple[str, ...]]:
    options = {METHODS[0][0]: {"silent": "false"}}
    return {found[2] for found in extract_from_dir(ROOT, METHODS, options, keywords=KEYWORDS)}


def test_every_message_has_its_danish() -> None:
    catalogue = read_po(BytesIO(CATALOGUE.read_bytes()), locale="da")
    translated = {
        message.id for message in catalogue if message.id and all(_strings(message.string)) and not message.fuzzy
    }

    assert messages() - translated == set()


def test_no_danish_is_left_over() -> None:
    catalogue = read_po(BytesIO(CATALOGUE.read_bytes()), locale="da")

    assert {message.id for message in catalogue if message.id} - messages() == set()


def test_translations_keep_their_places() -> None:
    catalogue = read_po(BytesIO(CATALOGUE.read_bytes()), locale="da")
    wrong = []

    for message in catalogue:
        for said, meant in zip(_strings(message.string), _strings(message.id), strict=False):
            if message.id and not set(PLACE.findall(said)) <= set(PLACE.findall(meant)) | {"%(num)d"}:
                wrong.append(message.id)

    assert wrong == []


@pytest.mark.parametrize(
    "template", sorted(TEMPLATES.rglob("*.html")), ids=lambda path: path.relative_to(TEMPLATES).as_posix()
)
def test_template_holds_no_words_outside_gettext(template: Path) -> None:
    tree = Environment(extensions=["jinja2.ext.i18n", "jinja2.ext.do"], autoescape=True).parse(template.read_text())
    words = _Words()

    words.feed(_markup_of(tree))

    assert words.found == []


def _strings(value: str | tuple[str, ...]) -> tuple[str, ...]:
    return value if isinstance(value, tuple) else (value,)


def _markup_of(tree: Template) -> str:
    """Return what the template says by itself, each expression replaced by a mark that is no letter."""
    for part in tree.find_all((Block, Macro)):
        if part.name in WITHOUT_WORDS:
            part.body = []
    return "\u2022".join(data.data for data in tree.find_all(TemplateData))


class _Words(HTMLParser):
    """Collects text and spoken attributes that hold letters."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_data(self, data: str) -> None:
        self._look(data)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:  # noqa: ARG002 the parser's signature
        for name, value in attrs:
            if name in SAID and value:
                self._look(value)

    def _look(self, text: str) -> None:
        for part in re.split(r"[\u2022\n]", text):
            word = part.strip()
            if re.search(r"[^\W\d_]{2,}", word) and word not in NAMES:
                self.found.append(word)


def unmarked(source: str) -> list[int]:
    """Return the lines that refuse a field in bare words, which no catalogue can hold."""
    calls = [node for node in ast.walk(ast.parse(source)) if isinstance(node, ast.Call) and len(node.args) > 1]
    refusals = [node for node in calls if isinstance(node.func, ast.Attribute) and node.func.attr in REFUSING]
    return [node.lineno for node in refusals if isinstance(node.args[1], ast.Constant | ast.JoinedStr)]


def test_unmarked_refusal_is_seen() -> None:
    assert unmarked('faults.note("/a", "x")\nInvalid.field("/a", f"x{y}")\nInvalid.field("/a", Sentence("x"))') == [
        1,
        2,
    ]


@pytest.mark.parametrize("room", ROOMS)
def test_rooms_refuse_fields_in_sentences_that_can_be_translated(room: str) -> None:
    found = {path.name: unmarked(path.read_text()) for path in sorted((ROOT / "statusportal" / room).glob("**/*.py"))}

    assert {name: lines for name, lines in found.items() if lines} == {}
