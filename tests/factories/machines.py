"""Machines with owners, made straight into the tables: for tests of what lies downstream of the fleet."""

import itertools
from dataclasses import dataclass, field
from datetime import UTC, datetime
from uuid import UUID

from statusportal.access.actor import SYSTEM, Actor
from statusportal.access.vocabulary import ActorKind, MemberRole, StaffRole
from statusportal.accounts.models import Organisation
from statusportal.catalogue.models import DeviceModel, ModelSignal, SignalLimit
from statusportal.fleet.models import Device, Ownership
from statusportal.foundation.ids import new_id
from statusportal.work import Works

LONG_AGO = datetime(2026, 1, 1, tzinfo=UTC)

_numbers = itertools.count(1)


@dataclass(frozen=True)
class Machine:
    """A device with its present owner."""

    id: UUID
    model_id: UUID
    organisation_id: UUID
    ownership_id: UUID
    serial: str


@dataclass(frozen=True)
class LimitSpec:
    """A limit of a model, with the defaults of a test."""

    signal_name: str = "temperature"
    code: str = "hot"
    side: str = "high"
    threshold: float = 90.0
    hysteresis: float = 5.0
    duration_s: int = 0
    health: str = "off_spec"
    sentence_en: str = ""
    sentence_da: str = ""


@dataclass(frozen=True)
class ModelSpec:
    """A model, with the defaults of a test."""

    limits: tuple[LimitSpec, ...] = ()
    signals: tuple[tuple[str, str, str], ...] = (("temperature", "number", "°C"),)
    expected_interval_s: int = 60
    is_strict: bool = False
    extra: dict[str, object] = field(default_factory=dict)


def member_of(organisation_id):
    return Actor(kind=ActorKind.PERSON, person_id=new_id(), memberships={organisation_id: MemberRole.CUSTOMER})


def staff(role=StaffRole.SUPPORT):
    return Actor(kind=ActorKind.PERSON, person_id=new_id(), staff_role=role)


def make_organisation(works: Works) -> UUID:
    number = next(_numbers)
    organisation_id = new_id()
    with works.writing(SYSTEM) as work:
        work.session.add(
            Organisation(
                id=organisation_id,
                slug=f"org-{number}",
                name=f"Organisation {number}",
                kind="customer",
                time_zone="Europe/Copenhagen",
                created_at=work.now,
            )
        )
    return organisation_id


def make_model(works: Works, spec: ModelSpec | None = None) -> UUID:
    spec = spec or ModelSpec()
    number = next(_numbers)
    model = DeviceModel(
        id=new_id(),
        slug=f"model-{number}",
        name=f"Model {number}",
        is_strict=spec.is_strict,
        expected_interval_s=spec.expected_interval_s,
        created_at=LONG_AGO,
    )
    model.signals = [
        ModelSignal(name=name, label_en=name.title(), label_da=name.title(), unit=unit, kind=kind, position=position)
        for position, (name, kind, unit) in enumerate(spec.signals)
    ]
    with works.writing(SYSTEM) as work:
        work.session.add(model)
        work.session.flush()
        for limit in spec.limits:
            row = SignalLimit(id=new_id(), model_id=model.id, **{name: getattr(limit, name) for name in _LIMIT})
            work.session.add(row)
    return model.id


_LIMIT = (
    "signal_name",
    "code",
    "side",
    "threshold",
    "hysteresis",
    "duration_s",
    "health",
    "sentence_en",
    "sentence_da",
)


def make_machine(works: Works, organisation_id=None, model_id=None, spec=None, from_at=LONG_AGO) -> Machine:
    organisation_id = organisation_id or make_organisation(works)
    model_id = model_id or make_model(works, spec)
    device_id, ownership_id, number = new_id(), new_id(), next(_numbers)
    with works.writing(SYSTEM) as work:
        work.session.add(
            Device(
                id=device_id,
                model_id=model_id,
                serial=f"SN-{number}",
                name=f"Machine {number}",
                label=f"label-{number}",
                created_at=from_at,
            )
        )
        work.session.flush()
        work.session.add(
            Ownership(organisation_id=organisation_id, device_id=device_id, id=ownership_id, from_at=from_at)
        )
    return Machine(device_id, model_id, organisation_id, ownership_id, f"SN-{number}")


def hand_over(works: Works, machine: Machine, organisation_id, at) -> UUID:
    ownership_id = new_id()
    with works.writing(SYSTEM) as work:
        row = work.session.get(Ownership, (machine.organisation_id, machine.id, machine.ownership_id))
        row.to_at = at
        work.session.flush()
        work.session.add(Ownership(organisation_id=organisation_id, device_id=machine.id, id=ownership_id, from_at=at))
    return ownership_id
