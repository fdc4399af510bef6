"""Class 29: a cache between two readers.

Seen at Flask, Superset and Hono. Whatever is not a built asset may be kept by nobody, and says what it depends on.
"""

from tests.holes.street import operations, send
from tests.matrix.visitors import VISITORS


def test_no_answer_may_be_kept(world):
    kept = []

    for operation in operations(world.app):
        if operation.endpoint == "static" or not operation.is_reading:
            continue
        for visitor in VISITORS[::6]:
            answer = send(world, operation, visitor, world.things)
            if answer.headers.get("Cache-Control") != "no-store" or not varies(answer):
                kept.append((operation.name, visitor.name, answer.headers.get("Cache-Control")))

    assert kept == []


def varies(answer):
    return {"cookie", "authorization"} <= {one.strip().lower() for one in answer.headers.get("Vary", "").split(",")}


def test_signing_out_clears_what_the_browser_kept(world):
    by_token = {"Authorization": f"Bearer {world.tokens['customer/author']}"}

    page = world.app.test_client().post("/sign-out", headers=by_token)
    everywhere = world.app.test_client().delete("/api/v1/sessions", headers=by_token)

    assert page.headers["Clear-Site-Data"] == '"cache", "storage"'
    assert everywhere.headers["Clear-Site-Data"] == '"cache", "storage"'
