"""A fleet in a database: how soon an offline is found, and what derivation costs where states are kept.

100,000 devices in SQLite. Some of them fall due one after another, as they do all day; then a great many at one
instant, as in a power cut. Shown is when the transaction has committed after which the status is offline; told is when
that one has which holds its entry and all else that follows, by the round of the job that serves. After that 5,000
devices with 5 rules each send, and what follows reads and keeps their states.
"""

import gc
import random
import tempfile
import time
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import insert, select, update

from bench.rules_speed import FIVE_RULES, HEAT
from bench.served import percentile
from statusportal.access.actor import SYSTEM
from statusportal.accounts.service import create_organisation
from statusportal.app import make_works
from statusportal.authoring.editing import set_rules
from statusportal.catalogue.modelling import ModelWords, SignalWords, create_model, declare_signal
from statusportal.config import load_settings
from statusportal.fleet.models import Device, Ownership
from statusportal.foundation.clock import to_ms
from statusportal.foundation.ids import new_id
from statusportal.foundation.vocabulary import Connectivity, Health
from statusportal.ingest.follow import follow_once
from statusportal.jobs.keeping_time import status_round
from statusportal.migrations.upgrade import upgrade
from statusportal.passage.service import follow_samples
from statusportal.reasons.sentences import reason
from statusportal.status.events import StatusChanged
from statusportal.status.models import DeviceStatus
from statusportal.telemetry.store.port import Arrival, Heard
from statusportal.work import Work, Works

DEVICES = 100_000
STEADY, OVER_S = 1_000, 20.0
AT_ONCE = 2_000
SENDING = 5_000
BATCHES = (1, 10, 60)
PIECE = 500
OFFLINE_S = 300


class Fleet:
    """A portal with many devices, and when it told that each fell offline."""

    def __init__(self, works: Works) -> None:
        self.works = works
        self._told: list[datetime] = []
        self._delays: list[float] = []
        told = [*works.wiring.projections, (StatusChanged, self._note)]
        works.wiring = replace(works.wiring, projections=told)
        works.on_outbox(self._note_committed)
        with works.writing(SYSTEM) as work:
            self.organisation_id = create_organisation(work, "bench", "Bench").id
            self.plain_id = create_model(work, "plain", ModelWords(name="Plain")).id
            ruled = create_model(work, "ruled", ModelWords(name="Ruled"))
            declare_signal(work, ruled.id, HEAT.name, SignalWords(unit=HEAT.unit, label_en=HEAT.label_en))
            self.ruled_id = set_rules(work, ruled.id, FIVE_RULES.rules).id

    def add(self, count: int, model_id: UUID) -> list[UUID]:
        """Make devices that were heard just now."""
        ids = [new_id() for _ in range(count)]
        with self.works.writing(SYSTEM) as work:
            now = work.now
            owned = {device_id: new_id() for device_id in ids}
            devices = [
                {"id": one, "model_id": model_id, "serial": one.hex, "name": "", "label": one.hex, "created_at": now}
                for one in ids
            ]
            work.session.execute(insert(Device), devices)
            ownerships = [
                {"id": owned[one], "device_id": one, "organisation_id": self.organisation_id, "from_at": now}
                for one in ids
            ]
            work.session.execute(insert(Ownership), ownerships)
            work.session.execute(insert(DeviceStatus), [_stale(one, owned[one], now) for one in ids])
        return ids

    def _note(self, _work: Work, event: StatusChanged) -> None:
        self._told.append(event.at)

    def _note_committed(self) -> None:
        now = self.works.clock.now()
        self._delays += [(now - at).total_seconds() for at in self._told]
        self._told.clear()

    def let_fall_due(self, work: Work, device_ids: Sequence[UUID], after_s: Sequence[float]) -> None:
        """Set when devices were last heard, so that they are offline so many seconds from now."""
        for device_id, seconds in zip(device_ids, after_s, strict=True):
            due_at = work.now + timedelta(seconds=seconds)
            heard_at = due_at - timedelta(seconds=OFFLINE_S)
            change = update(DeviceStatus).where(DeviceStatus.device_id == device_id)
            work.session.execute(change.values(heard_at=heard_at, arrived_at=heard_at, due_at=due_at))

    def delays(self, device_ids: Sequence[UUID]) -> tuple[list[float], list[float]]:
        """Run the job's rounds until all were told; return how long after falling due each was shown, and told."""
        self._delays.clear()
        shown: dict[UUID, float] = {}

        def follow(works: Works) -> int:
            if len(shown) < len(device_ids):
                shown.update(self._newly_shown(set(device_ids) - shown.keys()))
            return follow_once(works)

        while len(self._delays) < len(device_ids):
            time.sleep(status_round(self.works, follow))
        return list(shown.values()), list(self._delays)

    def _newly_shown(self, device_ids: set[UUID]) -> dict[UUID, float]:
        now = self.works.clock.now()
        query = select(DeviceStatus.device_id, DeviceStatus.connectivity_since).where(
            DeviceStatus.device_id.in_(device_ids), DeviceStatus.connectivity == Connectivity.OFFLINE
        )
        with self.works.reading(SYSTEM) as work:
            return {device_id: (now - since).total_seconds() for device_id, since in work.session.execute(query)}


