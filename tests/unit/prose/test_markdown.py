"""Markdown becomes HTML that is safe and quick to make, whatever somebody wrote."""

import time

import pytest

from statusportal.prose.markdown import plain_text, render_markdown
from tests.factories.html import PAYLOADS, dangers

SIZE = 20_000
PATTERNS = {
    "brackets": "[",
    "open links": "[a](",
    "stars": "*a ",
    "mixed emphasis": "**a *b ",
    "underscores": "_a__b",
    "quotes": "> ",
    "back-ticks": "`",
    "angles": "<",
    "entities": "&#x",
    "escapes": "\\",
    "strikes": "~~a",
    "images": "![",
    "definitions": "[a]: b\n",
    "lists": "- ",
    "addresses": "http://",
    "labels": "a.",
    "mails": "x@a.dk,",
    "protocol-less": "//a",
    "www": "www.",
    "parentheses": "http://a.b/(",
    "blanks": "   \n",
    "rules": "- - ",
    "empty links": "[](",
    "table": "|a|b|\n|-|-|\n",
}


@pytest.mark.parametrize("payload", PAYLOADS)
def test_payload_becomes_no_script(payload):
    assert dangers(render_markdown(payload)) == []


def test_parser_of_the_tests_finds_danger():
    html = '<img src=x onerror=alert(1)><a href="javascript:x">x</a><p style="x">'

    assert dangers(html) == ["<img>", "img src=x", "img onerror=alert(1)", "a href=javascript:x", "p style=x"]


def test_what_people_use_is_kept():
    text = "**b** ~~s~~ `c`\n\n- [x] done\n- [ ] open\n\n|h|\n|-|\n|d|\n\n# Head\n\nhttps://a.example/x\n\n1. one"

    html = render_markdown(text)

    for part in (
        "<strong>b</strong> <s>s</s> <code>c</code>",
        '<input checked="checked" disabled="disabled" type="checkbox">',
        "<th>h</th>",
        "<td>d</td>",
        "<h4>Head</h4>",
        '<a href="https://a.example/x" rel="nofollow noopener noreferrer ugc">https://a.example/x</a>',
        "<ol>\n<li>one</li>\n</ol>",
    ):
        assert part in html


def test_image_is_not_loaded():
    assert "<img" not in render_markdown("![x](https://a.example/x.png)")


def test_plain_text_is_the_words_alone():
    assert plain_text("# Head\n\n**b** [link](https://a.example)\n\n```\ncode\n```\n\n|a|\n|-|\n|c|") == (
        "Head b link code a c"
    )


@pytest.mark.parametrize("name", PATTERNS)
def test_slow_text_is_not_slow_here(name):
    pattern = PATTERNS[name]
    text = (pattern * SIZE)[:SIZE]
    begun = time.thread_time()

    html = render_markdown(text)

    assert time.thread_time() - begun < 1.5
    assert dangers(html) == []
