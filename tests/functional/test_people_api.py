"""Everything that the pages of people can do, programs can do; and nobody does it to people of others."""

import pytest

from statusportal.access.vocabulary import MemberRole, StaffRole
from statusportal.app import create_app
from tests.factories.accounts import PASSWORD, make_organisation, make_person
from tests.factories.doors import token_of


@pytest.fixture
def app(settings, works):
    return create_app(settings, works)


@pytest.fixture
def alpha(works):
    return make_organisation(works, "alpha")


@pytest.fixture
def beta(works):
    return make_organisation(works, "beta")


@pytest.fixture
def bent(works, beta):
    return make_person(works, beta, password=PASSWORD, name="Bent Bo")


@pytest.fixture
def chief(app, works, alpha):
    return Caller(app, token_of(works, make_person(works, alpha, MemberRole.CUSTOMER_ADMIN, name="Mette Kragh")))


@pytest.fixture
def admin(app, works):
    return Caller(app, token_of(works, make_person(works, staff_role=StaffRole.ADMIN, name="Ada Admin")))


class Caller:
    """Somebody's script."""

    def __init__(self, app, token):
        self._client, self._headers = app.test_client(), {"Authorization": f"Bearer {token}"}

    def __call__(self, method, path, **more):
        return self._client.open(f"/api/v1{path}", method=method, headers=self._headers, **more)


def test_invitation_is_made_sent_again_accepted_and_withdrawn(app, chief, alpha):
    wish = {"email": "jens@example.com", "name": "Jens", "organisation": str(alpha.id), "role": "customer"}

    made = chief("POST", "/invitations", json=wish).json
    again = chief("POST", f"/invitations/{made['id']}/resend").json
    other = chief("POST", "/invitations", json={**wish, "email": "ida@example.com"}).json
    chief("DELETE", f"/invitations/{other['id']}")
    waiting = chief("GET", "/invitations").json["items"]
    joining = [
        app.test_client().post(
            "/api/v1/invitations/accept",
            json={"secret": link.rpartition("/")[2], "name": "Jens Bach", "password": "seven red boats in a row"},
        )
        for link in (made["link"], other["link"], again["link"], again["link"])
    ]

    assert [(one["email"], one["invited_by"], one["is_expired"]) for one in waiting] == [
        ("jens@example.com", "Mette Kragh", False)
    ]
    assert [one.status_code for one in joining] == [409, 409, 204, 409]
    assert [one["name"] for one in chief("GET", "/people").json["items"]] == ["Jens Bach", "Mette Kragh"]


@pytest.mark.parametrize(
    ("wish", "pointer"),
    [
        ({"role": "customer"}, "/organisation"),
        ({}, "/role"),
        ({"role": "customer", "staff_role": "admin"}, "/role"),
        ({"role": "chief"}, "/role"),
    ],
)
def test_invitation_without_one_way_in_names_the_field(chief, wish, pointer):
    answer = chief("POST", "/invitations", json={"email": "x@example.com", "name": "X", **wish})

    assert (answer.status_code, [one["pointer"] for one in answer.json["errors"]]) == (422, [pointer])


def test_people_of_others_are_missing_on_every_path(chief, bent, alpha, beta):
    wish = {"email": "x@example.com", "name": "X", "organisation": str(beta.id), "role": "customer"}
    role = {"json": {"role": "customer_admin"}}

    answers = [
        chief("GET", f"/people/{bent.id}"),
        chief("PUT", f"/people/{bent.id}/memberships/{alpha.id}", **role),
        chief("PUT", f"/people/{bent.id}/memberships/{beta.id}", **role),
        chief("DELETE", f"/people/{bent.id}/memberships/{beta.id}"),
        chief("POST", f"/people/{bent.id}/reset"),
        chief("POST", "/invitations", json=wish),
    ]

    assert [one.status_code for one in answers] == [404] * 6
    assert "Bent" not in chief("GET", "/people").text + chief("GET", f"/people?organisation={beta.id}").text


def test_roles_are_given_and_taken(chief, works, alpha):
    kim = make_person(works, alpha, name="Kim Dahl")

    chief("PUT", f"/people/{kim.id}/memberships/{alpha.id}", json={"role": "customer_admin"})
    promoted = chief("GET", f"/people/{kim.id}").json
    chief("DELETE", f"/people/{kim.id}/memberships/{alpha.id}")

    assert [(one["organisation"], one["role"]) for one in promoted["memberships"]] == [("Alpha", "customer_admin")]
    assert chief("GET", f"/people/{kim.id}").status_code == 404


def test_administrator_ends_somebodys_sessions(app, admin, chief, bent):
    clients = [app.test_client() for _ in range(3)]
    for client in clients:
        client.post("/api/v1/session", json={"email": bent.email, "password": PASSWORD})

    listed = admin("GET", f"/people/{bent.id}/sessions").json["items"]
    one = admin("DELETE", f"/people/{bent.id}/sessions/{listed[0]['id']}")
    left = [client.get("/api/v1/session").status_code for client in clients]
    rest = admin("DELETE", f"/people/{bent.id}/sessions")

    assert (len(listed), one.status_code, rest.status_code) == (3, 204, 204)
    assert sorted(left) == [200, 200, 401]
    assert [client.get("/api/v1/session").status_code for client in clients] == [401] * 3


def test_only_administrators_of_the_operator_see_and_end_sessions(chief, works, alpha):
    kim = make_person(works, alpha)

    answers = [chief("GET", f"/people/{kim.id}/sessions"), chief("DELETE", f"/people/{kim.id}/sessions")]

    assert [one.status_code for one in answers] == [403, 403]
