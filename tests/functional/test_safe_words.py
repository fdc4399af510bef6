"""Whatever somebody writes, on creating and on editing, stands on the page as words."""

import pytest

from statusportal.discussion.queries import comment_for
from statusportal.discussion.service import edit_comment, post_comment
from statusportal.entries.queries import entry_for
from statusportal.entries.service import edit_entry, publish_entry
from statusportal.entries.vocabulary import EntryKind
from statusportal.search.queries import search
from tests.factories.html import PAYLOADS, dangers
from tests.factories.town import build_town, later


@pytest.fixture
def town(works):
    return build_town(works)


def test_payloads_are_words_on_create_and_on_edit(works, town, clock):
    found = []
    with works.writing(town.mette) as work:
        edited = publish_entry(work, town.press, EntryKind.QUESTION, "First", "first").id
        rewritten = post_comment(work, edited, "first").id
    for payload in PAYLOADS:
        later(clock, 10)
        with works.writing(town.mette) as work:
            entry = publish_entry(work, town.press, EntryKind.QUESTION, payload, payload).id
            comment = post_comment(work, entry, payload).id
            edit_entry(work, edited, payload, payload)
            edit_comment(work, rewritten, payload)
        with works.reading(town.mads) as work:
            for html in (
                entry_for(work, entry).body_html,
                comment_for(work, comment).body_html,
                entry_for(work, edited).body_html,
                comment_for(work, rewritten).body_html,
            ):
                found += [(payload, danger) for danger in dangers(html)]

    with works.reading(town.mads) as work:
        for hit in search(work, "alert script").items:
            found += [(hit.excerpt, danger) for danger in dangers(hit.excerpt)]
    assert len(PAYLOADS) >= 40
    assert found == []
