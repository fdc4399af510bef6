"""The demo from outside: what one customer can reach, asked again as another and as nobody; and hostile bodies to all.

Nothing here knows the portal but by its address, its pages, its forms and the API's own document.
"""

import itertools
import json
import re
from dataclasses import dataclass, field

import pytest
import requests

from tests.servers.live import PATIENCE_S, Listener, within
from tests.servers.portal_process import PortalProcess

pytestmark = [pytest.mark.slow, pytest.mark.timeout(3_600)]

PASSWORD = "show-me-around"
STAFF, A, B = "henrik@nordvaerk.example", "anders@vesthavn.example", "katrine@vestkysten.example"
BEGINNINGS = ("/", "/search?q=a", "/admin/", "/groups", "/forwardings", "/profile", "/my-data")
MOST_PAGES, OF_A_KIND = 160, 3
HREF = re.compile(r'(?:href|action|data-live-src)="(/[^"#]*)"')
ID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[0-9a-f]{4}-[0-9a-f]{12}")
FORM = re.compile(r'<form[^>]*?action="([^"]+)"[^>]*>(.*?)</form>', re.DOTALL)
NAME = re.compile(r'name="([^"]+)"')
# Forms and calls that end the walker's own session, and so the walk.
ENDING = re.compile(r"sign-out|sessions|/session$|/erase")
CANARY = "<script>leaked(1)</script>"
HOSTILE = (
    CANARY,
    "\u202eevil",
    "a\x00b",
    "\U0001f4a9",
    "' OR 1=1--",
    "{{7777*7}}",
    "a\r\nB: c",
    "../../etc/passwd",
    "x" * 70_000,
)
MALFORMED = (
    (b"{", "application/json"),
    (b"[]", "application/json"),
    (b"null", "application/json"),
    (b'"x"', "application/json"),
    (b"\xff\xfe", "application/json"),
    (b'{"a":NaN}', "application/json"),
    (b"[" * 100_000, "application/json"),
    (b'{"name":1,"name":2}', "application/json"),
    (b'{"name":1e999999}', "application/json"),
    (b"<a/>", "application/xml"),
    (b"a=b", "application/x-www-form-urlencoded"),
    (
        b'--b\r\nContent-Disposition: form-data; name="file"; filename="../../x"\r\n\r\nx',
        "multipart/form-data; boundary=b",
    ),
    (b"--b", "multipart/form-data"),
)


