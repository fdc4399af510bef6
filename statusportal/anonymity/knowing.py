"""What would tell who an organisation is: its names, its people, its machines and places."""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator
from uuid import UUID

from sqlalchemy import Select, or_, select, union

from statusportal.accounts.models import Membership, Organisation, Person
from statusportal.accounts.queries import find_operator
from statusportal.accounts.vocabulary import OrganisationKind
from statusportal.anonymity.aliases import Aliases
from statusportal.anonymity.vocabulary import LEAST_OWNERS, Known, Taken
from statusportal.audit.models import AuditRecord
from statusportal.discussion.models import Comment
from statusportal.entries.models import StatusEntry
from statusportal.fleet.models import AccessGrant, Device, OrganisationSharing, Ownership
from statusportal.fleet.vocabulary import DEEPEST_TREE
from statusportal.groups.models import DeviceGroup
from statusportal.work import Work, beyond_walls

# A part of a name that is shorter tells nothing by itself, or is a word like A/S.
_PART_FROM = 4
_GIVEN_FROM = 3


def known_of(work: Work, organisation_id: UUID) -> list[Known]:
    """Return every text that names an organisation or one of its tree, its people or its machines, past and present.

    Its people are members, whoever it ever let in and its guests; the operator's are known to all. The actor belongs to
    it, or is the operator's.
    """
    # Whoever asks is shown none of these; they are only looked for in words that the actor reads anyway.
    with beyond_walls(work):
        homes = _tree_of(work, organisation_id)
        receivers = select(AccessGrant.to_organisation_id).where(AccessGrant.organisation_id.in_(homes))
        named = select(Organisation).where(or_(Organisation.id.in_(homes), Organisation.id.in_(receivers)))
        found = [one for row in work.session.scalars(named) for one in _of_organisation(row)]
        for name, email in work.session.execute(_people_of(work, homes)):
            found += known_of_person(name, email)
        words = select(AccessGrant.to_word).where(AccessGrant.organisation_id.in_(homes))
        guests = select(Comment.guest_name).where(Comment.organisation_id.in_(homes), Comment.link_id.is_not(None))
        for word in work.session.scalars(union(words, guests)):
            found += known_of_person(word or "")
        owned = select(Ownership.device_id).where(Ownership.organisation_id.in_(homes))
        machines = select(Device.serial, Device.label, Device.name, Device.site).where(Device.id.in_(owned))
        for serial, label, name, site in work.session.execute(machines):
            found += _of_device(serial, label, name, site)
        groups = select(DeviceGroup.name).where(DeviceGroup.organisation_id.in_(homes))
        found += [Known(name, Taken.PLACE) for name in work.session.scalars(groups)]
    return found


def known_of_thread(work: Work, entry: StatusEntry) -> list[Known]:
    """Return what everybody who ever spoke under an entry, or wrote it, could be called."""
    spoke = select(Comment.author_id).where(
        Comment.organisation_id == entry.organisation_id, Comment.entry_id == entry.id
    )
    people = select(Person.name, Person.email).where(or_(Person.id.in_(spoke), Person.id == entry.author_id))
    with beyond_walls(work):
        rows = work.session.execute(people.order_by(Person.id)).all()
    return [one for name, email in rows for one in known_of_person(name, email)]


def names_of_others(work: Work) -> list[Known]:
    """Return the whole name of every customer."""
    customers = select(Organisation.name).where(Organisation.kind != OrganisationKind.OPERATOR)
    with beyond_walls(work):
        names = work.session.scalars(customers.order_by(Organisation.id)).all()
    return [Known(name, Taken.ORGANISATION) for name in names if len(name) >= _GIVEN_FROM]


def known_of_others(work: Work) -> list[Known]:
    """Return what every customer is called: the whole name, and its first word.

    Looked for in words of the operator's people alone: who else is a customer is no answer to anybody else's question.
    """
    named = names_of_others(work)
    firsts = [one.text.split()[0] for one in named]
    return [*named, *(Known(first, Taken.ORGANISATION) for first in firsts if len(first) >= _PART_FROM)]


def known_of_person(name: str, email: str = "", alias: str = "") -> Iterator[Known]:
    """Name a person as they could be called: whole, in parts, by mail; with an alias, each becomes that."""
    yield Known(name, Taken.PERSON, alias)
    for part in name.split():
        if len(part) >= _GIVEN_FROM:
            yield Known(part, Taken.PERSON, alias)
    if email:
        yield Known(email, Taken.ADDRESS)
        yield Known(email.partition("@")[0], Taken.PERSON, alias)


def known_of_speakers(people: Iterable[Person], aliases: Aliases) -> list[Known]:
    """Name people by all that they could be called, each becoming their alias."""
    return [known for one in people for known in known_of_person(one.name, one.email, aliases.of(one.id))]


