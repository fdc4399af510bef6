"""Words of planned work."""

from datetime import timedelta
from enum import StrEnum

TITLE_CHARACTERS = 120
# What lasts longer is no window but a machine out of service, which has a word of its own.
LONGEST_WORK = timedelta(days=31)
FARTHEST_AHEAD = timedelta(days=2 * 366)
# A form that is sent a little late, and a clock that goes a little wrong.
TOLERANCE = timedelta(minutes=5)


class WorkKind(StrEnum):
    """Whether somebody comes: a visit needs the other side's word, a window does not."""

    WINDOW = "window"
    VISIT = "visit"


class WorkState(StrEnum):
    """How far planned work has come. A moved one was confirmed or planned for another time before."""

    PLANNED = "planned"
    CONFIRMED = "confirmed"
    MOVED = "moved"
    DONE = "done"
    CANCELLED = "cancelled"


class Side(StrEnum):
    """Who proposed the time that stands: the other one confirms it."""

    OPERATOR = "operator"
    CUSTOMER = "customer"


AHEAD = (WorkState.PLANNED, WorkState.CONFIRMED, WorkState.MOVED)
# A visit that nobody confirmed is a wish; what happens meanwhile counts as ever.
AGREED = {
    WorkKind.WINDOW: (*AHEAD, WorkState.DONE),
    WorkKind.VISIT: (WorkState.CONFIRMED, WorkState.DONE),
}
