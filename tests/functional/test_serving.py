"""`statusportal serve` as an operator meets it: draining, one folder one portal, neighbours, slow senders."""

import contextlib
import socket
import threading
import time

import pytest
import requests

from tests.servers.portal_process import PortalProcess

SLOW_SENDERS = 200


@pytest.fixture(scope="module")
def portal(tmp_path_factory):
    folder = tmp_path_factory.mktemp("serving") / "instance"
    with PortalProcess(folder, requests_per_minute=0, samples_per_second=0) as portal:
        portal.make_organisation("alpha")
        portal.make_person("ann@example.com", name="Ann", organisation="alpha", role="customer")
        yield portal


@pytest.fixture
def device(portal):
    device_id = portal.make_device("alpha", "oven", f"OVN-{time.monotonic_ns()}")
    return device_id, portal.device_token(device_id)


def points_of(portal, session, device_id, signal):
    answer = portal.get(session, f"/devices/{device_id}/telemetry", signal=signal)
    return {int(value) for _, value in answer["points"]}


class Sender(threading.Thread):
    """Send one sample after another until the portal is gone; `kept` holds those that were acknowledged."""

    def __init__(self, portal, token, first, begun_ms):
        super().__init__(daemon=True)
        self.portal, self.token, self.number, self.begun_ms = portal, token, first, begun_ms
        self.kept: set[int] = set()
        self.odd: list[int] = []

    def run(self):
        while True:
            body = {"ts": self.begun_ms + self.number, "values": {"count": self.number}}
            try:
                answer = self.portal.send(self.token, body)
            except requests.RequestException:
                return
            if answer.status_code == 200:
                self.kept.add(self.number)
            else:
                self.odd.append(answer.status_code)
            self.number += 1


def test_body_that_nobody_wants_costs_no_answer(portal):
    session = requests.Session()
    answers = []

    for address in ("/api/v1/nowhere", "/sign-out", "/api/v1/nowhere"):
        for _ in range(4):
            answers.append(session.post(portal.url + address, data=b"[" * 1_000_000, timeout=20).status_code)
            answers.append(session.get(portal.url + "/healthz", timeout=20).status_code)

    assert len(answers) == 24
    assert answers[1::2] == [200] * 12
    assert all(400 <= status < 500 for status in answers[::2])


def test_sigterm_under_load_drains_and_keeps_what_was_acknowledged(portal, device):
    device_id, token = device
    begun_ms = int(time.time() * 1000) - 3_600_000
    senders = [Sender(portal, token, number * 100_000, begun_ms) for number in range(6)]
    for one in senders:
        one.start()
    time.sleep(1.5)

    began_at = time.monotonic()
    portal.process.terminate()
    status = portal.process.wait(15)
    took_s = time.monotonic() - began_at
    for one in senders:
        one.join(20)
    portal.start()

    kept = set().union(*(one.kept for one in senders))
    stored = points_of(portal, portal.sign_in("ann@example.com"), device_id, "count")
    assert (status, took_s < 10) == (0, True)
    assert len(kept) > 50
    assert kept - stored == set()
    assert {code for one in senders for code in one.odd} <= {503}


def test_second_portal_on_the_folder_refuses_with_a_sentence(portal):
    second = portal.run("serve", "--port", "1")

    assert (second.returncode, second.stdout) == (1, "")
    assert second.stderr == f"Another Status Portal serves from {portal.folder} already.\n"
    assert requests.get(f"{portal.url}/readyz", timeout=20).ok


def test_two_portals_do_not_meet(portal, device, tmp_path):
    with PortalProcess(tmp_path / "other") as other:
        other.make_organisation("alpha")
        other.make_person("ann@example.com", name="Ann", organisation="alpha", role="customer")
        session = portal.sign_in("ann@example.com")
        cookie = {"Cookie": f"portal={session.cookies['portal']}"}

        strange = requests.get(f"{other.url}/api/v1/session", headers=cookie, timeout=10)
        sent = other.send(device[1], {"heat": 1.0})
        theirs = other.get(other.sign_in("ann@example.com"), "/devices")

    assert (strange.status_code, sent.status_code) == (401, 401)
    assert theirs["items"] == []
    assert len(portal.get(session, "/devices")["items"]) >= 1
    secrets = [(one.folder / "secrets" / "secret_key").read_text() for one in (portal, other)]
    assert secrets[0] != secrets[1]


