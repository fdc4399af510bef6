"""What would tell who an organisation is: its names, its people, its machines and places."""

from collections.abc import Iterable, Iterator
from uuid import UUID

from sqlalchemy import func, select

from statusportal.accounts.models import Membership, Organisation, Person
from statusportal.accounts.queries import find_operator
from statusportal.accounts.vocabulary import OrganisationKind
from statusportal.anonymity.vocabulary import Known, Taken
from statusportal.fleet.models import Device, OrganisationSharing, Ownership
from statusportal.groups.models import DeviceGroup
from statusportal.work import Work, beyond_walls

# A part of a name that is shorter tells nothing by itself, or is a word like A/S.
_PART_FROM = 4
_GIVEN_FROM = 3


def known_of(work: Work, organisation_id: UUID) -> list[Known]:
    """Return every text that names an organisation, its people, or its machines past and present.

    The actor belongs to it, or is the operator's.
    """
    organisation = work.session.get_one(Organisation, organisation_id)
    found = list(_of_organisation(organisation))
    above = select(Organisation).join(OrganisationSharing, OrganisationSharing.parent_id == Organisation.id)
    for parent in work.session.scalars(above.where(OrganisationSharing.organisation_id == organisation_id)):
        found += _of_organisation(parent)
    members = select(Person).join(Membership, Membership.person_id == Person.id)
    for person in work.session.scalars(members.where(Membership.organisation_id == organisation_id)):
        found += known_of_person(person.name, person.email)
    owned = select(Ownership.device_id).where(Ownership.organisation_id == organisation_id)
    for device in work.session.scalars(select(Device).where(Device.id.in_(owned))):
        found += _of_device(device)
    groups = select(DeviceGroup.name).where(DeviceGroup.organisation_id == organisation_id)
    found += [Known(name, Taken.PLACE) for name in work.session.scalars(groups)]
    return found


def known_of_person(name: str, email: str = "", alias: str = "") -> Iterator[Known]:
    """Name a person as they could be called: whole, in parts, by mail; with an alias, each becomes that."""
    yield Known(name, Taken.PERSON, alias)
    for part in name.split():
        if len(part) >= _GIVEN_FROM:
            yield Known(part, Taken.PERSON, alias)
    if email:
        yield Known(email, Taken.ADDRESS)
        yield Known(email.partition("@")[0], Taken.PERSON, alias)


def operators_name(work: Work) -> str:
    """Return under which name all of the operator's people speak."""
    operator = find_operator(work)
    return operator.name if operator else work.settings.operator_name


def count_owners(work: Work, model_id: UUID) -> int:
    """Count the organisations that own a machine of a model now; the operator's stock is nobody's."""
    query = (
        select(func.count(Ownership.organisation_id.distinct()))
        .join(Device, Device.id == Ownership.device_id)
        .join(Organisation, Organisation.id == Ownership.organisation_id)
        .where(
            Device.model_id == model_id,
            Ownership.to_at.is_(None),
            Organisation.kind != OrganisationKind.OPERATOR,
        )
    )
    # Whoever asks is shown no row of another owner; only the number leaves this block.
    with beyond_walls(work):
        return work.session.scalar(query) or 0


def _of_organisation(row: Organisation) -> Iterable[Known]:
    yield Known(row.name, Taken.ORGANISATION)
    yield Known(row.slug, Taken.ORGANISATION)
    for part in row.name.split():
        if len(part) >= _PART_FROM:
            yield Known(part, Taken.ORGANISATION)


def _of_device(device: Device) -> Iterable[Known]:
    yield Known(device.serial, Taken.MACHINE)
    yield Known(device.label, Taken.MACHINE)
    yield Known(device.name, Taken.MACHINE)
    yield Known(device.site, Taken.PLACE)
    # "Milk hall, Videbæk" is two places.
    for part in device.site.split(","):
        if len(part.strip()) >= _PART_FROM:
            yield Known(part.strip(), Taken.PLACE)
