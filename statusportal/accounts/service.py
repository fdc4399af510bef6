"""Verbs about organisations, people and who belongs where."""

import functools
import re
import zoneinfo
from uuid import UUID

from sqlalchemy import select

from statusportal.access.permissions import Permission
from statusportal.access.policy import require
from statusportal.access.vocabulary import MemberRole, StaffRole
from statusportal.accounts.errors import AddressTaken, SlugTaken
from statusportal.accounts.events import MembershipChanged, PersonDisabled, StaffRoleChanged
from statusportal.accounts.models import Membership, Organisation, Person
from statusportal.accounts.queries import find_operator, myself, organisation_for, person_for
from statusportal.accounts.vocabulary import HashedPassword, Locale, OrganisationKind, Theme
from statusportal.audit.service import record_act
from statusportal.foundation.errors import Conflict, Faults, NotFound, Sentence
from statusportal.work import Work

_SLUG = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
_SLUG_MOST = 80
# What mail servers take without quoting: nothing that could be read as a second address or a header.
_ADDRESS = re.compile(r"[a-z0-9.!#$%&'*+/=?^_`{|}~-]+@[a-z0-9](?:[a-z0-9.-]*[a-z0-9])?")
_NAME_MOST = 200


def create_organisation(
    work: Work,
    slug: str,
    name: str,
    kind: OrganisationKind = OrganisationKind.CUSTOMER,
    time_zone: str = "",
) -> Organisation:
    """Take in a customer, or set up the operator itself, which there is once.

    Raises: Forbidden, Invalid, SlugTaken.
    """
    require(work.actor, Permission.ORGANISATION_CREATE)
    faults = Faults()
    clean_name = faults.line("/name", name, most=_NAME_MOST)
    zone = time_zone or work.settings.default_time_zone
    _note_bad_slug(faults, slug)
    _note_bad_zone(faults, zone)
    faults.close()
    if work.session.scalar(select(Organisation.id).where(Organisation.slug == slug)) is not None:
        raise SlugTaken(Sentence("There is an organisation “%(slug)s” already.", slug=slug))
    if kind is OrganisationKind.OPERATOR and find_operator(work) is not None:
        raise Conflict(Sentence("There is an operator already."))
    row = Organisation(slug=slug, name=clean_name, kind=kind.value, time_zone=zone, created_at=work.now)
    work.session.add(row)
    work.session.flush()
    record_act(work, "organisation.created", "organisation", row.id, organisation_id=row.id, kind=kind.value)
    return row


def change_organisation(work: Work, organisation_id: UUID, name: str, time_zone: str) -> Organisation:
    """Rename an organisation or move it to another time zone; its slug stays, since addresses hold it.

    Raises: NotFound, Forbidden, Invalid.
    """
    row = organisation_for(work, organisation_id)
    require(work.actor, Permission.ORGANISATION_ADMINISTER, row.id)
    faults = Faults()
    clean_name = faults.line("/name", name, most=_NAME_MOST)
    _note_bad_zone(faults, time_zone)
    faults.close()
    row.name, row.time_zone = clean_name, time_zone
    record_act(work, "organisation.changed", "organisation", row.id, organisation_id=row.id)
    return row


def create_person(
    work: Work,
    email: str,
    name: str,
    password: HashedPassword | None = None,
    staff_role: StaffRole | None = None,
    locale: str = "",
) -> Person:
    """Make a person at the operator's own hand; everybody else comes by invitation. Without a password nobody is them.

    Raises: Forbidden, Invalid, AddressTaken.
    """
    require(work.actor, Permission.STAFF_ADMINISTER)
    row = add_person(work, email, name, password, staff_role, locale)
    row.email_proved_at = work.now
    return row


def add_person(
    work: Work,
    email: str,
    name: str,
    password: HashedPassword | None,
    staff_role: StaffRole | None,
    locale: str,
) -> Person:
    """Write a person whose right to be here the caller has checked: by permission, or by an invitation's secret."""
    faults = Faults()
    address = clean_address(faults, "/email", email)
    clean_name = faults.line("/name", name, most=_NAME_MOST)
    spoken = locale or work.settings.default_locale
    if spoken not in set(Locale):
        faults.note("/locale", Sentence("must be one of %(known)s", known=", ".join(Locale)))
    faults.close()
    if work.session.scalar(select(Person.id).where(Person.email == address)) is not None:
        raise AddressTaken(Sentence("There is a person with the address %(address)s already.", address=address))
    row = Person(
        email=address,
        name=clean_name,
        password_hash=password.value if password else None,
        staff_role=staff_role.value if staff_role else None,
        locale=spoken,
        theme=Theme.SYSTEM.value,
        created_at=work.now,
    )
    work.session.add(row)
    work.session.flush()
    record_act(work, "person.created", "person", row.id, staff_role=staff_role.value if staff_role else None)
    return row


def prove_address(work: Work, person: Person) -> None:
    """Note that somebody showed that their address is theirs; the caller saw the proof. A second changes nothing."""
    if person.email_proved_at is None:
        person.email_proved_at = work.now
        record_act(work, "address.proved", "person", person.id)


def clean_address(faults: Faults, pointer: str, email: str) -> str:
    """Return a mail address as it is kept, in lower case, and note what cannot be one.

    Only ASCII is taken: databases disagree about the lower case of other letters, and two people must not share one.
    """
    address = faults.line(pointer, email, most=254).lower()
    if not _ADDRESS.fullmatch(address):
        faults.note(pointer, Sentence("must be a mail address, such as name@example.com"))
    return address