def test_slow_senders_do_not_stop_others(portal, device):
    with contextlib.ExitStack() as opened:
        for _ in range(SLOW_SENDERS):
            slow = opened.enter_context(socket.create_connection(("127.0.0.1", portal.port), timeout=10))
            slow.sendall(b"POST /api/v1/telemetry HTTP/1.1\r\nHost: localhost\r\nX-Slow: ")
        time.sleep(0.5)

        began_at = time.monotonic()
        answers = [portal.send(device[1], {"heat": float(number)}).status_code for number in range(10)]
        took_s = time.monotonic() - began_at

    assert answers == [200] * 10
    assert took_s < 5


def answered(portal, *pieces, pause_s=0.1, is_closing=False):
    """Send pieces one after the other and return the first line that comes back, and how long it took."""
    with socket.create_connection(("127.0.0.1", portal.port), timeout=10) as wire:
        for piece in pieces:
            wire.sendall(piece)
            time.sleep(pause_s)
        if is_closing:
            wire.shutdown(socket.SHUT_WR)
        began_at = time.monotonic()
        try:
            line = wire.makefile("rb").readline().decode().strip()
        except ConnectionResetError:
            line = "cut"
        return line, time.monotonic() - began_at


def test_headers_that_come_in_pieces_are_answered_at_once(portal):
    whole = b"GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n"

    by_letters = answered(portal, *(whole[place : place + 1] for place in range(len(whole))), pause_s=0.005)
    after_lines = answered(portal, b"\r\n", whole)
    two_at_once = answered(portal, whole + whole)

    assert [one[0] for one in (by_letters, after_lines, two_at_once)] == ["HTTP/1.1 200 OK"] * 3
    assert max(one[1] for one in (by_letters, after_lines, two_at_once)) < 1.5


def test_sender_that_gives_up_or_never_ends_is_cut(portal):
    gone, gone_s = answered(portal, b"GET /healthz HT", is_closing=True)
    slow, slow_s = answered(portal, b"\r\n\r\n\r\nGET /healthz HTTP/1.1\r\nX-Slow: a", pause_s=4.0)

    assert ("200" in gone, "200" in slow) == (False, False)
    assert (gone_s < 3, slow_s < 10) == (True, True)


def test_slow_bodies_do_not_stop_others(portal, device):
    head = f"POST /api/v1/telemetry HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {device[1]}\r\n"
    head += "Content-Type: application/json\r\nContent-Length: 1000\r\n\r\n["
    with contextlib.ExitStack() as opened:
        for _ in range(40):
            slow = opened.enter_context(socket.create_connection(("127.0.0.1", portal.port), timeout=10))
            slow.sendall(head.encode())
        time.sleep(0.5)

        began_at = time.monotonic()
        answer = portal.send(device[1], {"heat": 1.0})
        took_s = time.monotonic() - began_at

    assert (answer.status_code, took_s < 3) == (200, True)


def test_raw_path_tricks_stay_on_the_site(portal):
    places = {}
    for path in (
        "//evil.example",
        "//evil.example/..",
        "///evil.example//x",
        "/%2f%2fevil.example/",
        "/\\evil.example",
    ):
        with socket.create_connection(("127.0.0.1", portal.port), timeout=10) as wire:
            wire.sendall(f"GET {path} HTTP/1.1\r\nHost: portal.example\r\nConnection: close\r\n\r\n".encode())
            answer = wire.makefile("rb").read().decode()
        status = int(answer.split(" ", 2)[1])
        location = next((one[10:] for one in answer.splitlines() if one.lower().startswith("location: ")), "/")
        if (
            status < 300
            or status >= 500
            or not location.startswith(("/", "http://portal.example/"))
            or location[:2] == "//"
        ):
            places[path] = (status, location)

    assert places == {}
