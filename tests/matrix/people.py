"""Who is who in the matrix: where everybody is at home, and what each was let in for."""

from collections.abc import Mapping
from datetime import timedelta

from statusportal.access.actor import SYSTEM
from statusportal.access.vocabulary import MemberRole, Right
from statusportal.accounts.models import Organisation, Person
from statusportal.accounts.service import add_member
from statusportal.fleet.models import Device
from statusportal.work import Works
from tests.factories.accounts import PASSWORD, make_person
from tests.factories.fleet import end_grant, make_grant
from tests.matrix.visitors import BY_NAME, EVERY_RIGHT, RIGHTS, VISITORS, Relation, Visitor

_HALF_AN_HOUR = timedelta(minutes=30)
# Guests_home is let in as a whole too; elsewhere nobody is, but by name.
_GUESTS_HOME, _ELSEWHERE = "guests_home", "elsewhere"


def homes() -> list[str]:
    """Return the names of all organisations."""
    homeless = {Relation.AUTHOR, Relation.OPERATOR, Relation.GUEST_PERSON, *BY_NAME}
    return [one.value for one in Relation if one not in homeless] + [_GUESTS_HOME, _ELSEWHERE]


def make_people(works: Works, organisations: Mapping[str, Organisation]) -> dict[str, Person]:
    """Make everybody who has a name of their own; who is seen as another has none."""
    people = {}
    for one in VISITORS:
        if one.is_seen or one.relation is None:
            continue
        if one.relation is Relation.OPERATOR:
            people[one.name] = make_person(works, staff_role=one.role, password=PASSWORD)
            continue
        people[one.name] = make_person(works, organisations[_home(one)], one.role, password=PASSWORD)
        if one.elsewhere is not None:
            _join(works, people[one.name], organisations[Relation.STRANGER.value], one.elsewhere)
    people["disabled"] = make_person(works, organisations["owner"], MemberRole.CUSTOMER_ADMIN)
    return people


def let_in(works: Works, device: Device, organisations: Mapping[str, Organisation]) -> None:
    """Let whole organisations at alpha's device: for good, for half an hour, and until they were shut out again."""
    begun, over = works.clock.now() - _HALF_AN_HOUR, works.clock.now() + _HALF_AN_HOUR
    rights = {"guest_view": Right.VIEW, "guest_comment": Right.COMMENT, "guest_all": EVERY_RIGHT}
    for name, right in rights.items():
        make_grant(works, device, organisations[name], right, from_at=begun)
    make_grant(works, device, organisations["expired"], EVERY_RIGHT, from_at=begun, to_at=over)
    end_grant(works, make_grant(works, device, organisations["revoked"], EVERY_RIGHT, from_at=begun))


def let_in_by_name(works: Works, device: Device, people: Mapping[str, Person]) -> None:
    """Let single people at alpha's device, each with one right, and one of them for half an hour."""
    begun, over = works.clock.now() - _HALF_AN_HOUR, works.clock.now() + _HALF_AN_HOUR
    for one in VISITORS:
        if one.relation is Relation.GUEST_PERSON or one.relation in BY_NAME:
            right = RIGHTS.get(one.relation, EVERY_RIGHT)
            ends = over if one.relation is Relation.PERSON_EXPIRED else None
            make_grant(works, device, people[one.name], right, from_at=begun, to_at=ends)


def _home(visitor: Visitor) -> str:
    """Return at whom somebody is at home."""
    if visitor.relation in BY_NAME:
        return _ELSEWHERE
    homes_by_name = {Relation.AUTHOR: "owner", Relation.GUEST_PERSON: _GUESTS_HOME}
    return homes_by_name.get(visitor.relation, str(visitor.relation))


def _join(works: Works, person: Person, organisation: Organisation, role: MemberRole) -> None:
    """Give somebody a second membership."""
    with works.writing(SYSTEM) as work:
        add_member(work, organisation.id, person.id, role)
