"""How much of the server the live channel may hold: an open socket takes a thread, and pages and samples need some too.

Anybody may shake hands, since who they are is said after it, and a silent client's thread waits for its next word for
ever. So all sockets together get a share of the threads, and the wire of who stays outside, or was shut out, is cut.
"""

import contextlib
import socket
import threading
import time
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs
from wsgiref.types import WSGIApplication

from flask_socketio import SocketIO

from statusportal.live.channel import NAMESPACE

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIEnvironment

PATH = "/socket.io"
COME_IN_WITHIN_S = 5.0
_LOOK_EVERY_S = 1.0
_RETRY_AFTER_S = 5
_WIRE = "statusportal.wire"


@dataclass(slots=True, eq=False)
class _Wire:
    """One request of the live channel that holds a thread: a web socket, or a poll, which has no `line` of its own."""

    engine_sid: str
    line: socket.socket | None
    since_s: float = field(default_factory=time.monotonic)


class Gate:
    """Let as many requests of the live channel in at once as there are threads for them; others are asked to wait."""

    def __init__(self, app: WSGIApplication, socketio: SocketIO, most: int, within_s: float = COME_IN_WITHIN_S) -> None:
        self._app = app
        self._server: Any = socketio.server
        self._room = threading.BoundedSemaphore(most)
        self._within_s = within_s
        self._wires: set[_Wire] = set()
        self._watching = threading.Lock()
        self._let_in = self._server.eio.handlers["connect"]
        self._server.eio.on("connect", self._connected)

    def __call__(self, environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        """Answer one request; that of a web socket ends with the socket."""
        if not environ.get("PATH_INFO", "").startswith(PATH):
            return self._app(environ, start_response)
        if not self._room.acquire(blocking=False):
            headers = [("Content-Length", "0"), ("Retry-After", str(_RETRY_AFTER_S))]
            start_response("503 Service Unavailable", headers)
            return [b""]
        wire = environ[_WIRE] = _wire_of(environ)
        self._wires.add(wire)
        self._start_watching()
        try:
            return self._app(environ, start_response)
        finally:
            self._wires.discard(wire)
            self._room.release()

    def _connected(self, engine_sid: str, environ: dict[str, Any]) -> object:
        if wire := environ.get(_WIRE):
            wire.engine_sid = engine_sid
        return self._let_in(engine_sid, environ)

    def _start_watching(self) -> None:
        if self._watching.acquire(blocking=False):
            threading.Thread(target=self._watch, name="live-gate", daemon=True).start()

    def _watch(self) -> None:
        pause = threading.Event()
        while not pause.wait(_LOOK_EVERY_S) and self._wires:
            for wire in list(self._wires):
                if time.monotonic() - wire.since_s > self._within_s and not self._is_inside(wire):
                    self._cut(wire)
        self._watching.release()
        if self._wires:
            self._start_watching()  # one came in while this thread was leaving

    def _is_inside(self, wire: _Wire) -> bool:
        found = self._server.eio.sockets.get(wire.engine_sid)
        is_open = found is not None and not found.closed
        return is_open and self._server.manager.sid_from_eio_sid(wire.engine_sid, NAMESPACE) is not None

    def _cut(self, wire: _Wire) -> None:
        found = self._server.eio.sockets.pop(wire.engine_sid, None)
        if found is not None:
            found.close(wait=False)  # a client that takes nothing would hold this thread, too
        if wire.line is not None:
            with contextlib.suppress(OSError):
                wire.line.shutdown(socket.SHUT_RDWR)


def room_for(threads: int) -> int:
    """Return how many threads sockets may hold: three of four."""
    return max(1, threads * 3 // 4)


def _wire_of(environ: "WSGIEnvironment") -> _Wire:
    is_web_socket = environ.get("HTTP_UPGRADE", "").lower() == "websocket"
    line = environ.get("gunicorn.socket") or environ.get("werkzeug.socket")
    asked = parse_qs(environ.get("QUERY_STRING", "")).get("sid", [""])
    return _Wire(asked[0], line if is_web_socket else None)
