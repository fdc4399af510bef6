"""Addresses become titles for whoever knows them, and one and the same words for everybody else."""

import time
from uuid import UUID

import pytest

from statusportal.prose.markdown import render_markdown
from statusportal.prose.references import places_in, with_titles

ID = "01a21e8c-2c4f-76c9-9f37-864dbecea2dc"
OTHER = "01a21e8c-2c4f-76c9-9f37-864dbecea2dd"
HOMES = ("https://portal.example",)
TITLES = {("entries", UUID(ID)): "Fat <b>reads</b> & high"}
TITLED = f'<a class="ref" href="/entries/{ID}">Fat &lt;b&gt;reads&lt;/b&gt; &amp; high</a>'
UNSEEN = '<span class="ref ref--unseen">nothing</span>'


def drawn(text):
    return with_titles(render_markdown(text), HOMES, TITLES, "nothing").strip()


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        (f"https://portal.example/entries/{ID}", f"<p>{TITLED}</p>"),
        (f"See /entries/{ID}.", f"<p>See {TITLED}.</p>"),
        (f"/entries/{OTHER} and /devices/{ID}", f"<p>{UNSEEN} and {UNSEEN}</p>"),
        ("code:A-214.", '<p><a class="ref" href="/search?q=code%3AA-214"><code>A-214</code></a>.</p>'),
        (f"`/entries/{ID} code:A-1`", f"<p><code>/entries/{ID} code:A-1</code></p>"),
        (f"```\n/entries/{ID}\n```", f"<pre><code>/entries/{ID}\n</code></pre>"),
        (f"x/entries/{ID} barcode:A-1", f"<p>x/entries/{ID} barcode:A-1</p>"),
        ("/entries/none code: 17", "<p>/entries/none code: 17</p>"),
    ],
)
def test_bare_address_becomes_a_title_or_a_page_that_cannot_be_opened(text, shown):
    assert drawn(text) == shown


def test_link_that_says_something_or_leads_elsewhere_stays():
    said = f"[our talk](/entries/{ID}) https://evil.example/entries/{ID}"

    assert drawn(said) == render_markdown(said).strip()


def test_anchor_of_a_comment_is_kept():
    assert f'href="/entries/{ID}#c-{OTHER}"' in drawn(f"https://portal.example/entries/{ID}#c-{OTHER}")


def test_what_is_asked_for_is_what_is_drawn():
    text = render_markdown(
        f"/entries/{ID} https://portal.example/devices/{OTHER} [x](/entries/{OTHER}) `/devices/{ID}`"
    )

    assert places_in([text], HOMES) == {("entries", UUID(ID)), ("devices", UUID(OTHER))}


def test_hostile_text_is_drawn_in_time():
    text = render_markdown(f"/entries/{ID} " * 500 + "<" * 1_000 + "code:" * 2_000)
    began = time.monotonic()

    with_titles(text, HOMES, TITLES, "nothing")

    assert time.monotonic() - began < 0.5
