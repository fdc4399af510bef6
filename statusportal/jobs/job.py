"""What a job is: rounds of work with a pause between them, cut short when somebody wakes it."""

import threading
from collections.abc import Callable

import structlog
from sqlalchemy.exc import SQLAlchemyError

from statusportal.foundation.errors import PortalError

log = structlog.get_logger()

_AFTER_TROUBLE_S = 1.0


class Job:
    """Run rounds in a thread of its own until it is stopped.

    A round returns how many seconds the next may wait. Trouble with the database is logged and tried again; any other
    error ends the thread, loudly, and whoever started the job starts it again.
    """

    def __init__(self, name: str, one_round: Callable[[], float]) -> None:
        self.name = name
        self._round = one_round
        self._woken = threading.Event()
        self._stopping = threading.Event()
        self._thread: threading.Thread | None = None

    @property
    def is_running(self) -> bool:
        """Tell whether its thread lives."""
        return self._thread is not None and self._thread.is_alive()

    def start(self) -> None:
        """Begin its rounds, in a fresh thread."""
        self._stopping.clear()
        self._thread = threading.Thread(target=self._run, name=f"job {self.name}", daemon=True)
        self._thread.start()

    def wake(self) -> None:
        """Let the next round begin now."""
        self._woken.set()

    def stop(self, within_s: float) -> None:
        """Let the present round end, and begin no other."""
        self._stopping.set()
        self._woken.set()
        if self._thread is not None:
            self._thread.join(within_s)

    def _run(self) -> None:
        while not self._stopping.is_set():
            self._woken.clear()
            try:
                pause_s = self._round()
            except (SQLAlchemyError, PortalError, OSError) as err:
                log.warning("job in trouble", job=self.name, error=str(err)[:500])
                pause_s = _AFTER_TROUBLE_S
            if pause_s > 0 and not self._stopping.is_set():
                self._woken.wait(pause_s)
