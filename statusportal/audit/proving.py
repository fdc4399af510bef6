"""Proving: the log as it stands, held against its chain and its heads."""

from collections.abc import Iterator
from pathlib import Path

from sqlalchemy import exists, func, select

from statusportal.audit.chain import GENESIS, Act, Head, Keyring, Link, breaches
from statusportal.audit.models import AuditCheck, AuditHead, AuditLink, AuditRecord, AuditWaiting
from statusportal.audit.sealing import read_head
from statusportal.audit.vocabulary import Breach, Fault
from statusportal.work import Work

HEAD = "log"
_AT_ONCE = 1_000


def breaches_of_log(work: Work) -> Iterator[Breach]:
    """Walk the whole log and name what was changed, taken out, put in, reordered or cut.

    Acts that wait to be linked are no breach: a command writes some where no job runs.
    """
    heads = {"the database": head_of(work), "the data folder": read_head(Path(work.settings.instance_dir))}
    yield from breaches(_links(work), Keyring.of(work.settings.audit_key), heads)
    is_linked = exists().where(AuditLink.record_id == AuditRecord.id)
    is_waiting = exists().where(AuditWaiting.record_id == AuditRecord.id)
    for record_id in work.session.scalars(select(AuditRecord.id).where(~is_linked, ~is_waiting)):
        yield Breach(Fault.NEVER_LINKED, record_id=record_id)
    has_act = exists().where(AuditRecord.id == AuditWaiting.record_id)
    for record_id in work.session.scalars(select(AuditWaiting.record_id).where(~has_act)):
        yield Breach(Fault.WAITS_AND_IS_GONE, record_id=record_id)


def head_of(work: Work) -> Head | None:
    """Return how far the chain reaches as the database has it; None before the first link."""
    row = work.session.get(AuditHead, HEAD)
    return None if row is None else Head(row.position, row.digest, row.key_id, row.linked_at, row.seal)


def digest_at(work: Work, position: int) -> str | None:
    """Return the digest of one link; that of the beginning at 0, None behind the end."""
    if position == 0:
        return GENESIS
    return work.session.scalar(select(AuditLink.digest).where(AuditLink.position == position))


def count_waiting(work: Work) -> int:
    """Count acts that were committed and not linked yet."""
    return work.session.scalar(select(func.count()).select_from(AuditWaiting)) or 0


def last_check(work: Work) -> AuditCheck | None:
    """Return the newest walk along the whole chain; None before the first."""
    return work.session.scalar(select(AuditCheck).order_by(AuditCheck.at.desc()).limit(1))


def act_of(record: AuditRecord) -> Act:
    """Take out of a row what is linked of it."""
    return Act(*(getattr(record, name) for name in Act._fields))


def _links(work: Work) -> Iterator[Link]:
    query = (
        select(AuditLink, AuditRecord)
        .outerjoin(AuditRecord, AuditRecord.id == AuditLink.record_id)
        .order_by(AuditLink.position)
        .execution_options(yield_per=_AT_ONCE)
    )
    for link, record in work.session.execute(query):
        yield Link(link.position, link.record_id, link.key_id, link.digest, _act_found(record))


def _act_found(record: AuditRecord | None) -> Act | None:
    return None if record is None else act_of(record)
