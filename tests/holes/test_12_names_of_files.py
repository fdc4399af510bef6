"""Class 12: names that lead to another folder, or out of a header.

Seen at Grafana, Uptime Kuma, Mastodon and OneUptime. A downloaded file is called by a machine's name, which
is made as hostile as the portal keeps it; a file that somebody sends is called as its sender likes.
"""

from io import BytesIO
from pathlib import Path

import pytest

from statusportal.attachments.blobs import FOLDER
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
SENT = ("a\tX-Evil: 1.log", "%2e%2e%2fboot.log", "<img src=x onerror=alert(1)>.log", "\u202egol.exe")
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


@pytest.mark.parametrize("name", [*NAMES, *SENT])
def test_file_of_somebody_is_called_by_a_plain_name_and_lies_under_a_random_one(world, state, name):
    boss = visitor("customer_admin/owner")
    address = f"/api/v1/entries/{world.things['entry_id']}/attachments"
    folder = Path(world.works.settings.instance_dir)
    before = set(folder.rglob("*"))

    sent = world.ask(boss, "POST", address, data={"file": (BytesIO(b"12:31 flow 1.9"), name)})
    opened = world.ask(boss, "GET", sent.json["href"])

    (written,) = [path for path in set(folder.rglob("*")) - before if path.is_file() and FOLDER in path.parts]
    header = opened.headers["Content-Disposition"]
    assert (len(written.name), written.parents[2]) == (64, folder)
    assert "X-Evil" not in opened.headers
    assert header.startswith("attachment; filename=")
    assert not any(one in sent.json["name"] for one in ("/", "\\", "..", "%", '"', "<", ";", "\r", "\n", "\u202e"))
    assert sent.json["name"].endswith((".txt", ".log", ".ini"))
