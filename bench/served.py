"""A portal of the benchmark's own: a fresh data folder, one machine with a limit, and the real server."""

import contextlib
import http.client
import os
import socket
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

from statusportal.access.actor import SYSTEM, Actor
from statusportal.access.vocabulary import ActorKind, MemberRole
from statusportal.accounts.service import add_member, create_organisation, create_person
from statusportal.app import make_works
from statusportal.catalogue.modelling import (
    LimitWords,
    ModelWords,
    SignalWords,
    create_model,
    declare_signal,
    set_limit,
)
from statusportal.catalogue.vocabulary import Side
from statusportal.config import Settings
from statusportal.credentials.issuing import issue_device_credential
from statusportal.fleet.service import create_device
from statusportal.foundation.vocabulary import Health
from statusportal.identity.issuing import issue_personal_token
from statusportal.migrations.upgrade import upgrade

ROOT = Path(__file__).resolve().parents[1]
_START_WITHIN_S = 60


@dataclass(frozen=True)
class Seeded:
    """What the benchmark needs to speak as the machine and as its owner."""

    device_id: str
    machine_token: str
    person_token: str


def seed(settings: Settings) -> Seeded:
    """Make one organisation, one person and one machine whose temperature has a limit of 90."""
    upgrade(settings)
    works = make_works(settings)
    with works.writing(SYSTEM) as work:
        organisation = create_organisation(work, "bench", "Bench")
        person = create_person(work, "bench@example.com", "Bench", None, None)
        add_member(work, organisation.id, person.id, MemberRole.CUSTOMER)
        model = create_model(work, "oven", ModelWords(name="Oven"))
        declare_signal(work, model.id, "temperature", SignalWords(unit="°C", label_en="Temperature"))
        limit = LimitWords(side=Side.HIGH, threshold=90.0, hysteresis=1.0, duration_s=0, health=Health.OFF_SPEC)
        set_limit(work, model.id, "temperature", "hot", limit)
        device = create_device(work, organisation.id, model.id, "B-1")
        _, machine_token = issue_device_credential(work, device.id)
    owner = Actor(kind=ActorKind.PERSON, person_id=person.id, memberships={organisation.id: MemberRole.CUSTOMER})
    with works.writing(owner) as work:
        _, person_token = issue_personal_token(work, "bench", [], None)
    works.engine.dispose()
    return Seeded(str(device.id), machine_token, person_token)


@contextlib.contextmanager
def serving(folder: Path, **settings: str):
    """Serve the folder on a free port until the block is left; gives the port."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    given = {f"STATUSPORTAL_{name.upper()}": value for name, value in settings.items()}
    command = [sys.executable, "-c", "from statusportal.cli import main; main()", "serve", "--port", str(port)]
    environment = {**os.environ, "STATUSPORTAL_INSTANCE_DIR": str(folder), **given}
    process = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=subprocess.DEVNULL)
    try:
        _await(port)
        yield port
    finally:
        process.terminate()
        process.wait(20)


def _await(port: int) -> None:
    ends_at = time.monotonic() + _START_WITHIN_S
    while time.monotonic() < ends_at:
        with contextlib.closing(http.client.HTTPConnection("127.0.0.1", port, timeout=5)) as connection:
            try:
                connection.request("GET", "/readyz")
                if connection.getresponse().status == http.HTTPStatus.OK:
                    return
            except OSError:
                time.sleep(0.1)
    raise TimeoutError("the server did not start")


def percentile(values: list[float], share: float) -> float:
    """Return the value below which that share of the values lies."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))]
