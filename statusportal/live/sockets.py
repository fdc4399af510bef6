"""Who is connected, as whom, and what each watches. Kept in memory: a socket lives in one process."""

import threading
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, field, replace
from uuid import UUID

from statusportal.access.actor import Actor
from statusportal.live.topics import MOST_TOPICS, Topic


@dataclass(frozen=True, slots=True)
class Connected:
    """One socket. `reread` gives the actor anew from the same cookie or token; None when it opens nothing more."""

    sid: str
    actor: Actor
    reread: Callable[[], Actor | None]
    topics: frozenset[Topic] = field(default_factory=frozenset)


class Sockets:
    """Hold the open sockets of this process; every method may be called from any thread."""

    def __init__(self) -> None:
        self._by_sid: dict[str, Connected] = {}
        self._lock = threading.Lock()

    def add(self, socket: Connected) -> None:
        """Take in a socket that was let in."""
        with self._lock:
            self._by_sid[socket.sid] = socket

    def remove(self, sid: str) -> None:
        """Forget one that went."""
        with self._lock:
            self._by_sid.pop(sid, None)

    def get(self, sid: str) -> Connected | None:
        """Return one socket, if it is still there."""
        with self._lock:
            return self._by_sid.get(sid)

    def all(self) -> Sequence[Connected]:
        """Return every socket as it is now."""
        with self._lock:
            return list(self._by_sid.values())

    def count_of(self, person_id: UUID | None) -> int:
        """Count the sockets that one person holds open here."""
        return sum(1 for socket in self.all() if socket.actor.person_id == person_id)

    def watch(self, sid: str, topics: Collection[Topic]) -> frozenset[Topic]:
        """Let a socket watch more, up to the limit, and return which of them it now watches."""
        with self._lock:
            socket = self._by_sid.get(sid)
            if socket is None:
                return frozenset()
            room = MOST_TOPICS - len(socket.topics)
            fresh = [topic for topic in topics if topic not in socket.topics][:room]
            self._by_sid[sid] = replace(socket, topics=socket.topics | set(fresh))
            return self._by_sid[sid].topics & set(topics)

    def keep(self, sid: str, actor: Actor, lost: Collection[Topic]) -> None:
        """Note who the socket's holder is now, and drop topics that are no longer theirs to see."""
        with self._lock:
            socket = self._by_sid.get(sid)
            if socket is not None:
                self._by_sid[sid] = replace(socket, actor=actor, topics=socket.topics - set(lost))

    def watching(self, topics: Collection[Topic]) -> Sequence[Connected]:
        """Return the sockets that watch any of the topics."""
        wanted = set(topics)
        return [socket for socket in self.all() if socket.topics & wanted]
