"""Reading what a client sent over its socket. Pure: anything in, topics out; odd things are nothing."""

from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

# A screen shows some dozens of things; a list of two hundred is a page of the longest.
MOST_TOPICS = 200
_LONGEST_NAME = 60


@dataclass(frozen=True, slots=True)
class Topic:
    """Something that can be watched: an entry, a device, or everything of one's own (`me`, without an id)."""

    kind: str
    id: UUID | None = None

    @property
    def name(self) -> str:
        """Write it as the client does."""
        return f"{self.kind}:{self.id}" if self.id else self.kind


ME = Topic("me")


def entry_topic(entry_id: UUID) -> Topic:
    """Name an entry."""
    return Topic("entry", entry_id)


def device_topic(device_id: UUID) -> Topic:
    """Name a device."""
    return Topic("device", device_id)


def wished_topics(payload: object) -> Mapping[str, Topic | None]:
    """Return what a `watch` names, by the client's own spelling; None for what can be nothing of ours.

    Shape: at most `MOST_TOPICS`; what is no text at all, or no list of texts, is left out.
    """
    wished = payload.get("topics") if isinstance(payload, dict) else None
    if not isinstance(wished, list):
        return {}
    names = [name for name in wished[:MOST_TOPICS] if isinstance(name, str) and len(name) <= _LONGEST_NAME]
    return {name: _topic(name) for name in names}


def _topic(name: str) -> Topic | None:
    if name == ME.name:
        return ME
    kind, _, written = name.partition(":")
    if kind not in {"entry", "device"}:
        return None
    try:
        topic = Topic(kind, UUID(written))
    except ValueError:
        return None
    # One thing has one name: other spellings of an id would be other topics to the client.
    return topic if topic.name == name.lower() else None
