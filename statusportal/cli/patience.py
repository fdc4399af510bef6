"""A gunicorn worker that lends a thread to whole headers only: who sends them drop by drop waits without one.

gunicorn's own worker gives each connection a thread from its first byte on, so that as many slow senders as there are
threads would stop everybody else.
"""

import socket
import time
from functools import partial
from selectors import EVENT_READ
from typing import Any

from gunicorn.workers.gthread import ThreadWorker

HEADERS_WITHIN_S = 10.0
# What stands still this long, reading or writing, is cut; the live channel is heard every 25 s.
STILL_FOR_S = 60.0
_LINGER_S = 1.0
# More than this is a matter for the parser, which has limits of its own.
_MOST_BYTES = 65_536
# What is read and thrown away after an answer, so that the connection can go on.
_MOST_UNWANTED_BYTES = 32 * 2**20
_DRAIN_WITHIN_S = 5.0


class PatientWorker(ThreadWorker):  # type: ignore[misc]  # gunicorn publishes no types
    """Wait for headers in the event loop. Connections are gunicorn's; so are their counts."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:  # noqa: ANN401 - gunicorn's signature
        super().__init__(*args, **kwargs)
        self._waiting: dict[Any, float] = {}
        self._seen: dict[Any, int] = {}

    def enqueue_req(self, conn: Any) -> None:  # noqa: ANN401 - gunicorn publishes no types
        """Hand a connection to a thread once its headers are whole."""
        is_read_ahead = conn.parser is not None and conn.parser.unreader.buf.getvalue()
        if is_read_ahead or self._has_whole_headers(conn):
            super().enqueue_req(conn)
            return
        self._waiting[conn] = time.monotonic() + HEADERS_WITHIN_S
        self.poller.register(conn.sock, EVENT_READ, partial(self._look_again, conn))

    def handle_request(self, req: Any, conn: Any) -> Any:  # noqa: ANN401 - gunicorn publishes no types
        """Let no sender of a body, and no reader of an answer, hold a thread by standing still."""
        conn.sock.settimeout(STILL_FOR_S)
        return super().handle_request(req, conn)

    def _keepalive_after(self, conn: Any, keepalive: bool) -> bool:  # noqa: ANN401, FBT001 - gunicorn's signature
        """Read past a body that nobody wanted, as far as one may be, so that the next request is heard.

        gunicorn's own bound is 64 KiB; past it the connection is closed under a sender who was told it stays open.
        """
        ends_at = time.monotonic() + _DRAIN_WITHIN_S
        return keepalive and bool(conn.parser.finish_body(deadline=ends_at, max_bytes=_MOST_UNWANTED_BYTES))

    def murder_pending(self) -> None:
        """Cut those whose headers did not come in time; when stopping, soon."""
        super().murder_pending()
        now = time.monotonic()
        for conn, ends_at in list(self._waiting.items()):
            if not self.alive:
                self._waiting[conn] = min(ends_at, now + _LINGER_S)
            if now >= ends_at:
                self._take_back(conn)
                self.nr_conns -= 1
                conn.close()

    def _look_again(self, conn: Any, _file: object) -> None:  # noqa: ANN401 - gunicorn publishes no types
        before = self._seen.get(conn, 0)
        # Woken without more: the other side has closed, which gunicorn's own handling finds out.
        if self._has_whole_headers(conn) or self._seen[conn] <= before:
            self._take_back(conn)
            super().enqueue_req(conn)

    def _take_back(self, conn: Any) -> None:  # noqa: ANN401 - gunicorn publishes no types
        del self._waiting[conn]
        self._seen.pop(conn, None)
        self.poller.unregister(conn.sock)

    def _has_whole_headers(self, conn: Any) -> bool:  # noqa: ANN401 - gunicorn publishes no types
        """Look at what has come without taking it; the socket wakes us again only when more of it is there."""
        try:
            seen = conn.sock.recv(_MOST_BYTES, socket.MSG_PEEK)
        except BlockingIOError:
            return False
        except OSError:
            return True  # broken: gunicorn's own handling closes it
        is_whole = not seen or len(seen) >= _MOST_BYTES or b"\r\n\r\n" in seen.lstrip(b"\r\n")
        if not is_whole:
            self._seen[conn] = len(seen)
        conn.sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVLOWAT, 1 if is_whole else len(seen) + 1)
        conn.data_ready = conn.data_ready or is_whole
        return is_whole
