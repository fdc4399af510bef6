"""Class 30: texts that take a program long: twice as long a text must not take four times as long.

Seen at remarkable, mistune, markdown2, marshmallow and Werkzeug. CPU time is measured, so that a busy machine shows
nothing; the least of three tries counts.
"""

import time

import pytest

from statusportal.lexicon.terms import terms_of
from statusportal.prose.markdown import render_markdown

LENGTH = 20_000
MOST_S = 1.5
PIECES = (
    "*", "_", "**a", "[", "[a](", "![", "<", "<a ", "`", "```\n", "> ", "- ", "1. ", "|", "|a|b\n", "\\", "&#", "&amp;",
    "~~", "(", "http://a.", "www.a.", "a@", " \n", "\t",
)  # fmt: skip


def seconds(act, text):
    """Return the least CPU time of three tries."""
    taken = []
    for _ in range(3):
        begun = time.process_time()
        act(text)
        taken.append(time.process_time() - begun)
    return min(taken)


@pytest.mark.parametrize("act", [render_markdown, terms_of], ids=["markdown", "search"])
@pytest.mark.parametrize("piece", PIECES)
def test_no_text_is_slow(act, piece):
    once = seconds(act, (piece * LENGTH)[:LENGTH])

    assert once < MOST_S
    assert once < 0.02 or seconds(act, (piece * LENGTH)[: LENGTH // 2]) > once / 3.5