def main() -> None:
    """Print delays in milliseconds, and samples a second."""
    with tempfile.TemporaryDirectory() as name:
        settings = load_settings({"STATUSPORTAL_INSTANCE_DIR": name})
        upgrade(settings)
        fleet = Fleet(make_works(settings))
        began = time.perf_counter()
        ids = [one for _ in range(DEVICES // 10_000) for one in fleet.add(10_000, fleet.plain_id)]
        print(f"{DEVICES:,} devices in SQLite, made in {time.perf_counter() - began:.0f} s")
        chance = random.Random(1)  # noqa: S311 - made-up times, the same in every run
        with fleet.works.writing(SYSTEM) as work:
            fleet.let_fall_due(work, ids[:STEADY], [2 + chance.uniform(0, OVER_S) for _ in range(STEADY)])
        _print_delays(f"{STEADY:,} offline over {OVER_S:.0f} s", fleet.delays(ids[:STEADY]))
        together = ids[STEADY : STEADY + AT_ONCE]
        with fleet.works.writing(SYSTEM) as work:
            fleet.let_fall_due(work, together, [3.0] * AT_ONCE)
        _print_delays(f"{AT_ONCE:,} offline at one instant", fleet.delays(together))
        gc.collect()
        gc.freeze()  # as `serve` does once all is made
        senders = fleet.add(SENDING, fleet.ruled_id)
        for size in BATCHES:
            rate = _follow_rate(fleet.works, senders[: max(PIECE, SENDING // size)], size)
            print(f"  kept derivation, batches of {size:<4} {rate:>9,.0f} samples/s, 5 rules each, database and all")


def _print_delays(what: str, found: tuple[list[float], list[float]]) -> None:
    for how, delays in zip(("shown", "told"), found, strict=True):
        p50, p99 = (percentile(delays, share) * 1000 for share in (0.5, 0.99))
        print(
            f"  {what:<32} {how:<5} after p50 {p50:6.0f} ms, p99 {p99:6.0f} ms, at worst {max(delays) * 1000:6.0f} ms"
        )


def _follow_rate(works: Works, device_ids: Sequence[UUID], size: int) -> float:
    chance = random.Random(2)  # noqa: S311 - made-up samples, the same in every run
    spent = 0.0
    for is_measured in (False, True):  # the first time they come back from silence, which opens and closes much
        now_ms = to_ms(works.clock.now())
        for start in range(0, len(device_ids), PIECE):
            arrivals = [
                Arrival(device_id, now_ms, [_heard(now_ms - size + index, chance) for index in range(size)])
                for device_id in device_ids[start : start + PIECE]
            ]
            began = time.perf_counter()
            with works.writing(SYSTEM) as work:
                follow_samples(work, arrivals)
            spent += is_measured * (time.perf_counter() - began)
    return size * len(device_ids) / spent


def _heard(at_ms: int, chance: random.Random) -> Heard:
    return Heard("heat", at_ms, chance.gauss(50, 5), 0, is_retained=False)


def _stale(device_id: UUID, ownership_id: UUID, now: datetime) -> dict[str, object]:
    return {
        "device_id": device_id,
        "ownership_id": ownership_id,
        "health": Health.NORMAL,
        "last_health": Health.NORMAL,
        "connectivity": Connectivity.STALE,
        "health_since": now,
        "connectivity_since": now,
        "reason": reason("normal"),
        "last_sample_at_ms": to_ms(now),
        "heard_at": now,
        "arrived_at": now,
        "due_at": now + timedelta(hours=1),
    }


if __name__ == "__main__":
    main()
