"""Two organisations, the operator and their people, as rows: what every question of who may see what needs."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from uuid import UUID

from statusportal.access.actor import SYSTEM, Actor
from statusportal.access.vocabulary import ActorKind, MemberRole, Right, StaffRole
from statusportal.accounts.models import Membership, Organisation, Person
from statusportal.catalogue.models import DeviceModel, ModelSignal, SignalLimit
from statusportal.fleet.models import AccessGrant, Device, Ownership
from statusportal.foundation.ids import new_id

BEGUN = datetime(2026, 11, 1, tzinfo=UTC)
SOLD = datetime(2026, 11, 10, tzinfo=UTC)


@dataclass(frozen=True)
class Town:
    """Hold ids and actors.

    Alpha owns the press (`ownership` is that one) and bought the mill from beta on the tenth; beta owns the lathe.
    Gamma owns nothing; the guest belongs there and may be granted something.
    """

    alpha: UUID
    beta: UUID
    gamma: UUID
    press: UUID
    mill: UUID
    lathe: UUID
    ownership: UUID
    mette: Actor
    mads: Actor
    bent: Actor
    guest: Actor
    engineer: Actor
    support: Actor
    product: Actor


def build_town(works):
    with works.writing(SYSTEM) as work:
        alpha, beta, gamma = (_organisation(work, slug) for slug in ("alpha", "beta", "gamma"))
        model_id = _model(work)
        press = _device(work, model_id, "PR-100", "Press")
        mill = _device(work, model_id, "MI-200", "Mill")
        lathe = _device(work, model_id, "LA-300", "Lathe")
        ownership = _owned(work, alpha, press, BEGUN)
        _owned(work, beta, mill, BEGUN, SOLD)
        _owned(work, alpha, mill, SOLD)
        _owned(work, beta, lathe, BEGUN)
        return Town(
            alpha,
            beta,
            gamma,
            press,
            mill,
            lathe,
            ownership,
            _member(work, "mette", alpha, MemberRole.CUSTOMER_ADMIN),
            _member(work, "mads", alpha, MemberRole.CUSTOMER),
            _member(work, "bent", beta, MemberRole.CUSTOMER_ADMIN),
            _member(work, "guest", gamma, MemberRole.CUSTOMER),
            _staff(work, "jonas", StaffRole.ENGINEER),
            _staff(work, "aisha", StaffRole.SUPPORT),
            _staff(work, "pia", StaffRole.PRODUCT),
        )


def grant(works, town, device_id, rights=Right.VIEW, *, until=None):
    """Let gamma at a device of alpha's, and return the guest as the portal would then know them."""
    with works.writing(SYSTEM) as work:
        ownership = work.session.query(Ownership).filter_by(organisation_id=town.alpha, device_id=device_id).one()
        work.session.add(
            AccessGrant(
                organisation_id=town.alpha,
                device_id=device_id,
                ownership_id=ownership.id,
                to_organisation_id=town.gamma,
                rights=rights.value,
                from_at=BEGUN,
                to_at=until,
                created_at=BEGUN,
            )
        )
    return Actor(
        kind=ActorKind.PERSON,
        person_id=town.guest.person_id,
        memberships=town.guest.memberships,
        granting=frozenset({town.alpha}),
        ownerships=frozenset({ownership.id}),
    )


def later(clock, seconds=1):
    clock.move(timedelta(seconds=seconds))


def _organisation(work, slug):
    row = Organisation(slug=slug, name=slug.title(), kind="customer", time_zone="UTC", created_at=BEGUN)
    work.session.add(row)
    work.session.flush()
    return row.id


def _model(work):
    model = DeviceModel(slug="kx", name="KX Maskine", created_at=BEGUN, expected_interval_s=10)
    model.signals = [ModelSignal(name="heat", label_en="Heat", label_da="Varme", unit="°C", kind="number")]
    model.limits = [SignalLimit(signal_name="heat", code="T-1", side="high", threshold=80.0, health="off_spec")]
    work.session.add(model)
    work.session.flush()
    return model.id


def _device(work, model_id, serial, name):
    row = Device(id=new_id(), model_id=model_id, serial=serial, name=name, label=serial.lower(), created_at=BEGUN)
    work.session.add(row)
    work.session.flush()
    return row.id


def _owned(work, organisation_id, device_id, from_at, to_at=None):
    row = Ownership(organisation_id=organisation_id, device_id=device_id, from_at=from_at, to_at=to_at)
    work.session.add(row)
    work.session.flush()
    return row.id


def _person(work, name, staff_role=None):
    row = Person(
        email=f"{name}@example.com",
        name=name.title(),
        staff_role=staff_role,
        locale="en",
        theme="system",
        created_at=BEGUN,
    )
    work.session.add(row)
    work.session.flush()
    return row.id


def _member(work, name, organisation_id, role):
    person_id = _person(work, name)
    work.session.add(Membership(organisation_id=organisation_id, person_id=person_id, role=role, created_at=BEGUN))
    work.session.flush()
    return Actor(kind=ActorKind.PERSON, person_id=person_id, memberships={organisation_id: role})


def _staff(work, name, role):
    return Actor(kind=ActorKind.PERSON, person_id=_person(work, name, role), staff_role=role)
