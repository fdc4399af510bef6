"""The sweeping job: the journal behind its followers, old answers to retries, shelves that are over, and gauges."""

from datetime import timedelta

from sqlalchemy import delete, func, select

from statusportal.access.actor import SYSTEM
from statusportal.accounts.models import SafeRetry
from statusportal.conditions.shelving import bring_back_due
from statusportal.custody.transferring import settle_transfers
from statusportal.db.outbox import OutboxMessage
from statusportal.discussion.restoring import forget_taken_back
from statusportal.http.retries import KEPT_FOR
from statusportal.jobs.metrics import JOURNAL_WAITING, OUTBOX_WAITING
from statusportal.passwords.models import PasswordReset
from statusportal.seen_as.service import end_run_out
from statusportal.status.vocabulary import FOLLOWER
from statusportal.telemetry.store.opening import sample_reader
from statusportal.upkeep.settling import settle_finished
from statusportal.work import Works

PAUSE_S = 5.0
# What strangers typed as their address is not ours to keep.
_RESETS_KEPT_FOR = timedelta(hours=1)


def sweep_round(works: Works) -> float:
    """Delete what has served, and return how long to wait."""
    with works.writing(SYSTEM) as work:
        sample_reader().trim_journal(work)
        end_run_out(work)
        settle_transfers(work)
        bring_back_due(work)
        settle_finished(work)
        forget_taken_back(work)
        work.session.execute(delete(PasswordReset).where(PasswordReset.expires_at < work.now - _RESETS_KEPT_FOR))
        work.session.execute(delete(SafeRetry).where(SafeRetry.created_at < work.now - KEPT_FOR))
    with works.reading(SYSTEM) as work:
        JOURNAL_WAITING.set(sample_reader().count_waiting(work, FOLLOWER))
        OUTBOX_WAITING.set(work.session.scalar(select(func.count()).select_from(OutboxMessage)) or 0)
    return PAUSE_S