def known_to(work: Work, person: Person, organisations: Iterable[UUID]) -> list[Known]:
    """Return what somebody could tell: themselves and these organisations, and if they are staff every customer."""
    found = list(known_of_person(person.name, person.email))
    if work.actor.is_staff:
        found += known_of_others(work)
    return [*found, *(one for home in sorted(set(organisations)) for one in known_of(work, home))]


def members_of(work: Work, organisation_id: UUID) -> frozenset[UUID]:
    """Return who belongs to an organisation now."""
    query = select(Membership.person_id).where(Membership.organisation_id == organisation_id)
    return frozenset(work.session.scalars(query))


def operators_name(work: Work) -> str:
    """Return under which name all of the operator's people speak."""
    operator = find_operator(work)
    return operator.name if operator else work.settings.operator_name


def count_owners(work: Work, model_id: UUID) -> int:
    """Count who owns a machine of a model now. A holding and its sites are one; the operator's stock is nobody's."""
    return len({owner for _firmware, owner in _owners(work, model_id)})


def firmwares_of_many(work: Work, model_id: UUID) -> set[str]:
    """Return the firmware by which what is shared is told apart: one that few run would tell whose it is."""
    owners = Counter(firmware for firmware, _owner in _owners(work, model_id))
    return {firmware for firmware, count in owners.items() if firmware and count >= LEAST_OWNERS}


def _owners(work: Work, model_id: UUID) -> set[tuple[str, UUID]]:
    """Return each firmware of a model with who has it: the top of the tree in which the owner stands."""
    query = (
        select(Device.firmware, Ownership.organisation_id)
        .join(Device, Device.id == Ownership.device_id)
        .join(Organisation, Organisation.id == Ownership.organisation_id)
        .where(
            Device.model_id == model_id,
            Ownership.to_at.is_(None),
            Organisation.kind != OrganisationKind.OPERATOR,
        )
        .distinct()
    )
    # Whoever asks is shown no row of another owner; only numbers leave this room.
    with beyond_walls(work):
        found = [(firmware, owner) for firmware, owner in work.session.execute(query)]
        placed = select(OrganisationSharing.organisation_id, OrganisationSharing.parent_id)
        above = {one: parent for one, parent in work.session.execute(placed) if parent is not None}
    for _level in range(DEEPEST_TREE):
        found = [(firmware, above.get(owner, owner)) for firmware, owner in found]
    return set(found)


def _tree_of(work: Work, organisation_id: UUID) -> set[UUID]:
    """Return an organisation with all that it stands under or beside, and all that stand under it."""
    placed = select(OrganisationSharing.organisation_id, OrganisationSharing.parent_id)
    near: dict[UUID, set[UUID]] = defaultdict(set)
    for one, parent in work.session.execute(placed):
        if parent is None:
            continue
        near[one].add(parent)
        near[parent].add(one)
    tree, edge = {organisation_id}, {organisation_id}
    while edge:
        edge = {one for place in edge for one in near[place]} - tree
        tree |= edge
    return tree


def _people_of(work: Work, homes: Collection[UUID]) -> Select[str, str]:
    """Select names and addresses of whoever is or was a member or was let in, and of the operator's people."""
    members = select(Membership.person_id).where(Membership.organisation_id.in_(homes))
    were = select(AuditRecord.subject_id).where(
        AuditRecord.organisation_id.in_(homes), AuditRecord.act.in_(["member.set", "member.removed"])
    )
    past = [UUID(one) for one in work.session.scalars(were.distinct())]
    given = select(AccessGrant.to_person_id).where(AccessGrant.organisation_id.in_(homes))
    receivers = select(AccessGrant.to_organisation_id).where(AccessGrant.organisation_id.in_(homes))
    theirs = select(Membership.person_id).where(Membership.organisation_id.in_(receivers))
    known = or_(*(Person.id.in_(ids) for ids in (members, past, given, theirs)), Person.staff_role.is_not(None))
    return select(Person.name, Person.email).where(known).order_by(Person.id)


def _of_organisation(row: Organisation) -> Iterable[Known]:
    yield Known(row.name, Taken.ORGANISATION)
    yield Known(row.slug, Taken.ORGANISATION)
    for part in row.name.split():
        if len(part) >= _PART_FROM:
            yield Known(part, Taken.ORGANISATION)


def _of_device(serial: str, label: str, name: str, site: str) -> Iterable[Known]:
    yield Known(serial, Taken.MACHINE)
    yield Known(label, Taken.MACHINE)
    yield Known(name, Taken.MACHINE)
    yield Known(site, Taken.PLACE)
    # "Milk hall, Videbæk" is two places.
    for part in site.split(","):
        if len(part.strip()) >= _PART_FROM:
            yield Known(part.strip(), Taken.PLACE)
