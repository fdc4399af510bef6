"""Class 11: files that act on who opens them: drawings and pages with scripts in them, documents that fetch.

Seen at ThingsBoard. What could act is refused; what is taken comes as a download, of the type that it is, in a sandbox.
"""

from io import BytesIO

import pytest

from tests.factories.files import LOG, PDF, WEBM, film, photo
from tests.holes.street import visitor

ACTING = {
    "a drawing": b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"><image href="http://127.0.0.1/"/></svg>',
    "a page": b"<html><script>alert(1)</script></html>",
    "a document with an entity": b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b SYSTEM "http://127.0.0.1/">]><a>&b;</a>',
}
TAKEN = {
    "photo.jpg": (photo(16, 16), "image/jpeg"),
    "photo.html": (photo(16, 16, "PNG"), "image/png"),
    "film.svg": (film(), "video/mp4"),
    "film.webm": (WEBM, "video/webm"),
    "page.html": (LOG.encode(), "text/plain; charset=utf-8"),
    "paper.svg": (PDF, "application/pdf"),
}


def send(world, body, name, content_type="image/png"):
    address = f"/api/v1/entries/{world.things['entry_id']}/attachments"
    file = (BytesIO(body), name, content_type)
    return world.ask(visitor("customer_admin/owner"), "POST", address, data={"file": file})


@pytest.mark.parametrize("what", ACTING)
@pytest.mark.parametrize("name", ["a.svg", "a.png", "a.log"])
def test_file_that_would_act_is_refused_whatever_it_is_called(world, state, what, name):
    answer = send(world, ACTING[what], name)

    assert (answer.status_code, [one["pointer"] for one in answer.json["errors"]]) == (422, ["/file"])
    assert state.changed_tables() == []


@pytest.mark.parametrize("name", TAKEN)
def test_file_that_is_taken_comes_as_what_it_is_and_acts_on_nothing(world, state, name):
    body, content_type = TAKEN[name]
    sent = send(world, body, name, "text/html").json
    page = sent["href"].removeprefix("/api/v1")

    answers = [world.ask(visitor("customer_admin/owner"), "GET", one) for one in (sent["href"], page)]

    for answer in answers:
        assert answer.status_code == 200
        assert answer.headers["Content-Type"] == content_type
        assert answer.headers["Content-Disposition"].startswith("attachment")
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        policy = answer.headers["Content-Security-Policy"].split("; ")
        assert [one for one in ("default-src 'none'", "script-src 'none'", "sandbox") if one not in policy] == []
    assert not sent["name"].endswith((".html", ".svg"))
