"""Every word of the screens goes through gettext, and each has its Danish."""

import ast
import re
from html.parser import HTMLParser
from io import BytesIO, StringIO
from pathlib import Path

import pytest
from babel.messages.extract import DEFAULT_KEYWORDS, extract_from_dir
from babel.messages.frontend import parse_mapping_cfg
from babel.messages.pofile import read_po
from flask import Flask
from flask_babel import Babel
from jinja2 import Environment
from jinja2.nodes import Block, Macro, Template, TemplateData

from devices.registry import manifests, option_specs
from statusportal.web.admin.option_words import is_labelled

ROOT = Path(__file__).parents[3]
TEMPLATES = ROOT / "statusportal" / "web" / "templates"
CATALOGUE = ROOT / "statusportal" / "web" / "translations" / "da" / "LC_MESSAGES" / "messages.po"
METHODS, OPTIONS = parse_mapping_cfg(StringIO((ROOT / "babel.cfg").read_text()))
# What the screens say, what rooms and adapters say is wrong, and what adapters tell of their options.
KEYWORDS = {**DEFAULT_KEYWORDS, "Sentence": None, "Hint": None, "secret": None}
# These write a class, attributes or data, never text.
WITHOUT_WORDS = {"page_class", "described", "chart_data", "passkey_data"}
# A list of tables has no field in a form.
WITHOUT_FORM = {"machines"}
REFUSING = {"note", "field"}
ROOMS = (
    "accounts",
    "administration",
    "claims",
    "connections",
    "credentials",
    "custody",
    "discussion",
    "entries",
    "fleet",
    "groups",
    "labels",
    "overview",
    "prose",
    "status",
    "web",
)
NAMES = {"Status Portal", "English", "Dansk", "MD", "CSV"}
SAID = {"alt", "aria-label", "placeholder", "title", "data-kept", "data-done", "data-question"}
NAMED = re.compile(r"%\((\w+)\)s")
PLACE = re.compile(r"%\(\w+\)[sd]|\{\w+\}")


def messages() -> set[str | tuple[str, ...]]:
    return {found[2] for found in extract_from_dir(ROOT, METHODS, OPTIONS, keywords=KEYWORDS)}


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


def unknowable(source: str) -> list[int]:
    """Return the lines that make a sentence of a template no catalogue can know, or fill a place no template has."""
    calls = [node for node in ast.walk(ast.parse(source)) if isinstance(node, ast.Call)]
    sentences = [node for node in calls if isinstance(node.func, ast.Name) and node.func.id == "Sentence"]
    return [node.lineno for node in sentences if not _is_whole(node)]


def _is_whole(call: ast.Call) -> bool:
    match call.args:
        case [ast.Constant(value=str(template))]:
            places = set(NAMED.findall(template)) if call.keywords else set()
            return places == {keyword.arg for keyword in call.keywords}
        case _:
            return False


def test_sentence_that_no_catalogue_can_know_is_seen() -> None:
    wrong = 'Sentence(f"{a}")\nSentence(a)\nSentence("%(a)s", b=1)\nSentence("%(a)s, %(b)s", a=1)\n'
    right = 'Sentence("100 % of it")\nSentence("%(a)s", a=1)\nSentence.quoting(a)\n'

    assert unknowable(wrong + right) == [1, 2, 3, 4]


@pytest.mark.parametrize("package", ["devices", "statusportal"])
def test_every_sentence_is_made_of_a_template_that_the_catalogue_holds(package: str) -> None:
    found = {
        path.relative_to(ROOT).as_posix(): unknowable(path.read_text())
        for path in sorted((ROOT / package).rglob("*.py"))
    }

    assert {name: lines for name, lines in found.items() if lines} == {}


@pytest.mark.parametrize("adapter", [one.name for one in manifests()])
def test_every_option_of_a_form_has_a_label(adapter: str) -> None:
    """An option without words of its own would show its English name."""
    app = Flask(__name__)
    Babel(app)
    with app.test_request_context():
        unlabelled = [one.name for one in option_specs(adapter) if not is_labelled(one.name)]

    assert [name for name in unlabelled if name not in WITHOUT_FORM] == []
