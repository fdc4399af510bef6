"""Choosing a receiver, pausing, going on, ending; and what became of a call."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from secrets import token_urlsafe
from uuid import UUID

from sqlalchemy import ColumnElement, and_, delete, func, select, true, update

from statusportal.access.permissions import Permission
from statusportal.access.policy import require
from statusportal.accounts.queries import organisation_for
from statusportal.audit.service import record_act
from statusportal.calls.addresses import networks_of, target_of
from statusportal.connections.secrets import seal, unseal
from statusportal.fleet.queries import periods_of_many
from statusportal.forwarding.calling import Called
from statusportal.forwarding.models import Forwarding, Parcel
from statusportal.forwarding.queries import count_going_on, forwarding_for, is_waiting
from statusportal.forwarding.queueing import queue_items
from statusportal.forwarding.vocabulary import ForwardedKind, ForwardingState, ParcelState
from statusportal.foundation.errors import Conflict, Faults, IllegalTransition, Sentence
from statusportal.work import Work

SHORTEST_SECRET, MOST_FORWARDINGS = 16, 20
# A receiver that is away is waited for; one that refuses the same parcel this often holds up no more.
MOST_REFUSALS = 20
WAITS_AT_MOST, LOG_KEPT = timedelta(days=7), timedelta(days=30)
_FIRST_WAIT, _LONGEST_WAIT = timedelta(seconds=1), timedelta(hours=1)
_SECRET_BYTES = 32
_NAME_MOST, _SECRET_MOST, _ADDRESS_MOST, _SIGNALS_MOST = 200, 500, 500, 1_000
_SENT_KINDS = (ForwardedKind.SAMPLE, ForwardedKind.STATUS, ForwardedKind.ENTRY)


@dataclass(frozen=True, slots=True, kw_only=True)
class Receiver:
    """Who is to get what. Shape: no devices, signals or kinds named means all of them; no secret, that one is made."""

    name: str
    address: str
    secret: str | None = None
    devices: Sequence[UUID] = ()
    signals: Sequence[str] = ()
    kinds: Sequence[ForwardedKind] = ()
    ends_at: datetime | None = None


def begin_forwarding(work: Work, organisation_id: UUID, receiver: Receiver) -> tuple[Forwarding, str]:
    """Choose a receiver; from now on it gets what is new. Returns it with the secret, which is told this once.

    Raises: NotFound, Forbidden, Invalid, Conflict where there are too many.
    """
    organisation = organisation_for(work, organisation_id)
    require(work.actor, Permission.FORWARDING_ADMINISTER, organisation.id)
    faults = Faults()
    name = faults.line("/name", receiver.name, most=_NAME_MOST)
    address = faults.line("/address", receiver.address, most=_ADDRESS_MOST)
    secret = faults.line(
        "/secret",
        token_urlsafe(_SECRET_BYTES) if receiver.secret is None else receiver.secret,
        most=_SECRET_MOST,
        least=SHORTEST_SECRET,
    )
    if len(receiver.signals) > _SIGNALS_MOST:
        faults.note("/signals", Sentence("at most %(most)s", most=_SIGNALS_MOST))
    periods = periods_of_many(work, receiver.devices)
    for place, device_id in enumerate(receiver.devices):
        if all(one.organisation_id != organisation.id for one in periods[device_id]):
            faults.note(f"/devices/{place}", Sentence("is no machine of this organisation"))
    faults.close()
    target_of(address, allowed_networks(work))
    if count_going_on(work, organisation.id) >= MOST_FORWARDINGS:
        raise Conflict(Sentence("At most %(most)s receivers at once: end one first.", most=MOST_FORWARDINGS))
    row = Forwarding(
        organisation_id=organisation.id,
        name=name,
        address=address,
        sealed_secret=seal(work.settings.connections_key, {"secret": secret}) or b"",
        devices=[str(one) for one in receiver.devices],
        signals=list(receiver.signals),
        kinds=[one.value for one in receiver.kinds or _SENT_KINDS],
        state=ForwardingState.RUNNING.value,
        created_by=work.actor.person_id,
        created_at=work.now,
        ends_at=receiver.ends_at,
    )
    work.session.add(row)
    work.session.flush()
    record_act(work, "forwarding.begun", "forwarding", row.id, organisation_id=organisation.id)
    return row, secret


def pause_forwarding(work: Work, forwarding_id: UUID) -> Forwarding:
    """Send nothing for a while; what is new meanwhile waits, a week at most.

    Raises: NotFound, IllegalTransition once it has ended.
    """
    return _move(work, forwarding_id, ForwardingState.PAUSED, "forwarding.paused")


def resume_forwarding(work: Work, forwarding_id: UUID) -> Forwarding:
    """Send again, first of all what has waited.

    Raises: NotFound, IllegalTransition once it has ended.
    """
    row = _move(work, forwarding_id, ForwardingState.RUNNING, "forwarding.resumed")
    _try_now(work, row)
    return row


def end_forwarding(work: Work, forwarding_id: UUID) -> Forwarding:
    """End it for good; what waits is not sent, and the secret goes.

    Raises: NotFound, IllegalTransition once it has ended.
    """
    row = _move(work, forwarding_id, ForwardingState.ENDED, "forwarding.ended")
    _close(work, row)
    return row


def send_test(work: Work, forwarding_id: UUID) -> Forwarding:
    """Queue a call that carries nothing but a greeting, and let what waits before it be tried now.

    Raises: NotFound, IllegalTransition unless it runs.
    """
    row = forwarding_for(work, forwarding_id)
    if row.state != ForwardingState.RUNNING:
        raise IllegalTransition(row.state, ForwardedKind.TEST)
    queue_items(work, row, ForwardedKind.TEST, [{"id": f"test:{work.now.isoformat()}"}])
    _try_now(work, row)
    return row


def send_dead_again(work: Work, forwarding_id: UUID) -> Forwarding:
    """Let the parcels that were given up wait again.

    Raises: NotFound.
    """
    row = forwarding_for(work, forwarding_id)
    dead = (Parcel.forwarding_id == row.id, Parcel.state == ParcelState.DEAD.value, Parcel.body.is_not(None))
    again = {"state": ParcelState.WAITING.value, "attempts": 0, "next_try_at": work.now, "done_at": None}
    work.session.execute(update(Parcel).where(*dead).values(again))
    record_act(work, "forwarding.retried", "forwarding", row.id, organisation_id=row.organisation_id)
    return row


def secret_of(work: Work, row: Forwarding) -> str:
    """Return the shared secret in clear, for the one call."""
    return str(unseal(work.settings.connections_key, row.sealed_secret or None).get("secret", ""))


def begin_call(work: Work, parcel_id: UUID) -> Parcel:
    """Count a call before it is made, so that nothing more is added to what is on its way."""
    parcel = work.session.query(Parcel).filter(Parcel.id == parcel_id).with_for_update().one()
    parcel.attempts += 1
    work.session.flush()
    return parcel


def note_called(work: Work, parcel_id: UUID, called: Called) -> None:
    """Keep what became of a call: it arrived, comes again later, or is given up where the customer sees it."""
    parcel = work.session.query(Parcel).filter(Parcel.id == parcel_id).one()
    row = forwarding_for(work, parcel.forwarding_id)
    parcel.status, parcel.trouble, row.last_trouble = called.status, called.trouble, called.trouble
    if called.is_taken:
        parcel.state, parcel.body, parcel.done_at = ParcelState.SENT.value, None, work.now
        row.sent, row.last_sent_at = row.sent + parcel.item_count, work.now
    elif parcel.state != ParcelState.WAITING:
        return
    elif called.is_refused and parcel.attempts >= MOST_REFUSALS:
        parcel.state, parcel.done_at = ParcelState.DEAD.value, work.now
        row.unsent += parcel.item_count
    else:
        parcel.next_try_at = work.now + min(_FIRST_WAIT * 2 ** min(parcel.attempts, 20), _LONGEST_WAIT)


def end_due_forwardings(work: Work) -> None:
    """End those whose last day has come, as their organisation said when it began them."""
    due = select(Forwarding).where(Forwarding.state != ForwardingState.ENDED.value, Forwarding.ends_at <= work.now)
    for row in work.session.scalars(due).all():
        record_act(work, "forwarding.ended", "forwarding", row.id, organisation_id=row.organisation_id)
        row.state = ForwardingState.ENDED.value
        _close(work, row)


def trim_waiting(work: Work) -> None:
    """Give up what has waited for a week, and drop lines of the log that are a month old."""
    old = Parcel.created_at < work.now - WAITS_AT_MOST
    query = select(Parcel.forwarding_id).where(is_waiting(), old).distinct()
    for forwarding_id in work.session.scalars(query).all():
        _give_up(work, forwarding_for(work, forwarding_id), old)
    refused = (old, Parcel.state == ParcelState.DEAD.value, Parcel.body.is_not(None))
    work.session.execute(update(Parcel).where(*refused).values(body=None))
    work.session.execute(delete(Parcel).where(Parcel.done_at < work.now - LOG_KEPT))


def allowed_networks(work: Work) -> list[str]:
    """Return the networks inside that the operator lets customers forward to."""
    return networks_of(work.settings.forwarding_allow)


def _move(work: Work, forwarding_id: UUID, wanted: ForwardingState, act: str) -> Forwarding:
    row = forwarding_for(work, forwarding_id)
    if row.state == ForwardingState.ENDED:
        raise IllegalTransition(row.state, wanted)
    row.state = wanted.value
    record_act(work, act, "forwarding", row.id, organisation_id=row.organisation_id)
    return row


def _close(work: Work, row: Forwarding) -> None:
    row.ends_at, row.sealed_secret = work.now, b""
    _give_up(work, row, true())


def _give_up(work: Work, row: Forwarding, which: ColumnElement[bool]) -> None:
    """Let what waits of one forwarding wait no more, and count it."""
    which = and_(is_waiting(), Parcel.organisation_id == row.organisation_id, Parcel.forwarding_id == row.id, which)
    row.unsent += work.session.scalar(select(func.coalesce(func.sum(Parcel.item_count), 0)).where(which)) or 0
    gone = {"state": ParcelState.DEAD.value, "body": None, "done_at": work.now}
    work.session.execute(update(Parcel).where(which).values(gone))


def _try_now(work: Work, row: Forwarding) -> None:
    mine = (Parcel.organisation_id == row.organisation_id, Parcel.forwarding_id == row.id)
    work.session.execute(update(Parcel).where(is_waiting(), *mine).values(next_try_at=work.now))
