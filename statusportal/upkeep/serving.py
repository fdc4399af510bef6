"""What a service that was done brings about: the counter that called for it counts anew from this moment."""

from dataclasses import replace
from uuid import UUID

from sqlalchemy import delete

from statusportal.access.actor import SYSTEM
from statusportal.access.permissions import Permission
from statusportal.access.vocabulary import Right
from statusportal.audit.service import record_act_of_device
from statusportal.derivation.derive import serve
from statusportal.fleet.queries import ownerships_at
from statusportal.fleet.service import ownership_for
from statusportal.foundation.clock import to_ms
from statusportal.foundation.errors import Conflict, Sentence
from statusportal.maintenance.events import WorkFinished
from statusportal.maintenance.models import PlannedWork
from statusportal.maintenance.queries import counters_of, devices_of
from statusportal.profiles.vocabulary import CounterRule
from statusportal.status.keeping import cases_of, keep_all
from statusportal.status.models import KeptState
from statusportal.work import Work, beyond_walls


def note_serviced(work: Work, device_id: UUID, code: str) -> None:
    """Begin the counter of a rule anew, due or not: its condition clears. Whoever plans work says so.

    Samples that come late from before it correct nothing: history is told again from samples, which know of no service.
    Raises: NotFound; Forbidden; Conflict for a code that no counter of the machine's model has.
    """
    organisation_id = ownership_for(work, device_id, Permission.MAINTENANCE_PLAN, Right.MANAGE).organisation_id
    record_act_of_device(
        work, device_id, "condition.serviced", "condition", code, organisation_id=organisation_id, code=code
    )
    with beyond_walls(work):
        _serve(replace(work, actor=SYSTEM), device_id, code)
    work.is_followed_by_portal = True


def note_services(work: Work, event: WorkFinished) -> None:
    """Begin anew the counters that finished work was planned for, on each of its machines that is still its owner's."""
    row = work.session.get_one(PlannedWork, (event.organisation_id, event.work_id))
    if not row.services:
        return
    with beyond_walls(work):
        whole = replace(work, actor=SYSTEM)
        places = devices_of(whole, row)
        present = ownerships_at(whole, [one.device_id for one in places], work.now)
        counters = counters_of(whole, present)
        for place in places:
            owner, known = present.get(place.device_id), {one.code for one in counters.get(place.device_id, ())}
            for code in known.intersection(row.services) if owner and owner.id == place.ownership_id else ():
                _serve(whole, place.device_id, code)
    work.is_followed_by_portal = True


def _serve(work: Work, device_id: UUID, code: str) -> None:
    case = cases_of(work, [device_id])[device_id]
    book = case.frame.rulebook
    if book is None or not isinstance(book.own.get(code), CounterRule):
        raise Conflict(Sentence("No counter stands behind this condition."))
    if case.state is None or case.row is None:
        return
    case.take(work, serve(case.frame, case.state, code, to_ms(work.now)))
    case.row.kept_ms = case.row.late_from_ms = case.row.correct_at = None
    work.session.execute(delete(KeptState).where(KeptState.device_id == device_id))
    keep_all(work, [case])
