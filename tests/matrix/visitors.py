"""Everybody who may come to a door: each role in each relation to alpha's things, and those who are nobody's people."""

from dataclasses import dataclass
from enum import StrEnum

from statusportal.access.permissions import Permission
from statusportal.access.vocabulary import MemberRole, Right, StaffRole


class Relation(StrEnum):
    """What ties a person, or their organisation, to alpha's device and to what arose on it.

    SAME_MODEL is the community of those who have the model too: it finds what was shared with it, anonymised, and of
    alpha's own things what a stranger finds.
    """

    AUTHOR = "author"
    OWNER = "owner"
    GUEST_VIEW = "guest_view"
    GUEST_COMMENT = "guest_comment"
    GUEST_ALL = "guest_all"
    GUEST_PERSON = "guest_person"
    PERSON_COMMENT = "person_comment"
    PERSON_ACK = "person_ack"
    PERSON_EXPORT = "person_export"
    PERSON_MANAGE = "person_manage"
    PERSON_EXPIRED = "person_expired"
    HOLDING = "holding"
    EXPIRED = "expired"
    REVOKED = "revoked"
    FORMER = "former"
    SAME_MODEL = "same_model"
    STRANGER = "stranger"
    BUYER = "buyer"
    OPERATOR = "operator"


EVERY_RIGHT = ~Right(0)
# What a grant that is valid now gives; and what a site shares with the organisations above it, which is to read.
RIGHTS = {
    Relation.GUEST_VIEW: Right.VIEW,
    Relation.GUEST_COMMENT: Right.VIEW | Right.COMMENT,
    Relation.GUEST_ALL: EVERY_RIGHT,
    Relation.GUEST_PERSON: Right.VIEW,
    Relation.PERSON_COMMENT: Right.VIEW | Right.COMMENT,
    Relation.PERSON_ACK: Right.VIEW | Right.ACK,
    Relation.PERSON_EXPORT: Right.VIEW | Right.EXPORT,
    Relation.PERSON_MANAGE: Right.VIEW | Right.MANAGE,
    Relation.HOLDING: Right.VIEW,
}
OWN = frozenset({Relation.AUTHOR, Relation.OWNER})
LET_IN = frozenset(RIGHTS)
# A holding reads what its sites say among themselves; whoever was granted something does not.
GUESTS = LET_IN - {Relation.HOLDING}
# Who was let in by name, each at one right beside VIEW: nothing of their organisation's comes into it.
BY_NAME = frozenset(one for one in Relation if one.name.startswith("PERSON_"))


class Kind(StrEnum):
    """What stands behind a token."""

    ANONYMOUS = "anonymous"
    DISABLED = "disabled"
    LINK = "link"
    MACHINE = "machine"
    PERSON = "person"


@dataclass(frozen=True, slots=True)
class Visitor:
    """One column of the matrix. `scopes` are what a token or a link was made for; an ended link opens nothing.

    `elsewhere` is the role of a second membership, at the stranger, which must count for nothing where alpha is asked.
    `is_seen` marks a session of support that sees as the person, and only reads.
    """

    name: str
    kind: Kind
    role: MemberRole | StaffRole | None = None
    relation: Relation | None = None
    scopes: frozenset[Permission] | None = None
    elsewhere: MemberRole | None = None
    is_seen: bool = False


def _members() -> list[Visitor]:
    relations = [one for one in Relation if one not in {Relation.AUTHOR, Relation.OPERATOR, *BY_NAME}]
    pairs = [(MemberRole.CUSTOMER, Relation.AUTHOR), *((role, one) for one in relations for role in MemberRole)]
    pairs.remove((MemberRole.CUSTOMER, Relation.HOLDING))  # from above all read alike, its administrators too
    return [Visitor(f"{role.value}/{one.value}", Kind.PERSON, role, one) for role, one in pairs]


def _by_name() -> list[Visitor]:
    names = {one: one.value.removeprefix("person_") for one in Relation if one in BY_NAME}
    return [Visitor(f"granted/{name}", Kind.PERSON, MemberRole.CUSTOMER, one) for one, name in names.items()]


def _of_two() -> list[Visitor]:
    """Return people who administer the stranger, and are plain members of another organisation too."""
    also = {"owner": Relation.OWNER, "guest": Relation.GUEST_VIEW, "buyer": Relation.BUYER}
    return [
        Visitor(f"two/{name}", Kind.PERSON, MemberRole.CUSTOMER, one, elsewhere=MemberRole.CUSTOMER_ADMIN)
        for name, one in also.items()
    ]


def _staff() -> list[Visitor]:
    return [Visitor(role.value, Kind.PERSON, role, Relation.OPERATOR) for role in StaffRole]


def _scoped() -> list[Visitor]:
    """Return the owner's administrator, who may do anything there, with a token made for few things."""
    made_for = {
        "device": frozenset({Permission.DEVICE_VIEW}),
        "entry": frozenset({Permission.ENTRY_VIEW}),
        "comment": frozenset({Permission.ENTRY_VIEW, Permission.COMMENT_POST}),
    }
    admin = (Kind.PERSON, MemberRole.CUSTOMER_ADMIN, Relation.OWNER)
    return [Visitor(f"scoped/{name}", *admin, scopes) for name, scopes in made_for.items()]


def _guests() -> list[Visitor]:
    """Return who comes by a share link: one that reads, one that comments too, and two that are over."""
    reading = frozenset({Permission.DEVICE_VIEW, Permission.ENTRY_VIEW})
    opened = {
        "read": reading,
        "comment": reading | {Permission.COMMENT_POST},
        "expired": frozenset(),
        "ended": frozenset(),
    }
    return [Visitor(f"link/{name}", Kind.LINK, scopes=scopes) for name, scopes in opened.items()]


VISITORS: tuple[Visitor, ...] = (
    Visitor("anonymous", Kind.ANONYMOUS),
    Visitor("disabled", Kind.DISABLED),
    Visitor("device", Kind.MACHINE),
    Visitor("gateway", Kind.MACHINE),
    Visitor("foreign_device", Kind.MACHINE),
    *_members(),
    *_staff(),
    *_scoped(),
    *_guests(),
    *_by_name(),
    *_of_two(),
    Visitor("seen_as/author", Kind.PERSON, MemberRole.CUSTOMER, Relation.AUTHOR, is_seen=True),
)


def who_comes(*, is_whole: bool) -> list[Visitor]:
    """Return everybody, or one role in each relation with whom staff is made of."""
    left_out = () if is_whole else ("customer/", "scoped/", "expert", "product", "granted/ack", "granted/export")
    return [one for one in VISITORS if not one.name.startswith(left_out)]
