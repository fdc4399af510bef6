"""A conversation of 1,000 comments: posting into it and reading it, every right asked, beside Isso on this machine.

Isso is put into a folder of its own from the package index and served by its own command; without it one line says so.
Both are asked by HTTP, one request after the other, each by a connection of its own. Isso asks for no rights.
"""

import contextlib
import http.client
import json
import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.parse
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from bench.served import Seeded, percentile, seed, serving
from statusportal.config import load_settings

COMMENTS = int(os.environ.get("STATUSPORTAL_BENCH_COMMENTS", "1000"))
PAGE_COMMENTS = 200
ROUNDS = 40
_ISSO = ("isso>=0.14,<0.15", "setuptools")
_WORDS = "The cuvette was at 40.6 degrees when it began; after the second cleaning it read **too high** again."
_LIMITLESS = {"comments_per_minute": "0", "requests_per_minute": "0"}
Times = dict[str, list[float]]


def main() -> None:
    """Measure ours, then Isso where it can be had, and print milliseconds and ratios."""
    with tempfile.TemporaryDirectory() as name:
        ours = measure_ours(Path(name))
        for what, times in ours.items():
            _print(f"Status Portal, {what}", times)
        print(f"goal: a page of {PAGE_COMMENTS} comments has p95 under 60")
        theirs = measure_isso(Path(name) / "isso")
    if theirs is None:
        print("Isso: skipped, the package index has no isso for this Python here")
        return
    for what, times in theirs.items():
        _print(f"Isso, {what}", times)
        if what in ours:
            ratios = [percentile(times, share) / percentile(ours[what], share) for share in (0.5, 0.95)]
            print(f"ours is {ratios[0]:.1f} times as fast in the middle, {ratios[1]:.1f} times at p95")


def measure_ours(folder: Path) -> Times:
    """Post and read by the API with a personal token, and open the page."""
    seeded = seed(load_settings({"STATUSPORTAL_INSTANCE_DIR": str(folder)}))
    with serving(folder, **_LIMITLESS) as port:
        ask = _asker(port, {"Authorization": f"Bearer {seeded.person_token}"})
        entry, page = _entry(ask, seeded), _entry(ask, seeded)
        times: Times = {"posting": _posted(lambda body: ask("POST", f"/api/v1/entries/{entry}/comments", body))}
        for _comment in range(PAGE_COMMENTS):
            ask("POST", f"/api/v1/entries/{page}/comments", {"body": _WORDS})
        times["reading all of it"] = [_timed(lambda: _read_all(ask, entry)) for _round in range(ROUNDS)]
        times["reading its first fifty"] = [
            _timed(lambda: ask("GET", f"/api/v1/entries/{entry}/comments")) for _round in range(ROUNDS)
        ]
        times[f"the page of an entry with {PAGE_COMMENTS}"] = [
            _timed(lambda: ask("GET", f"/entries/{page}")) for _round in range(ROUNDS)
        ]
    return times


def measure_isso(folder: Path) -> Times | None:
    """Post and read by Isso's HTTP API; None where it cannot be put here."""
    if not _installed(folder):
        return None
    with _serving_isso(folder) as port:
        ask = _asker(port, {"Origin": f"http://127.0.0.1:{port}"})
        thread = urllib.parse.quote("/bench")
        body = {"author": "Bench", "title": "Bench"}
        times: Times = {
            "posting": _posted(lambda words: ask("POST", f"/new?uri={thread}", {**body, "text": words["body"]}))
        }
        read: Callable[[], Any] = lambda: ask("GET", f"/?uri={thread}")  # noqa: E731 - asked again and again below
        times["reading all of it"] = [_timed(read) for _round in range(ROUNDS)]
        first: Callable[[], Any] = lambda: ask("GET", f"/?uri={thread}&limit=50")  # noqa: E731 - as above
        times["reading its first fifty"] = [_timed(first) for _round in range(ROUNDS)]
    return times


def _entry(ask: Callable[..., Any], seeded: Seeded) -> str:
    question = {"kind": "question", "title": "Why is it warm?", "body": _WORDS}
    return str(ask("POST", f"/api/v1/devices/{seeded.device_id}/entries", question)["id"])


def _posted(post: Callable[[dict[str, str]], Any]) -> list[float]:
    return [_timed(lambda number=number: post({"body": f"{_WORDS} {number}"})) for number in range(COMMENTS)]


def _read_all(ask: Callable[..., Any], entry: str) -> None:
    """Read a thread to its end, in the pages that a client would take."""
    cursor = ""
    while True:
        answer = ask("GET", f"/api/v1/entries/{entry}/comments?limit=200{cursor}")
        if answer["next"] is None:
            return
        cursor = f"&cursor={answer['next']}"


def _asker(port: int, headers: dict[str, str]) -> Callable[..., Any]:
    def ask(method: str, path: str, body: object = None) -> Any:
        with contextlib.closing(http.client.HTTPConnection("127.0.0.1", port, timeout=60)) as connection:
            sent = None if body is None else json.dumps(body)
            connection.request(method, path, sent, {**headers, "Content-Type": "application/json"})
            answer = connection.getresponse()
            found = answer.read()
            if answer.status >= http.HTTPStatus.BAD_REQUEST:
                raise RuntimeError(f"{method} {path}: {answer.status} {found[:200]!r}")
            return json.loads(found) if answer.headers.get_content_type() == "application/json" else found

    return ask


def _timed(act: Callable[[], object]) -> float:
    began = time.perf_counter()
    act()
    return time.perf_counter() - began


def _installed(folder: Path) -> bool:
    """Put Isso into a folder of its own, and tell whether it is there."""
    make = [sys.executable, "-m", "venv", str(folder)]
    install = [str(folder / "bin" / "python"), "-m", "pip", "install", "--quiet", "--disable-pip-version-check", *_ISSO]
    return all(subprocess.run(one, check=False, capture_output=True).returncode == 0 for one in (make, install))


@contextlib.contextmanager
def _serving_isso(folder: Path) -> Iterator[int]:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    config = folder / "isso.cfg"
    here = f"http://127.0.0.1:{port}"
    config.write_text(
        f"[general]\ndbpath = {folder / 'comments.db'}\nhost = {here}/\nlog-file = {folder / 'isso.log'}\n"
        f"[server]\nlisten = {here}\n[guard]\nenabled = false\n",
        encoding="utf-8",
    )
    command = [str(folder / "bin" / "isso"), "-c", str(config), "run"]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        _await(port)
        yield port
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(20)


def _await(port: int, within_s: float = 30.0) -> None:
    ends_at = time.monotonic() + within_s
    while time.monotonic() < ends_at:
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1):
            return
        time.sleep(0.1)
    raise TimeoutError("Isso did not start")


def _print(what: str, times: list[float]) -> None:
    middle, late = (percentile(times, share) * 1000 for share in (0.5, 0.95))
    print(f"{what}: p50 {middle:.1f} ms, p95 {late:.1f} ms ({len(times)} times)")


if __name__ == "__main__":
    main()
