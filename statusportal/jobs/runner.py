"""Starting and stopping the portal's own jobs: following, time, delivery, sweeping, the audit log's chain."""

import threading
import time
from collections.abc import Callable
from functools import partial

import structlog

from statusportal.jobs.chaining import check_round, link_round
from statusportal.jobs.clearing import clear_round
from statusportal.jobs.delivery import delivery_round
from statusportal.jobs.erasing import erase_round
from statusportal.jobs.forwarding import forwarding_round
from statusportal.jobs.job import Job
from statusportal.jobs.keeping_time import Follow
from statusportal.jobs.lease import Lease
from statusportal.jobs.mailing import mail_round
from statusportal.jobs.retaining import retention_round
from statusportal.jobs.steadiness import steady_rounds
from statusportal.jobs.sweeping import sweep_round
from statusportal.jobs.taking_out import takeout_round
from statusportal.jobs.trying_again import correction_round, fresh_start
from statusportal.telemetry.store.opening import sample_store
from statusportal.work import Works

log = structlog.get_logger()

STOP_WITHIN_S = 2.0
_LOOK_S = 1.0


def start_jobs(works: Works, follow: Follow) -> Callable[[], None]:
    """Run the jobs whenever this process holds the lease, and return what stops them within two seconds.

    Shape: `follow` derives one piece of the journal and returns how much it held; it is the edge `ingest` that gives
    it, since edges never import each other.
    """
    jobs = _Jobs(works, follow)
    jobs.start()
    return jobs.stop


class _Jobs:
    """Watch over the lease and the threads: jobs run while it is held, and one that died is started again."""

    def __init__(self, works: Works, follow: Follow) -> None:
        self._status = Job("status", steady_rounds(works, follow))
        self._deliveries = [
            Job(f"delivery {name}", partial(delivery_round, works, name)) for name in works.wiring.listeners
        ]
        others = {
            "sweeping": sweep_round,
            "linking": link_round,
            "checking the log": check_round,
            "takeouts": takeout_round,
            "erasing": erase_round,
            "forwarding": forwarding_round,
            "retention": retention_round,
            "clearing files": clear_round,
            "correcting": correction_round,
            "mailing": mail_round,
        }
        self._all = [
            self._status,
            *self._deliveries,
            Job("trying again", fresh_start(works)),
            *(Job(name, partial(one_round, works)) for name, one_round in others.items()),
        ]
        self._lease = Lease(works)
        self._stopping = threading.Event()
        self._watch = threading.Thread(target=self._keep_running, name="jobs", daemon=True)
        sample_store(works).on_append(self._status.wake)
        works.on_outbox(self._wake_deliveries)

    def start(self) -> None:
        self._watch.start()

    def stop(self) -> None:
        self._stopping.set()
        ends_at = time.monotonic() + STOP_WITHIN_S
        self._watch.join(STOP_WITHIN_S)
        self._stop_all(ends_at)
        self._lease.release()

    def _wake_deliveries(self) -> None:
        for job in self._deliveries:
            job.wake()

    def _keep_running(self) -> None:
        while not self._stopping.is_set():
            if self._lease.hold():
                self._start_missing()
            else:
                self._stop_all(time.monotonic() + STOP_WITHIN_S)
            self._stopping.wait(_LOOK_S)

    def _start_missing(self) -> None:
        for job in self._all:
            if not job.is_running:
                log.info("job starts", job=job.name)
                job.start()

    def _stop_all(self, ends_at: float) -> None:
        for job in self._all:
            job.stop(max(0.0, ends_at - time.monotonic()))
