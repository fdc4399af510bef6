"""The channel: nudges to those who may read the thing, and a sweep that cuts whoever may no longer."""

import threading
from collections.abc import Callable, Mapping, Sequence
from uuid import UUID

import structlog
from flask_socketio import SocketIO
from sqlalchemy.exc import SQLAlchemyError

from statusportal.access.actor import Actor
from statusportal.live.seeing import actor_sees, versions_of
from statusportal.live.sockets import Connected, Sockets
from statusportal.live.topics import ME, Topic, device_topic, entry_topic
from statusportal.work import Works

log = structlog.get_logger()

NAMESPACE = "/live"
# The name under which the outbox knows this listener.
NUDGE = "live.nudge"
# Rights that were lost are cut within 5 s: twice this and the time of a sweep.
SWEEP_S = 2.0
# Of one person in this process: a window each, and more windows than anybody reads.
MOST_SOCKETS = 20


class Channel:
    """Nudge and sweep the sockets of this process."""

    def __init__(self, works: Works, socketio: SocketIO) -> None:
        self._works = works
        self._socketio = socketio
        self.sockets = Sockets()
        self._sweeping = threading.Lock()

    def nudge(self, works: Works, payload: Mapping[str, str]) -> None:
        """Tell the sockets that watch what an event is about, each only if its holder may read the thing."""
        topics = _topics_of(payload)
        by_actor: dict[int, list[Connected]] = {}
        for socket in self.sockets.watching(topics):
            by_actor.setdefault(id(socket.actor), []).append(socket)
        for sockets in by_actor.values():
            self._nudge_one(works, sockets, topics, payload)

    def _nudge_one(
        self, works: Works, sockets: Sequence[Connected], topics: Sequence[Topic], payload: Mapping[str, str]
    ) -> None:
        with works.reading(sockets[0].actor) as work:
            versions = versions_of(work, topics) if actor_sees(work, payload) else {}
        kind, thing_id = _subject(payload)
        for socket in sockets:
            for topic, version in versions.items():
                if topic in socket.topics:
                    nudge = {"topic": topic.name, "kind": kind, "id": thing_id, "version": version}
                    self._socketio.emit("changed", nudge, to=socket.sid, namespace=NAMESPACE)

    def let_in(self, sid: str, reread: Callable[[], Actor | None]) -> bool:
        """Take in a socket whose cookie or token opens something, and sweep while any socket is open."""
        actor = reread()
        if actor is None or self.sockets.count_of(actor.person_id) >= MOST_SOCKETS:
            return False
        self.sockets.add(Connected(sid, actor, reread))
        self._start_sweeping()
        return True

    def watch(self, sid: str, wished: Mapping[str, Topic | None]) -> Mapping[str, Mapping[str, object]]:
        """Let a socket watch what its holder may see, and say so topic by topic; missing and foreign are the same."""
        socket = self.sockets.get(sid)
        if socket is None:
            return {}
        topics = [topic for topic in wished.values() if topic is not None]
        with self._works.reading(socket.actor) as work:
            versions = versions_of(work, topics)
        watched = self.sockets.watch(sid, list(versions))
        return {
            name: {"state": "ok", "version": versions[topic]} if topic in watched else {"state": "not_found"}
            for name, topic in wished.items()
        }

    def sweep(self) -> None:
        """Read every holder anew: cut ended sign-ins, and drop topics that are theirs to see no more."""
        for socket in self.sockets.all():
            actor = socket.reread()
            if actor is None:
                self.sockets.remove(socket.sid)
                self._socketio.server.disconnect(socket.sid, namespace=NAMESPACE)
                continue
            with self._works.reading(actor) as work:
                seen = versions_of(work, socket.topics)
            self.sockets.keep(socket.sid, actor, socket.topics - set(seen))

    def _start_sweeping(self) -> None:
        if self._sweeping.acquire(blocking=False):
            threading.Thread(target=self._sweep_on, name="live-sweep", daemon=True).start()

    def _sweep_on(self) -> None:
        pause = threading.Event()
        while not pause.wait(SWEEP_S) and self.sockets.all():
            try:
                self.sweep()
            except SQLAlchemyError as err:
                # Without the database nothing is nudged either; the next sweep tries again.
                log.warning("live.sweep_failed", exc_info=err)
        self._sweeping.release()
        if self.sockets.all():
            self._start_sweeping()  # one came in while this thread was leaving


def _topics_of(payload: Mapping[str, str]) -> Sequence[Topic]:
    topics = [ME, device_topic(UUID(payload["device_id"]))]
    if "entry_id" in payload:
        topics.append(entry_topic(UUID(payload["entry_id"])))
    return topics


def _subject(payload: Mapping[str, str]) -> tuple[str, str]:
    """Return what changed: its kind and id, nothing of what it says."""
    for kind in ("comment", "entry"):
        if f"{kind}_id" in payload:
            return kind, payload[f"{kind}_id"]
    return "device", payload["device_id"]
