"""Support leaves a customer's pages, by API or by signing out, as who sits there."""

import pytest

from statusportal.identity.queries import my_sign_ins
from tests.factories.accounts import actor_for
from tests.factories.visits import Visit


@pytest.fixture
def scene(works):
    return Visit(works)


def test_api_leaves_too(scene):
    scene.begin()

    answer = scene.call("DELETE", "/api/v1/seen-as")

    assert answer.status_code == 204
    assert (scene.session()["seen_as"], scene.session()["person"]["name"]) == (None, "Aisha Rahman")


@pytest.mark.parametrize("by_page", [True, False])
def test_signing_out_ends_the_visit_and_the_session_of_who_sits_there(scene, by_page):
    scene.begin()

    if by_page:
        scene.support.send("/sign-out", "/")
    else:
        scene.call("DELETE", "/api/v1/session")

    assert [row.act for row in scene.acts()][-1] == "seen_as.ended"
    assert scene.support.client.get("/api/v1/session").status_code == 401
    with scene.works.reading(actor_for(scene.works, scene.mette)) as work:
        assert my_sign_ins(work) == []
