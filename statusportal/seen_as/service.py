"""Verbs of seeing as a customer: begin, note what was looked at, end."""

from datetime import timedelta
from uuid import UUID

from sqlalchemy import select, update

from statusportal.access.permissions import Permission
from statusportal.access.policy import require
from statusportal.accounts.models import Membership
from statusportal.accounts.queries import organisation_for, person_for
from statusportal.audit.service import record_act
from statusportal.foundation.errors import Faults, NotFound, Sentence
from statusportal.seen_as.errors import NoSession, NotACustomer
from statusportal.seen_as.models import SeenAs
from statusportal.work import Work

LONGEST_MINUTES = 60
_SHORTEST_REASON = 5
_LONGEST_REASON = 300


def begin_seeing_as(work: Work, person_id: UUID, organisation_id: UUID, reason: str, minutes: int) -> SeenAs:
    """Let the actor's session read as a customer's person from now on, for a stated reason and a time.

    Raises: NotFound, Forbidden; Invalid with pointers; NoSession for a call by token; NotACustomer.
    """
    require(work.actor, Permission.CUSTOMER_SEE_AS, organisation_for(work, organisation_id).id)
    staff_id, session_id = work.actor.person_id, work.actor.session_id
    if staff_id is None or session_id is None:
        raise NoSession(Sentence("Only a session sees as somebody. Sign in, then begin."))
    person = person_for(work, person_id)
    if work.session.get(Membership, (organisation_id, person.id)) is None:
        raise NotFound
    if person.staff_role is not None or person.is_disabled:
        raise NotACustomer(Sentence("Nobody sees as somebody of the operator, or as somebody who is shut out."))
    faults = Faults()
    why = faults.line("/reason", reason, least=_SHORTEST_REASON, most=_LONGEST_REASON)
    if not 1 <= minutes <= LONGEST_MINUTES:
        faults.note("/minutes", Sentence("must be between 1 and %(most)s", most=LONGEST_MINUTES))
    faults.close()
    end_seeing_as(work)
    row = SeenAs(
        organisation_id=organisation_id,
        person_id=person.id,
        staff_id=staff_id,
        session_id=session_id,
        reason=why,
        began_at=work.now,
        ends_at=work.now + timedelta(minutes=minutes),
    )
    work.session.add(row)
    work.session.flush()
    _record(work, "seen_as.began", row, until=row.ends_at.isoformat())
    return row


def end_seeing_as(work: Work) -> SeenAs | None:
    """Show the actor to themselves again; None when the session saw as nobody."""
    open_ones = select(SeenAs).where(SeenAs.session_id == work.actor.session_id, SeenAs.ended_at.is_(None))
    rows = work.session.scalars(open_ones.order_by(SeenAs.began_at)).all()
    for row in rows:
        row.ended_at = min(work.now, row.ends_at)
        _record(work, "seen_as.ended", row, pages=row.page_count)
    work.session.flush()
    return rows[-1] if rows else None


def end_run_out(work: Work) -> None:
    """Write down the end of visits that ended by themselves, for the portal's own jobs."""
    run_out = select(SeenAs).where(SeenAs.ended_at.is_(None), SeenAs.ends_at <= work.now)
    for row in work.session.scalars(run_out.order_by(SeenAs.ends_at)):
        row.ended_at = row.ends_at
        _record(work, "seen_as.ended", row, pages=row.page_count)


def note_looked(work: Work, visit_id: UUID, endpoint: str) -> None:
    """Write down that a page was looked at as somebody. Shape: `endpoint` is a route's name, never an address."""
    row = work.session.get(SeenAs, visit_id)
    if row is None:
        raise NotFound
    # Counted in the database: two pages at once are two.
    counted = update(SeenAs).where(SeenAs.id == visit_id).values(page_count=SeenAs.page_count + 1)
    work.session.execute(counted)
    _record(work, "seen_as.looked", row, route=endpoint)


def _record(work: Work, act: str, row: SeenAs, **codes: str | float) -> None:
    record_act(work, act, "person", row.person_id, organisation_id=row.organisation_id, seen_as_id=str(row.id), **codes)
