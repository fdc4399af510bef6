"""Class 16: line breaks that begin a header of a letter or of an answer.

Seen at Cachet. Lines are broken into every name that the portal keeps in one; nothing it sends holds a second.
"""

import pytest

from tests.holes.street import changing, send
from tests.matrix.act import filled

BREAKS = ("\r\n", "\n", "\r", "\u2028", "\x0b", "\x00")
INJECTED = "Bcc: evil@example.com"


@pytest.mark.parametrize("line_break", BREAKS)
def test_name_of_two_lines_is_refused_or_becomes_one(world, state, line_break):
    wrong = []

    for operation, who in changing(world):
        body = filled(operation.act.json or operation.act.form, world.things)
        if not isinstance(body, dict) or not isinstance(body.get("name"), str):
            continue
        form = "json" if operation.act.json is not None else "data"
        answer = send(world, operation, who, world.things, **{form: {**body, "name": f"A{line_break}{INJECTED}"}})
        told = [value for _, value in answer.headers if INJECTED in value]
        kept = (
            answer.status_code < 400 and line_break in str((answer.json or {}).get("name", ""))
            if answer.is_json
            else False
        )
        if answer.status_code >= 500 or told or kept:
            wrong.append((operation.name, answer.status_code, told))
        state.go_on()

    assert wrong == []


@pytest.mark.parametrize("header", ["User-Agent", "Referer", "Accept-Language", "Origin", "X-Forwarded-For", "Cookie"])
def test_header_of_a_request_stands_in_no_header_of_an_answer(world, header):
    client = world.app.test_client()

    answers = [
        client.get(one, headers={header: f"canary-{INJECTED}"}) for one in ("/sign-in", "/", "/api/v1/session", "/x")
    ]

    assert [value for one in answers for _, value in one.headers if "canary" in value or INJECTED in value] == []
    assert all(one.status_code < 500 for one in answers)
