"""Who and what there is, made by the rooms' own verbs at the beginning of the demo's past."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, time
from functools import reduce
from operator import or_
from uuid import UUID

from statusportal.access.actor import SYSTEM, Actor
from statusportal.access.vocabulary import Right
from statusportal.accounts.queries import organisation_for
from statusportal.accounts.service import add_member, create_organisation, create_person
from statusportal.authoring.importing import import_model
from statusportal.catalogue.filing import ModelFile
from statusportal.catalogue.modelling import ModelWords, change_model
from statusportal.catalogue.queries import model_for
from statusportal.cli.demo_fleet.content import GrantTable, MachinesFile, MachineTable, PeopleFile, SaleTable
from statusportal.cli.demo_fleet.times import ZONE
from statusportal.custody.granting import grant_access
from statusportal.custody.queries import receiver_named
from statusportal.custody.transferring import hand_over_at_once
from statusportal.fleet.service import DeviceWords, create_device, rename_device
from statusportal.identity.actors import actor_of_person
from statusportal.passwords.rules import new_password
from statusportal.work import Work, Works


@dataclass(slots=True)
class World:
    """Ids by the names that the files use."""

    organisations: dict[str, UUID] = field(default_factory=dict)
    people: dict[str, UUID] = field(default_factory=dict)
    models: dict[str, UUID] = field(default_factory=dict)
    devices: dict[str, UUID] = field(default_factory=dict)


def make_world(works: Works, people: PeopleFile, machines: MachinesFile, models: Iterable[ModelFile]) -> World:
    """Make organisations, people, models and machines."""
    world = World()
    with works.writing(SYSTEM) as work:
        _make_people(work, world, people)
        for model in models:
            world.models[model.slug] = import_model(work, model).id
        for machine in machines.machines:
            _make_machine(work, world, machine)
    return world


def expect_one_interval(works: Works, world: World, interval_s: int) -> None:
    """Let every model expect the same interval, in seconds."""
    expect_intervals(works, world, dict.fromkeys(world.models, interval_s))


def expect_intervals(works: Works, world: World, intervals_s: Mapping[str, int]) -> None:
    """Let each model, by its slug, expect an interval of its own, in seconds."""
    with works.writing(SYSTEM) as work:
        for slug, interval_s in intervals_s.items():
            row = model_for(work, world.models[slug])
            words = ModelWords(
                name=row.name,
                description=row.description,
                is_strict=row.is_strict,
                expected_interval_s=interval_s,
            )
            change_model(work, row.id, row.version, words)


def actor_named(works: Works, world: World, key: str) -> Actor:
    """Return a person of the files as the actor they are now."""
    with works.reading(SYSTEM) as work:
        actor = actor_of_person(work, world.people[key])
    if actor is None:
        raise LookupError(f"{key} cannot act")
    return actor


def sell(works: Works, world: World, device: str, sale: SaleTable) -> None:
    """Hand a machine over to its buyer, who gives it a name of their own."""
    with works.writing(SYSTEM) as work:
        hand_over_at_once(work, world.devices[device], receiver_named(work, sale.to))
    with works.writing(SYSTEM) as work:
        rename_device(work, world.devices[device], DeviceWords(name=sale.name, site=sale.site))


def let_in(works: Works, world: World, grant: GrantTable) -> None:
    """Let another organisation at a machine."""
    rights = reduce(or_, (Right[name] for name in grant.rights))
    with works.writing(SYSTEM) as work:
        receiver = organisation_for(work, world.organisations[grant.to])
        work.session.expunge(receiver)
    with works.writing(actor_named(works, world, grant.by)) as work:
        grant_access(work, world.devices[grant.device], receiver, rights)


def _make_people(work: Work, world: World, people: PeopleFile) -> None:
    for one in people.organisations:
        row = create_organisation(work, one.slug, one.name, one.kind, ZONE.key)
        world.organisations[one.slug] = row.id
    for person in people.people:
        password = new_password(people.password, (person.name, person.email))
        made = create_person(work, person.email, person.name, password, person.staff, person.locale)
        world.people[person.key] = made.id
        if person.organisation:
            add_member(work, world.organisations[person.organisation], made.id, person.role)


def _make_machine(work: Work, world: World, machine: MachineTable) -> None:
    since = datetime.combine(machine.installed, time(8), ZONE).astimezone(UTC) if machine.installed else None
    owner, model = world.organisations[machine.owner], world.models[machine.model]
    row = create_device(work, owner, model, machine.serial, from_at=since)
    words = DeviceWords(name=machine.name, site=machine.site, firmware=machine.firmware, installed_on=machine.installed)
    rename_device(work, row.id, words)
    world.devices[machine.serial] = row.id
