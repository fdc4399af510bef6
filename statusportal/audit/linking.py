"""Linking: what was committed is chained, in the order in which the job meets it."""

from sqlalchemy import delete, exists, select

from statusportal.audit.chain import GENESIS, Head, Keyring
from statusportal.audit.models import AuditCheck, AuditHead, AuditLink, AuditRecord, AuditWaiting
from statusportal.audit.proving import HEAD, act_of
from statusportal.work import Work

MOST_AT_ONCE = 500

_WAITS = AuditRecord.id.in_(select(AuditWaiting.record_id))
_IS_LINKED = exists().where(AuditLink.record_id == AuditRecord.id)


def link_waiting(work: Work) -> int:
    """Chain acts that wait, by time and then by id, behind everything that is chained already, and seal the new head.

    An act that was committed late, with an earlier time than the last link, is linked now: the chain keeps the order of
    linking, and nothing is skipped. Two jobs at once would both write the next position, and the second fails.
    Shape: how many were linked, at most MOST_AT_ONCE.
    """
    keyring = Keyring.of(work.settings.audit_key)
    last = work.session.execute(
        select(AuditLink.position, AuditLink.digest).order_by(AuditLink.position.desc()).limit(1)
    ).one_or_none()
    position, digest = (last.position, last.digest) if last else (0, GENESIS)
    waiting = select(AuditRecord).where(_WAITS, ~_IS_LINKED).order_by(AuditRecord.at, AuditRecord.id)
    records = work.session.scalars(waiting.limit(MOST_AT_ONCE)).all()
    for record in records:
        position += 1
        digest = keyring.link(keyring.signing_id, digest, act_of(record))
        link = AuditLink(position=position, record_id=record.id, key_id=keyring.signing_id, digest=digest)
        work.session.add(link)
    work.session.flush()
    if records:
        done = [record.id for record in records]
        work.session.execute(delete(AuditWaiting).where(AuditWaiting.record_id.in_(done)))
        _keep_head(work, keyring.seal(position, digest, work.now))
    return len(records)


def record_check(work: Work, position: int, found: int) -> None:
    """Note that the whole chain was walked up to a link, and how much was wrong."""
    work.session.add(AuditCheck(at=work.now, position=position, breaches=found))


def _keep_head(work: Work, head: Head) -> None:
    row = work.session.get(AuditHead, HEAD) or AuditHead(name=HEAD)
    row.position, row.digest, row.key_id = head.position, head.digest, head.key_id
    row.linked_at, row.seal = head.linked_at, head.seal
    work.session.add(row)
