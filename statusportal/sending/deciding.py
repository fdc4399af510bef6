"""Letters to one of those who decide for a machine's owner."""

from uuid import UUID

from statusportal.access.vocabulary import MemberRole
from statusportal.accounts.models import Membership, Organisation, Person
from statusportal.accounts.queries import find_operator
from statusportal.fleet.models import Device
from statusportal.fleet.queries import ownership_at
from statusportal.notifications.letters import write_letter
from statusportal.notifications.vocabulary import Letter, LetterKind
from statusportal.work import Work


def letter_to_decider(
    work: Work, kind: LetterKind, person_id: UUID, owned: tuple[UUID, UUID], path: str, **facts: str
) -> Letter | None:
    """Write to somebody about an organisation's device; None where they decide for it no more.

    Shape: `owned` is (organisation, device). The facts portal, organisation and machine are always there.
    """
    organisation_id, device_id = owned
    person = work.session.get(Person, person_id)
    membership = work.session.get(Membership, (organisation_id, person_id))
    decides = membership is not None and membership.role == MemberRole.CUSTOMER_ADMIN
    if person is None or person.is_disabled or not decides:
        return None
    operator = find_operator(work)
    known = {
        "portal": operator.name if operator else work.settings.operator_name,
        "organisation": work.session.get_one(Organisation, organisation_id).name,
        "machine": _name_to(work, organisation_id, device_id),
    }
    link = work.settings.link(path)
    return write_letter(kind, person.locale, person.email, person.name, link, {**known, **facts})


def _name_to(work: Work, organisation_id: UUID, device_id: UUID) -> str:
    """Return what the device is called to its owner; to who had it once, model and serial: its name is another's."""
    device = work.session.get_one(Device, device_id)
    present = ownership_at(work, device_id, work.now)
    is_theirs = present is not None and present.organisation_id == organisation_id
    return device.name_at(work.now) if is_theirs else f"{device.model.name} {device.serial}"
