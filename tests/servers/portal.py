"""A portal that answers as it is told: for tests of what speaks to one."""

import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Self


class ScriptedPortal:
    """Keep telemetry by its natural key, except while `answers` holds other answers to give first.

    An answer is (status, headers, body). `requests` holds (headers, parsed body) of all that came.
    """

    def __init__(self) -> None:
        self.answers: list[tuple[int, dict[str, str], bytes]] = []
        self.requests: list[tuple[dict[str, str], list[dict]]] = []
        self.kept: dict[tuple[str, str, int], object] = {}
        self.poison: set[str] = set()
        portal = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                status, headers, answer = portal._answer(self.path, dict(self.headers), body)
                self.send_response(status)
                for name, value in headers.items():
                    self.send_header(name, value)
                self.send_header("Content-Length", str(len(answer)))
                self.end_headers()
                self.wfile.write(answer)

            def log_message(self, *_: object) -> None:
                """Say nothing."""

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self._server.server_port}"

    def __enter__(self) -> Self:
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.02})
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()

    def _answer(self, path: str, headers: dict[str, str], body: bytes) -> tuple[int, dict[str, str], bytes]:
        items = json.loads(body)
        self.requests.append((headers, items))
        if path != "/api/v1/telemetry":
            return 404, {}, b"{}"
        if self.answers:
            return self.answers.pop(0)
        if any(signal in self.poison for item in items for signal in item["values"]):
            return 400, {}, b'{"detail": "poison"}'
        counts = {"accepted": 0, "duplicates": 0, "conflicts": 0, "rejected": []}
        for item in items:
            for signal, value in item["values"].items():
                key = (item["device"], signal, item["ts"])
                is_new = key not in self.kept
                counts["accepted" if is_new else "duplicates" if self.kept[key] == value else "conflicts"] += 1
                self.kept.setdefault(key, value)
        return 200, {}, json.dumps(counts).encode()
