"""The machines that go on living: ordinary connections, run like any other when the portal serves."""

from datetime import datetime
from typing import Any, Final

from devices.adapters.simulated.machine import SILENT
from statusportal.access.actor import SYSTEM
from statusportal.cli.demo_fleet.content import MachinesFile, MachineTable, PeopleFile
from statusportal.cli.demo_fleet.lives import troubles_of
from statusportal.cli.demo_fleet.times import span
from statusportal.cli.demo_fleet.world import World
from statusportal.connections.service import create_connection, disable_connection
from statusportal.connections.vocabulary import ConnectionDraft
from statusportal.foundation.clock import to_ms
from statusportal.work import Works

INTERVAL_S: Final = 5

# What Engdal prepared for its packing line, and what waits for a firewall.
_HERNING: Final = ConnectionDraft(
    name="Engdal Mejeri, packing line",
    adapter="mqtt",
    options={
        "host": "broker.engdal.example",
        "port": 8883,
        "tls": True,
        "topics": ["herning/+/telemetry"],
        "format": "native-json",
    },
    mapping={"device": "topic[1]"},
)


def connect_machines(works: Works, world: World, people: PeopleFile, machines: MachinesFile, begun: datetime) -> None:
    """Connect each owner's simulated machines, enabled, and one broker that is not.

    Shape: a machine that is silent or was never heard stands in no connection.
    """
    now = works.clock.now()
    names = {one.slug: one.name for one in people.organisations}
    owned: dict[str, list[dict[str, Any]]] = {}
    for machine in machines.machines:
        owner = machine.sold.to if machine.sold else machine.owner
        if not machine.is_unheard and not _is_silent(machine, now):
            owned.setdefault(owner, []).append(_options(machine, machines.kinds[machine.model], begun, now))
    with works.writing(SYSTEM) as work:
        for owner, options in owned.items():
            draft = ConnectionDraft(
                name=f"{names[owner]}, simulated",
                adapter="simulated",
                options={"machines": options, "interval_s": INTERVAL_S},
            )
            create_connection(work, world.organisations[owner], draft)
        herning = create_connection(work, world.organisations["engdal-mejeri"], _HERNING)
        disable_connection(work, herning.id)


def _is_silent(machine: MachineTable, now: datetime) -> bool:
    return any(one.mode == SILENT and one.to_ms is None for one in troubles_of(machine, now))


def _options(machine: MachineTable, kind: str, begun: datetime, now: datetime) -> dict[str, Any]:
    """Write one machine's options, so that it goes on where its past ended."""
    options: dict[str, Any] = {
        "kind": kind,
        "serial": machine.serial,
        "seed": machine.seed,
        "begun_ms": to_ms(begun),
    }
    for one in troubles_of(machine, now):
        if one.to_ms is None:
            options |= {"failure_mode": one.mode, "failing_since_ms": one.from_ms}
    if machine.drift is not None:
        options |= {
            "failure_mode": machine.drift.mode,
            "fails_after_s": span(machine.drift.after).total_seconds(),
            "fails_for_s": span(machine.drift.lasts).total_seconds(),
            "fails_every_s": span(machine.drift.every).total_seconds(),
        }
    return options
