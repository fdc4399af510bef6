"""Class 22: a setup page that stays open.

Seen at Cachet. A fresh portal has nobody in it; only the command line makes the first person, and no address does.
"""

from sqlalchemy import func, select

from statusportal.access.actor import SYSTEM
from statusportal.accounts.models import Person
from statusportal.app import create_app

ADDRESSES = ("/setup", "/install", "/register", "/signup", "/sign-up", "/admin/setup", "/api/v1/setup", "/api/v1/users")


def test_fresh_portal_has_nobody_in_it_and_no_way_to_make_them(works):
    client = create_app(works.settings, works).test_client()

    asked = [client.open(address, method=method).status_code for address in ADDRESSES for method in ("GET", "POST")]

    with works.reading(SYSTEM) as work:
        assert work.session.scalar(select(func.count()).select_from(Person)) == 0
    assert set(asked) <= {303, 400, 401, 404}
    assert client.post("/api/v1/session", json={"email": "admin@example.com", "password": "admin"}).status_code == 401
