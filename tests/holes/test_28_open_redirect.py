"""Class 28: a portal's own address that leads elsewhere.

Seen at Grafana, twice. Every form and page that is told where to go next is told of another place, in each spelling.
"""

import pytest

from tests.factories.accounts import PASSWORD
from tests.factories.browsing import Browser
from tests.holes.street import visitor

ELSEWHERE = (
    "https://evil.example/",
    "//evil.example/",
    "///evil.example/",
    "/\\evil.example/",
    "\\\\evil.example",
    "https:evil.example",
    "/%09/evil.example",
    "\t//evil.example",
    "javascript:alert(1)",
    "//evil.example@status.example.com/",
    "/ok\r\nLocation: https://evil.example/",
    "https://status.example.com.evil.example/",
)


def leads_away(location):
    """Tell whether a browser would leave: by a scheme, a host, or a backslash that it reads as a slash."""
    there = (location or "/").strip().replace("\\", "/")
    return not there.startswith("/") or there.startswith("//") or "\n" in there or "\r" in there


@pytest.mark.parametrize("there", ELSEWHERE)
def test_no_next_address_leads_away(world, state, there):
    browser, person = Browser(world.app), world.people["customer_admin/owner"]
    browser.client.environ_base["HTTP_HOST"] = "status.example.com"
    link = f"/share-links/{world.things['link_id']}/end"
    boss = visitor("customer_admin/owner")

    answers = [
        browser.send("/sign-in", email=person.email, password=PASSWORD, next_=there),
        browser.get("/sign-in", query_string={"next": there}),
        browser.get("/confirm", query_string={"next": there}),
        browser.send("/confirm", password=PASSWORD, next_=there),
        browser.send("/preferences/theme", theme="dark", next_=there),
        world.ask(boss, "POST", link, data={"next": there}),
    ]

    assert [leads_away(one.location) for one in answers if one.status_code in {301, 302, 303, 307, 308}].count(
        True
    ) == 0
    assert sum(one.status_code == 303 for one in answers) >= 3
    assert all(one.status_code < 500 for one in answers)


def test_what_leads_away_is_known():
    assert [leads_away(one) for one in ("/profile", "//evil", "https://evil", "/\\evil", "evil")] == [
        False,
        *[True] * 4,
    ]
