"""Reading activations: for an entry that the reader has found, and for the portal's own projections."""

from collections.abc import Iterable, Sequence
from uuid import UUID

from sqlalchemy import or_, select

from statusportal.activations.models import Activation
from statusportal.activations.vocabulary import OFFLINE
from statusportal.entries.models import StatusEntry
from statusportal.work import Work

MOST_SHOWN = 200


def activations_of(work: Work, entry: StatusEntry, most: int = MOST_SHOWN) -> Sequence[Activation]:
    """Return the last times of all that an entry stands for, the oldest first. The caller has found the entry."""
    query = (
        select(Activation)
        .where(Activation.device_id == entry.device_id, Activation.entry_id == entry.id)
        .order_by(Activation.from_ms.desc(), Activation.code.desc())
        .limit(most)
    )
    return list(reversed(work.session.scalars(query).all()))


def running(work: Work, device_id: UUID, code: str) -> Activation | None:
    """Return the activation of a condition that has not ended."""
    query = select(Activation).where(
        Activation.device_id == device_id, Activation.code == code, Activation.to_ms.is_(None)
    )
    return work.session.scalars(query.order_by(Activation.from_ms.desc()).limit(1)).one_or_none()


def newest(work: Work, device_id: UUID, code: str) -> Activation | None:
    """Return the last activation of a condition, whether it runs or not."""
    query = select(Activation).where(Activation.device_id == device_id, Activation.code == code)
    return work.session.scalars(query.order_by(Activation.from_ms.desc()).limit(1)).one_or_none()


def activations_since(work: Work, device_id: UUID, ownership_id: UUID, since_ms: int) -> Sequence[Activation]:
    """Return what samples said was active at or after a time, the oldest first."""
    query = (
        select(Activation)
        .where(
            Activation.device_id == device_id,
            Activation.ownership_id == ownership_id,
            Activation.code != OFFLINE,
            Activation.code.not_like("entry:%"),
            or_(Activation.to_ms.is_(None), Activation.to_ms > since_ms),
        )
        .order_by(Activation.from_ms, Activation.code)
    )
    return work.session.scalars(query).all()


def codes_of_entry(work: Work, device_id: UUID, entry_id: UUID) -> set[str]:
    """Return the codes of all that an entry stands for."""
    query = select(Activation.code).where(Activation.device_id == device_id, Activation.entry_id == entry_id)
    return set(work.session.scalars(query.distinct()))


def is_any_running(work: Work, entry: StatusEntry, codes: Iterable[str]) -> bool:
    """Tell whether one of these is active under the entry's owner, whether people are told of it or put it aside.

    How the machine fares under the next owner is nothing to a former one's entry.
    """
    query = select(Activation.code).where(
        Activation.device_id == entry.device_id,
        Activation.ownership_id == entry.ownership_id,
        Activation.code.in_(set(codes)),
        Activation.to_ms.is_(None),
    )
    return work.session.scalars(query.limit(1)).first() is not None


def entries_telling(work: Work, device_id: UUID, codes: Iterable[str]) -> dict[UUID, frozenset[str]]:
    """Return which of these codes each entry stands for; the caller shows those alone that the reader may see."""
    told = select(Activation.entry_id, Activation.code).where(
        Activation.device_id == device_id, Activation.code.in_(set(codes)), Activation.entry_id.is_not(None)
    )
    found: dict[UUID, frozenset[str]] = {}
    for entry_id, code in work.session.execute(told.distinct()):
        if entry_id is not None:
            found[entry_id] = found.get(entry_id, frozenset()) | {code}
    return found
