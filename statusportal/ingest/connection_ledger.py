"""What a running connection did, gathered in memory and written down once a second.

The counters since the last writing are lost when the process is killed; the samples are not, they were stored first.
"""

import threading
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime

from devices.protocol import (
    Connected,
    Disconnected,
    GapStated,
    PayloadRefused,
    ReadingsStored,
    SinkWaiting,
    TopicRefused,
)
from devices.protocol import (
    Happening as Heard,
)
from devices.sentence import Sentence, placed
from statusportal.connections.vocabulary import ConnectionState, Happening, HappeningKind, Progress
from statusportal.foundation.clock import from_ms

REFUSALS_SHOWN = 20
UNKNOWN_SHOWN = 200
LONGEST_TEXT = 1_000


class Ledger:
    """Turn what an adapter reports into what a connection's page tells. Called from several threads."""

    def __init__(self, now: Callable[[], datetime]) -> None:
        self._now = now
        self._lock = threading.Lock()
        self._is_down = False
        self._is_waiting = False
        self._clear()

    def _clear(self) -> None:
        self._accepted = self._duplicates = self._conflicts = self._rejected = 0
        self._heard_at: datetime | None = None
        self._state: ConnectionState | None = None
        self._error: tuple[Sentence, datetime] | None = None
        self._happenings: list[Happening] = []
        self._refusals = self._refusals_hidden = 0
        self._unknown: Counter[str] = Counter()

    def __call__(self, heard: Heard) -> None:
        """Take what the adapter reports."""
        with self._lock:
            match heard:
                case ReadingsStored():
                    self._stored(heard)
                case PayloadRefused(reason, excerpt, topic):
                    self._rejected += 1
                    self._refuse(reason, topic or "", excerpt)
                case Disconnected():
                    self._disconnected(heard)
                case _:
                    self._note(heard)

    def refuse(self, reason: Sentence) -> None:
        """Tell of samples that the store refused; they are counted by the receipt."""
        with self._lock:
            self._refuse(reason, "", "")

    def hear_unknown(self, serials: Counter[str]) -> None:
        """Tell of samples whose serial number no device has."""
        with self._lock:
            for serial, samples in serials.items():
                if serial in self._unknown or len(self._unknown) < UNKNOWN_SHOWN:
                    self._unknown[serial] += samples

    def begin(self) -> None:
        """Tell that the connection is being opened."""
        with self._lock:
            self._state = ConnectionState.CONNECTING

    def fail(self, reason: Sentence) -> None:
        """Tell that nobody will try before a person has changed something."""
        with self._lock:
            self._lost(reason)

    def take(self) -> Progress | None:
        """Give what is new since the last time, or None."""
        with self._lock:
            if self._refusals_hidden:
                hidden = Sentence("%(count)s more messages were refused within a second.", count=self._refusals_hidden)
                self._happenings.append(Happening(HappeningKind.REFUSED, self._now(), hidden))
            progress = Progress(
                accepted=self._accepted,
                duplicates=self._duplicates,
                conflicts=self._conflicts,
                rejected=self._rejected,
                heard_at=self._heard_at,
                state=self._state,
                last_error=self._error[0].with_texts(_clean_text) if self._error else None,
                last_error_at=self._error[1] if self._error else None,
                happenings=tuple(_clean(one) for one in self._happenings),
                unknown=dict(self._unknown),
            )
            self._clear()
            return None if progress == Progress() else progress

    def _stored(self, stored: ReadingsStored) -> None:
        self._is_waiting = False
        self._accepted += stored.accepted
        self._duplicates += stored.duplicates
        self._conflicts += stored.conflicts
        self._rejected += stored.rejected
        if stored.accepted or stored.duplicates or stored.conflicts:
            self._heard_at = self._now()

    def _refuse(self, reason: Sentence, topic: str, excerpt: str) -> None:
        if self._refusals >= REFUSALS_SHOWN:
            self._refusals_hidden += 1
            return
        self._refusals += 1
        self._happenings.append(Happening(HappeningKind.REFUSED, self._now(), reason, topic=topic, excerpt=excerpt))

    def _disconnected(self, heard: Disconnected) -> None:
        if heard.retry_in_s is None:
            self._state = ConnectionState.STOPPED
            self._happenings.append(Happening(HappeningKind.ENDED, self._now(), heard.reason))
        else:
            self._lost(heard.reason)

    def _lost(self, reason: Sentence) -> None:
        """State the trouble once; its repetitions only renew the last error."""
        self._state = ConnectionState.FAILED
        self._error = (reason, self._now())
        if not self._is_down:
            self._happenings.append(Happening(HappeningKind.LOST, self._now(), reason))
        self._is_down = True

    def _note(self, heard: Heard) -> None:
        match heard:
            case Connected(address):
                self._is_down = False
                self._state = ConnectionState.CONNECTED
                self._happenings.append(Happening(HappeningKind.CONNECTED, self._now(), Sentence.quoting(address)))
            case GapStated(from_at_ms, to_at_ms, reason):
                gap = Happening(HappeningKind.GAP, from_ms(to_at_ms), reason, from_at=from_ms(from_at_ms))
                self._happenings.append(gap)
            case TopicRefused(topic, reason):
                self._error = (placed(topic, reason), self._now())
                self._happenings.append(Happening(HappeningKind.TOPIC_REFUSED, self._now(), reason, topic=topic))
            case SinkWaiting(reason) if not self._is_waiting:
                self._is_waiting = True
                self._happenings.append(Happening(HappeningKind.STORE_WAITING, self._now(), reason))
            case _:
                pass


def _clean(happening: Happening) -> Happening:
    return replace(
        happening,
        detail=happening.detail.with_texts(_clean_text),
        topic=_clean_text(happening.topic),
        excerpt=_clean_text(happening.excerpt),
    )


def _clean_text(text: str) -> str:
    """Make a foreign text storable on every database: no NUL, no half of a surrogate pair, and not endless."""
    return text[:LONGEST_TEXT].encode("utf-8", "backslashreplace").decode().replace("\x00", "\\x00")
