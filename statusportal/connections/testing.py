"""Looking at a source once, for whoever sets a connection up. Nothing is stored, and nothing waits for ever."""

import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from devices.errors import DeviceError
from devices.protocol import Adapter, Sighting
from devices.reading import Reading
from devices.registry import build_adapter
from statusportal.access.permissions import Permission
from statusportal.access.policy import require
from statusportal.connections.describing import require_sound
from statusportal.connections.queries import connection_for
from statusportal.connections.service import merged_options
from statusportal.connections.vocabulary import ConnectionDraft
from statusportal.foundation.errors import Sentence
from statusportal.work import Work

LOOK_S = 3.0
LONGEST_S = 15.0


@dataclass(frozen=True, slots=True)
class Look:
    """What a test saw. `problem` is a sentence, empty when the source answered; `readings` may then still be none."""

    problem: Sentence
    took_s: float
    address: str = ""
    notes: Sequence[Sentence] = ()
    readings: Sequence[Reading] = ()


def adapter_to_test(
    work: Work, organisation_id: UUID, draft: ConnectionDraft, connection_id: UUID | None = None
) -> Adapter:
    """Make an adapter of what a form holds, with the secrets that a stored connection keeps; nothing is opened yet.

    Raises: Forbidden; NotFound; Invalid with a pointer for each wrong option.
    """
    require(work.actor, Permission.CONNECTION_ADMINISTER, organisation_id)
    options = dict(draft.options)
    if connection_id is not None:
        options, _ = merged_options(work, connection_for(work, connection_id), draft)
    require_sound(draft, options)
    return build_adapter(draft.adapter, options, mapping=draft.mapping, format_given=draft.format_options)


def look_once(adapter: Adapter, look_s: float = LOOK_S, longest_s: float = LONGEST_S) -> Look:
    """Let an adapter connect and look; one that hangs is left behind, and one that fails says so in a sentence.

    Units: seconds; `look_s` is how long it may look, `longest_s` how long we wait for its answer.
    """
    seen: list[Sighting] = []
    troubles: list[Sentence] = []

    def look() -> None:
        try:
            seen.append(adapter.check(look_s))
        except DeviceError as err:
            troubles.append(err.sentence)

    began_s = time.monotonic()
    # What nobody foresaw ends the thread and goes to the log, and leaves both lists empty.
    thread = threading.Thread(target=look, name="connection-test", daemon=True)
    thread.start()
    thread.join(longest_s)
    took_s = time.monotonic() - began_s
    if seen:
        return Look(Sentence.quoting(""), took_s, seen[0].address, seen[0].notes, seen[0].readings)
    if thread.is_alive():
        return Look(Sentence("No answer within %(time)s s.", time=f"{longest_s:g}"), took_s)
    return Look(troubles[0] if troubles else Sentence("The adapter failed; the log says how."), took_s)