def choose_preferences(
    work: Work, *, locale: str | None = None, theme: str | None = None, time_zone: str | None = None
) -> Person:
    """Keep how the actor wants the screens; what is not named stays, an empty time zone follows the organisation.

    Raises: NotSignedIn, Invalid.
    """
    row = myself(work)
    faults = Faults()
    if locale is not None and locale not in set(Locale):
        faults.note("/locale", Sentence("must be one of %(known)s", known=", ".join(Locale)))
    if theme is not None and theme not in set(Theme):
        faults.note("/theme", Sentence("must be one of %(known)s", known=", ".join(Theme)))
    if time_zone:
        _note_bad_zone(faults, time_zone)
    faults.close()
    row.locale = locale if locale is not None else row.locale
    row.theme = theme if theme is not None else row.theme
    row.time_zone = (time_zone or None) if time_zone is not None else row.time_zone
    return row


def rename_myself(work: Work, name: str) -> Person:
    """Change the name that others read beside the actor's words.

    Raises: NotSignedIn, Invalid.
    """
    row = myself(work)
    faults = Faults()
    clean_name = faults.line("/name", name, most=_NAME_MOST)
    faults.close()
    if clean_name != row.name:
        row.name = clean_name
        record_act(work, "person.renamed", "person", row.id)
    return row


def add_member(work: Work, organisation_id: UUID, person_id: UUID, role: MemberRole) -> Membership:
    """Let a person that the actor sees belong to an organisation, or give them another role in it.

    Raises: NotFound, Forbidden.
    """
    organisation = organisation_for(work, organisation_id)
    require(work.actor, Permission.MEMBER_INVITE, organisation.id)
    return write_membership(work, organisation.id, person_for(work, person_id).id, role)


def write_membership(work: Work, organisation_id: UUID, person_id: UUID, role: MemberRole) -> Membership:
    """Write a membership that the caller has the right to give: by permission, or by an invitation's secret."""
    row = work.session.get(Membership, (organisation_id, person_id))
    if row is None:
        row = Membership(organisation_id=organisation_id, person_id=person_id, created_at=work.now)
        work.session.add(row)
    row.role = role.value
    work.session.flush()
    record_act(work, "member.set", "person", person_id, organisation_id=organisation_id, role=role.value)
    work.emit(MembershipChanged(organisation_id=organisation_id, person_id=person_id))
    return row


def remove_member(work: Work, organisation_id: UUID, person_id: UUID) -> None:
    """End a membership; what the person wrote stays.

    Raises: NotFound, Forbidden.
    """
    organisation = organisation_for(work, organisation_id)
    require(work.actor, Permission.MEMBER_INVITE, organisation.id)
    row = work.session.get(Membership, (organisation.id, person_id))
    if row is None:
        raise NotFound
    work.session.delete(row)
    work.session.flush()
    record_act(work, "member.removed", "person", person_id, organisation_id=organisation.id)
    work.emit(MembershipChanged(organisation_id=organisation.id, person_id=person_id))


def change_staff_role(work: Work, person_id: UUID, staff_role: StaffRole | None) -> Person:
    """Give a person another role at the operator, or none.

    Raises: Forbidden, NotFound, Conflict when the actor would lock themselves out.
    """
    require(work.actor, Permission.STAFF_ADMINISTER)
    row = person_for(work, person_id)
    _refuse_on_myself(work, row)
    row.staff_role = staff_role.value if staff_role else None
    record_act(work, "staff.set", "person", row.id, staff_role=row.staff_role)
    work.emit(StaffRoleChanged(person_id=row.id))
    return row


def disable_person(work: Work, person_id: UUID) -> Person:
    """Shut a person out: sessions end at once and tokens stop working; what they wrote stays.

    Raises: Forbidden, NotFound, Conflict when the actor would lock themselves out.
    """
    require(work.actor, Permission.STAFF_ADMINISTER)
    row = person_for(work, person_id)
    _refuse_on_myself(work, row)
    row.is_disabled = True
    record_act(work, "person.disabled", "person", row.id)
    work.emit(PersonDisabled(person_id=row.id))
    return row


def enable_person(work: Work, person_id: UUID) -> Person:
    """Let a person in again; they sign in anew.

    Raises: Forbidden, NotFound.
    """
    require(work.actor, Permission.STAFF_ADMINISTER)
    row = person_for(work, person_id)
    row.is_disabled = False
    record_act(work, "person.enabled", "person", row.id)
    return row


def _refuse_on_myself(work: Work, person: Person) -> None:
    if person.id == work.actor.person_id:
        raise Conflict(Sentence("Ask another administrator: nobody takes the portal away from themselves."))


def _note_bad_slug(faults: Faults, slug: str) -> None:
    if not _SLUG.fullmatch(slug) or len(slug) > _SLUG_MOST:
        faults.note("/slug", Sentence("must be small letters, digits and single hyphens, 80 at most"))


def _note_bad_zone(faults: Faults, time_zone: str) -> None:
    if time_zone not in _zones():
        faults.note("/time_zone", Sentence("must be a time zone, such as Europe/Copenhagen"))


@functools.cache
def _zones() -> frozenset[str]:
    return frozenset(zoneinfo.available_timezones())