@dataclass
class Person:
    """One browser with a session, or without; `faults` names every answer that was ours to blame."""

    url: str
    email: str = ""
    session: requests.Session = field(default_factory=requests.Session)
    faults: list[tuple[str, str, int]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.session.headers["Origin"] = self.url
        if self.email:
            words = {"email": self.email, "password": PASSWORD}
            assert self.session.post(f"{self.url}/api/v1/session", json=words).status_code == 204
            self.token = self.session.get(f"{self.url}/api/v1/session").json()["csrf_token"]
            self.session.headers["X-CSRFToken"] = self.token

    def ask(self, method: str, address: str, **more: object) -> requests.Response:
        """Send one request, and follow nothing."""
        answer = self.session.request(method, self.url + address, allow_redirects=False, timeout=30, **more)
        if answer.status_code >= 500:
            self.faults.append((method, address, answer.status_code))
        return answer

    def crawl(self, beginnings: list[str]) -> dict[str, str]:
        """Follow every address that a page leads to, a few of each kind, and return what was read at each."""
        read, kinds, ahead = {}, {}, list(beginnings)
        while ahead and len(read) < MOST_PAGES:
            address = ahead.pop(0).replace("&amp;", "&")
            kind = ID.sub("ID", address).partition("?")[0]
            if address in read or address.startswith("/static") or ENDING.search(address):
                continue
            if kinds.setdefault(kind, 0) >= OF_A_KIND:
                continue
            kinds[kind] += 1
            answer = self.ask("GET", address)
            if answer.is_redirect and answer.headers["Location"].startswith("/"):
                ahead.append(answer.headers["Location"])
            if answer.status_code == 200:
                read[address] = answer.text
                ahead += HREF.findall(answer.text)
        return read


@pytest.fixture(scope="module")
def portal(tmp_path_factory):
    unlimited = dict.fromkeys(("requests_per_minute", "comments_per_minute", "sign_in_tries_per_minute"), 0)
    portal = PortalProcess(tmp_path_factory.mktemp("black-box") / "instance", **unlimited)
    portal.told("demo", "--json")
    with portal:
        yield portal


@pytest.fixture(scope="module")
def document(portal):
    """The API's own document."""
    return requests.get(f"{portal.url}/api/openapi.json", timeout=30).json()


def operations_of(document, *methods):
    for path, ways in sorted(document["paths"].items()):
        for method in sorted(set(ways) & set(methods)):
            yield method.upper(), path, ways[method]


def reads_of_api(document, ids):
    """Return every address of the API that reads one of the things, whatever kind of thing it is."""
    singles = [
        path for _, path, _ in operations_of(document, "get") if path.count("{") == 1 and not ENDING.search(path)
    ]
    return [re.sub(r"\{\w+\}", one, path) for path in singles for one in ids]


def test_nothing_that_is_one_customers_is_read_by_another_or_by_nobody(portal, document):
    b, a, nobody = Person(portal.url, B), Person(portal.url, A), Person(portal.url)
    lists = [path for _, path, _ in operations_of(document, "get") if "{" not in path]
    read = b.crawl([*BEGINNINGS, *lists])
    ids_of_a = {one for text in a.crawl([*BEGINNINGS, *lists]).values() for one in ID.findall(text)}
    ids = {one for text in read.values() for one in ID.findall(text)} - ids_of_a
    addresses = [*read, *reads_of_api(document, sorted(ids)[:40])]
    leaks = []

    for address, who in itertools.product(addresses, (a, nobody)):
        answer = who.ask("GET", address)
        asked = set(ID.findall(address))
        if answer.status_code == 200 and asked & ids:
            leaks.append((who.email, address, "opened"))
        if (set(ID.findall(answer.text)) & ids) - asked:
            leaks.append((who.email, address, "told"))

    assert (leaks, b.faults + a.faults + nobody.faults) == ([], [])
    assert len(read) > 40
    assert len(ids) > 20


def test_no_socket_tells_one_customer_of_anothers(portal):
    b, a = Person(portal.url, B), Person(portal.url, A)
    devices = [one["id"] for one in b.ask("GET", "/api/v1/devices").json()["items"]]
    entries = [one["id"] for one in b.ask("GET", "/api/v1/entries").json()["items"]]
    listener = Listener()
    cookies = "; ".join(f"{one.name}={one.value}" for one in a.session.cookies)
    assert listener.connect(portal.url, headers={"Cookie": cookies})

    said = listener.watch("me", *(f"device:{one}" for one in devices), *(f"entry:{one}" for one in entries))
    asked = b.ask("POST", f"/api/v1/devices/{devices[0]}/entries", json={"kind": "question", "title": "Why?"})
    b.ask("POST", f"/api/v1/entries/{asked.json()['id']}/comments", json={"body": "Because."})
    mine = a.ask("GET", "/api/v1/devices").json()["items"][0]["id"]
    own = a.ask("POST", f"/api/v1/devices/{mine}/entries", json={"kind": "question", "title": "Mine?"}).json()["id"]

    assert {name: one["state"] for name, one in said.items() if name != "me"} == dict.fromkeys(
        [name for name in said if name != "me"], "not_found"
    )
    # Nudges come in order: when one's own has come, the other's would have.
    assert within(PATIENCE_S, lambda: own in {one["id"] for one in listener.changed})
    assert {one["id"] for one in listener.changed} == {own}
    listener.leave()


@pytest.mark.parametrize("email", [B, STAFF])
def test_no_body_is_answered_by_a_fault_of_ours(portal, document, email):
    who = Person(portal.url, email)
    anything = ID.search(who.ask("GET", "/api/v1/devices").text)[0]

    for method, path, operation in operations_of(document, "post", "put", "patch", "delete"):
        address = re.sub(r"\{\w+\}", anything, path)
        if ENDING.search(address):
            continue
        for body, kind in [*MALFORMED, *hostile_bodies(document, operation)]:
            who.ask(method, address, data=body, headers={"Content-Type": kind})

    assert who.faults == []


def hostile_bodies(document, operation):
    """Return a body for each hostile text, with it in every field that the document names."""
    schema = operation.get("requestBody", {}).get("content", {}).get("application/json", {}).get("schema", {})
    if "$ref" in schema:
        schema = document["components"]["schemas"][schema["$ref"].rpartition("/")[2]]
    fields = schema.get("properties", {})
    for text in HOSTILE if fields else ():
        body = {name: of_type(one.get("type"), text) for name, one in fields.items()}
        yield json.dumps(body).encode(), "application/json"


def of_type(kind, text):
    kind = kind[0] if isinstance(kind, list) else kind
    return {"array": [text], "integer": 10**30, "number": 10**30, "object": {text: text}}.get(kind, text)


@pytest.mark.parametrize("email", [B, STAFF])
def test_hostile_texts_in_every_form_are_kept_as_texts(portal, email):
    who = Person(portal.url, email)
    forms = {}
    for address, text in who.crawl(list(BEGINNINGS)).items():
        for action, inside in FORM.findall(text):
            if not ENDING.search(action):
                forms.setdefault(
                    ID.sub("ID", action), (action.replace("&amp;", "&"), address, set(NAME.findall(inside)))
                )

    for (action, address, names), text in itertools.product(forms.values(), HOSTILE):
        fields = {**dict.fromkeys(names, text), "csrf_token": who.token}
        who.ask("POST", action, data=fields, headers={"Referer": portal.url + address})
        files = {"file": (text[:200], text.encode(errors="replace"), "text/plain")}
        who.ask("POST", action, data=fields, files=files, headers={"Referer": portal.url + address})
    pages = {one: text for one, text in who.crawl(list(BEGINNINGS)).items() if text.startswith("<!doctype html>")}

    assert [address for address, text in pages.items() if CANARY in text] == []
    assert who.faults == []
    assert len(forms) > 5
