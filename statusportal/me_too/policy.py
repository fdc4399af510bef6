"""Who sees for which machine me too was said: its owner, for the time that it is theirs, and staff."""

from datetime import datetime

from sqlalchemy import ColumnElement, and_

from statusportal.access.actor import Actor
from statusportal.fleet.policy import rows_visible_to
from statusportal.me_too.models import MeToo


def visible_me_toos(actor: Actor, now: datetime) -> ColumnElement[bool]:
    """Keep what was said by the actor's own organisations of machines that they may look at.

    Others' are counted and never shown: not to who was let at the machine, and not to who came by a link.
    """
    rows = rows_visible_to(actor, MeToo.organisation_id, MeToo.device_id, MeToo.said_at, now)
    return rows if actor.is_operator else and_(MeToo.organisation_id.in_(actor.organisations), rows)
