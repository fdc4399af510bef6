"""kill -9 while many post at once: what was acknowledged is there, once, and its status is derived."""

import http.client
import json
import random
import threading
import time
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import text

from statusportal.access.actor import SYSTEM
from statusportal.db.engine import open_engine
from statusportal.foundation.clock import SystemClock, to_ms
from statusportal.status.queries import status_of
from statusportal.wiring import wiring
from statusportal.work import Works
from tests.factories.accounts import make_organisation
from tests.factories.fleet import device_token, make_device
from tests.servers.serving import ServeProcess

KILLS = (5, pytest.param(50, marks=[pytest.mark.slow, pytest.mark.timeout(1800)]))
SENDERS = 6
BATCH = 20


class Sender(threading.Thread):
    """Post one batch after the other until told to stop; send a batch again until it is acknowledged."""

    def __init__(self, portal, token, name, start_ms, stopping):
        super().__init__(daemon=True)
        self._portal, self._token, self._signal = portal, token, name
        self._start_ms, self._stopping = start_ms, stopping
        self.acknowledged = 0
        self.conflicts = 0
        self.statuses = set()

    def run(self):
        connection = self._portal.connection()
        while not self._stopping.is_set():
            try:
                first = self.acknowledged
                body = json.dumps([self.sample(index) for index in range(first, first + BATCH)])
                headers = {"Content-Type": "application/json", "Authorization": f"Bearer {self._token}"}
                connection.request("POST", "/api/v1/telemetry", body, headers)
                answer = connection.getresponse()
                content = answer.read()
            except (OSError, http.client.HTTPException):
                connection.close()
                time.sleep(0.02)
                continue
            self.statuses.add(answer.status)
            if answer.status == 200:
                self.acknowledged += BATCH
                self.conflicts += json.loads(content)["conflicts"]
        connection.close()

    def sample(self, index):
        return {"ts": self._start_ms + index, "values": {self._signal: index * 3}}


@pytest.fixture
def portal(settings):
    engine = open_engine(settings.database_url)
    yield Works(engine, SystemClock(), wiring(), settings)
    engine.dispose()


@pytest.mark.timeout(240)
@pytest.mark.parametrize("kills", KILLS)
def test_killed_portal_loses_nothing_it_acknowledged_and_stores_nothing_twice(settings, portal, kills):
    organisation = make_organisation(portal)
    device = make_device(portal, organisation, from_at=portal.clock.now() - timedelta(days=1))
    token = device_token(portal, device)
    start_ms = to_ms(portal.clock.now()) - 60_000
    served = serve(settings)

    senders = post_through_kills(served, token, start_ms, kills)
    await_follower(portal)
    served.stop()

    with portal.reading(SYSTEM) as work:
        rows = work.session.execute(
            text(
                "SELECT signal.name, sample.at_ms, sample.real FROM sample"
                " JOIN signal ON signal.device_id = sample.device_id AND signal.number = sample.signal_number"
            )
        ).all()
        status = status_of(work, device.id)
        waiting = work.session.scalar(text("SELECT count(*) FROM sample_conflict"))
    stored = {(name, at_ms): value for name, at_ms, value in rows}
    lost = [
        (sender.name, index)
        for number, sender in enumerate(senders)
        for index in range(sender.acknowledged)
        if stored.get((f"s{number}", start_ms + index)) != index * 3
    ]
    assert lost == []
    assert len(rows) == len(stored)
    assert waiting == sum(sender.conflicts for sender in senders) == 0
    assert min(sender.acknowledged for sender in senders) > 0
    assert set().union(*(sender.statuses for sender in senders)) <= {200, 503}
    assert status.last_sample_at_ms == max(at_ms for _, at_ms in stored)


def serve(settings):
    """Serve a test's own database, on which devices may send as fast as they like."""
    kept = {"database_url": settings.database_url, "database_owner_url": settings.database_owner_url}
    folder = Path(settings.instance_dir)
    return ServeProcess(
        folder, folder / "serve.log", {name: url for name, url in kept.items() if url} | {"samples_per_second": 0}
    )


def post_through_kills(served, token, start_ms, kills):
    """Let all senders post while the server is killed and started again; return them when they are done."""
    # Any lengths will do: the moment of a kill has to be nobody's choice.
    moments = random.Random()  # noqa: S311 - no secret
    stopping = threading.Event()
    served.start()
    senders = [Sender(served, token, f"s{number}", start_ms, stopping) for number in range(SENDERS)]
    for sender in senders:
        sender.start()
    for _ in range(kills):
        time.sleep(moments.uniform(0.2, 1.2))
        served.kill()
        served.start()
    time.sleep(0.3)
    stopping.set()
    for sender in senders:
        sender.join(15)
    return senders


def await_follower(portal):
    ends_at = time.monotonic() + 20
    while time.monotonic() < ends_at:
        with portal.reading(SYSTEM) as work:
            followed = "SELECT count(*) FROM journal_entry j LEFT JOIN journal_cursor c ON c.writer = j.writer"
            if work.session.scalar(text(f"{followed} WHERE j.sequence > coalesce(c.sequence, -1)")) == 0:
                return
        time.sleep(0.1)
