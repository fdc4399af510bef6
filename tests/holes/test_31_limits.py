"""Class 31: a megabyte in a name, a hundred thousand things in a list.

Seen at Mastodon. Every text of every body is made a megabyte long, every list a hundred thousand long, one at a time.
"""

from tests.holes.street import changing
from tests.matrix.act import filled
from tests.matrix.cells import send

LONG = "x" * 1_000_000
# Nothing but ticked, whatever it says.
_NO_TEXT = {"is_active", "kind_sample", "looked", "right_COMMENT", "sure", "taken"}
# Asking for a letter, or for one's own sign-in, is answered alike whatever was typed.
_NOBODYS = "ceremony"  # a challenge that a page begins each time
_ANSWERED_ALIKE = {"forgotten.ask", "single_sign_on.find_elsewhere"}


def test_overlong_text_is_refused_and_changes_nothing(world, state):
    wrong, asked = [], 0

    for operation, visitor in changing(world):
        body = filled(operation.act.json or operation.act.form, world.things)
        if not isinstance(body, dict) or operation.endpoint in {"admin.test_connection", *_ANSWERED_ALIKE}:
            continue  # looking at a connection once keeps nothing
        form = "json" if operation.act.json is not None else "data"
        for name, value in body.items():
            if name in _NO_TEXT:
                continue
            asked += 1
            large = [LONG[:9]] * 100_000 if isinstance(value, list) else LONG
            answer = send(world, operation, visitor, world.things, **{form: {**body, name: large}})
            changed = [one for one in state.changed_tables() if one != _NOBODYS]
            is_asked_for_proof = answer.status_code == 303 and answer.location.startswith("/confirm")
            if not (400 <= answer.status_code < 500 or is_asked_for_proof) or changed:
                wrong.append((operation.name, name, answer.status_code, changed))
            state.go_on()

    assert asked > 60
    assert not wrong, wrong


def test_overlong_question_is_no_fault_of_ours(world):
    admin = next(one for one in changing(world) if one[1].name == "admin")[1]

    answers = {
        f"{address}?{name}=": world.ask(admin, "GET", address, query_string={name: LONG[:200_000]}).status_code
        for address in ("/search", "/", "/admin/people", "/api/v1/search", "/api/v1/devices", "/api/v1/entries")
        for name in ("q", "cursor", "kind", "model", "limit")
    }

    assert {place: status for place, status in answers.items() if status >= 500} == {}
