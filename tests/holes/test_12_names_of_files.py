"""Class 12: names that lead to another folder, or out of a header.

Seen at Grafana, Uptime Kuma, Mastodon and OneUptime. A downloaded file is called by a machine's name, which
is made as hostile as the portal keeps it.
"""

import pytest

from tests.holes.street import visitor

NAMES = (
    "../../etc/passwd",
    "..\\..\\boot.ini",
    "/etc/passwd",
    "a%2f..%2fb",
    "C:con",
    'a"; filename="b.html',
    "a;b",
    "…/ü.svg",
)
FORMATS = ("csv", "json", "xlsx")


@pytest.mark.parametrize("name", NAMES)
def test_download_is_called_by_a_plain_name(world, state, name):
    boss = visitor("customer_admin/owner")
    device = f"/api/v1/devices/{world.things['device_id']}"
    kept = world.ask(boss, "PATCH", device, json={"name": name}).status_code

    files = [world.ask(boss, "GET", f"{device}/export", query_string={"format": one}) for one in FORMATS]

    headers = [one.headers.get("Content-Disposition", "") for one in files]
    assert kept in {200, 404, 405, 422}
    assert [one.status_code for one in files] == [200] * 3
    for header in headers:
        assert header.startswith("attachment")
        assert header.count("filename=") <= 1
        assert not any(
            one in header.partition("filename")[2].replace("UTF-8''", "") for one in ("/", "\\", "..", "%2F", "%5C")
        )
