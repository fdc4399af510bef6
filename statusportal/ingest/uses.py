"""When a machine's token was last used, noted seldom enough to cost nothing beside the samples."""

from datetime import datetime, timedelta
from uuid import UUID

from statusportal.access.actor import SYSTEM
from statusportal.fleet.credentials import note_credential_used
from statusportal.work import Works

_STEP = timedelta(hours=1)


def _noted(_works: Works) -> dict[UUID, datetime]:
    return {}


def note_use(works: Works, credential_id: UUID) -> None:
    """Note a use of a token, the first one at once and then one an hour."""
    noted = works.kept(_noted)
    now = works.clock.now()
    before = noted.get(credential_id)
    if before is not None and now - before < _STEP:
        return
    noted[credential_id] = now
    with works.writing(SYSTEM) as work:
        note_credential_used(work, credential_id)
