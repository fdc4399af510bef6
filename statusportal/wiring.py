"""The only two lists of event -> listeners.

Projections run in the transaction of their cause, just before the commit; reactions run after it, through the outbox.
"""

from collections.abc import Mapping, Sequence

import statusportal.accounts.policy
import statusportal.audit.policy
import statusportal.connections.policy
import statusportal.fleet.policy
import statusportal.status.policy
import statusportal.telemetry.policy  # noqa: F401 - each policy declares its room's rights; without it nobody holds them
from statusportal.fleet.events import ModelChanged, OwnershipTransferred
from statusportal.foundation.events import Event
from statusportal.status.service import begin_anew, look_again
from statusportal.work import Projection, Reaction, Wiring

PROJECTIONS: Sequence[tuple[type[Event], Projection]] = (
    (OwnershipTransferred, begin_anew),
    (ModelChanged, look_again),
)

REACTIONS: Sequence[tuple[type[Event], str]] = ()


def wiring(listeners: Mapping[str, Reaction] | None = None) -> Wiring:
    """Return the two lists; `listeners` gives the functions behind the names in REACTIONS."""
    return Wiring(PROJECTIONS, REACTIONS, listeners or {})
