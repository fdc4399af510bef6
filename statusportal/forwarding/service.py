"""Choosing a receiver, pausing, going on, ending; and what became of a call."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import delete, update

from statusportal.access.permissions import Permission
from statusportal.access.policy import require
from statusportal.accounts.queries import organisation_for
from statusportal.audit.service import record_act
from statusportal.connections.secrets import seal, unseal
from statusportal.fleet.queries import periods_of_many
from statusportal.forwarding.addresses import target_of
from statusportal.forwarding.calling import Called
from statusportal.forwarding.models import Forwarding, Parcel
from statusportal.forwarding.queries import forwarding_for
from statusportal.forwarding.queueing import queue_items
from statusportal.forwarding.vocabulary import ForwardedKind, ForwardingState, ParcelState
from statusportal.foundation.errors import Faults, IllegalTransition, Sentence
from statusportal.work import Work

SHORTEST_SECRET = 16
MOST_ATTEMPTS = 20
LOG_KEPT = timedelta(days=30)
_FIRST_WAIT, _LONGEST_WAIT = timedelta(seconds=1), timedelta(hours=1)
_NAME_MOST, _SECRET_MOST, _ADDRESS_MOST, _SIGNALS_MOST = 200, 500, 500, 1_000
_SENT_KINDS = (ForwardedKind.SAMPLE, ForwardedKind.STATUS, ForwardedKind.ENTRY)


@dataclass(frozen=True, slots=True, kw_only=True)
class Receiver:
    """Who is to get what. Shape: no devices, signals or kinds named means all of them."""

    name: str
    address: str
    secret: str
    devices: Sequence[UUID] = ()
    signals: Sequence[str] = ()
    kinds: Sequence[ForwardedKind] = ()
    ends_at: datetime | None = None


def begin_forwarding(work: Work, organisation_id: UUID, receiver: Receiver) -> Forwarding:
    """Choose a receiver; from now on it gets what is new.

    Raises: NotFound, Forbidden, Invalid.
    """
    organisation = organisation_for(work, organisation_id)
    require(work.actor, Permission.FORWARDING_ADMINISTER, organisation.id)
    faults = Faults()
    name = faults.line("/name", receiver.name, most=_NAME_MOST)
    address = faults.line("/address", receiver.address, most=_ADDRESS_MOST)
    secret = faults.line("/secret", receiver.secret, most=_SECRET_MOST, least=SHORTEST_SECRET)
    if len(receiver.signals) > _SIGNALS_MOST:
        faults.note("/signals", Sentence("at most %(most)s", most=_SIGNALS_MOST))
    periods = periods_of_many(work, receiver.devices)
    for place, device_id in enumerate(receiver.devices):
        if all(one.organisation_id != organisation.id for one in periods[device_id]):
            faults.note(f"/devices/{place}", Sentence("is no machine of this organisation"))
    faults.close()
    target_of(address, allowed_networks(work))
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
    return row


def pause_forwarding(work: Work, forwarding_id: UUID) -> Forwarding:
    """Send nothing for a while; what is new meanwhile is not sent afterwards.

    Raises: NotFound, IllegalTransition once it has ended.
    """
    return _move(work, forwarding_id, ForwardingState.PAUSED, "forwarding.paused")


def resume_forwarding(work: Work, forwarding_id: UUID) -> Forwarding:
    """Send again.

    Raises: NotFound, IllegalTransition once it has ended.
    """
    return _move(work, forwarding_id, ForwardingState.RUNNING, "forwarding.resumed")


def end_forwarding(work: Work, forwarding_id: UUID) -> Forwarding:
    """End it for good; what waits is not sent, and the secret goes.

    Raises: NotFound, IllegalTransition once it has ended.
    """
    row = _move(work, forwarding_id, ForwardingState.ENDED, "forwarding.ended")
    row.ends_at, row.sealed_secret = work.now, b""
    gone = {"state": ParcelState.DEAD.value, "body": None, "done_at": work.now}
    waiting = (Parcel.forwarding_id == row.id, Parcel.state == ParcelState.WAITING.value)
    work.session.execute(update(Parcel).where(*waiting).values(gone))
    return row


def send_test(work: Work, forwarding_id: UUID) -> Forwarding:
    """Queue a call that carries nothing but a greeting.

    Raises: NotFound, IllegalTransition unless it runs.
    """
    row = forwarding_for(work, forwarding_id)
    if row.state != ForwardingState.RUNNING:
        raise IllegalTransition(row.state, ForwardedKind.TEST)
    queue_items(work, row, ForwardedKind.TEST, [{"id": f"test:{work.now.isoformat()}"}])
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


def note_called(work: Work, parcel_id: UUID, called: Called) -> None:
    """Keep what became of a call: it arrived, comes again later, or is given up where the customer sees it."""
    parcel = work.session.query(Parcel).filter(Parcel.id == parcel_id).one()
    row = forwarding_for(work, parcel.forwarding_id)
    parcel.attempts += 1
    parcel.status, parcel.trouble, row.last_trouble = called.status, called.trouble, called.trouble
    if called.is_taken:
        parcel.state, parcel.body, parcel.done_at = ParcelState.SENT.value, None, work.now
        row.sent, row.last_sent_at = row.sent + parcel.item_count, work.now
    elif parcel.attempts >= MOST_ATTEMPTS:
        parcel.state, parcel.done_at = ParcelState.DEAD.value, work.now
        row.unsent += parcel.item_count
    else:
        parcel.next_try_at = work.now + min(_FIRST_WAIT * 2 ** min(parcel.attempts, 20), _LONGEST_WAIT)


def trim_log(work: Work) -> None:
    """Drop lines of the log that are older than a month."""
    work.session.execute(delete(Parcel).where(Parcel.done_at < work.now - LOG_KEPT))


def allowed_networks(work: Work) -> list[str]:
    """Return the networks inside that the operator lets customers forward to."""
    return [one for one in work.settings.forwarding_allow.split(",") if one.strip()]


def _move(work: Work, forwarding_id: UUID, wanted: ForwardingState, act: str) -> Forwarding:
    row = forwarding_for(work, forwarding_id)
    if row.state == ForwardingState.ENDED:
        raise IllegalTransition(row.state, wanted)
    row.state = wanted.value
    record_act(work, act, "forwarding", row.id, organisation_id=row.organisation_id)
    return row
