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
    EXPIRED = "expired"
    REVOKED = "revoked"
    FORMER = "former"
    SAME_MODEL = "same_model"
    STRANGER = "stranger"
    BUYER = "buyer"
    OPERATOR = "operator"


EVERY_RIGHT = ~Right(0)
# What a grant that is valid now gives.
RIGHTS = {
    Relation.GUEST_VIEW: Right.VIEW,
    Relation.GUEST_COMMENT: Right.VIEW | Right.COMMENT,
    Relation.GUEST_ALL: EVERY_RIGHT,
    Relation.GUEST_PERSON: Right.VIEW,
}
OWN = frozenset({Relation.AUTHOR, Relation.OWNER})
GUESTS = frozenset({Relation.GUEST_VIEW, Relation.GUEST_COMMENT, Relation.GUEST_ALL, Relation.GUEST_PERSON})


class Kind(StrEnum):
    """What stands behind a token."""

    ANONYMOUS = "anonymous"
    DISABLED = "disabled"
    LINK = "link"
    MACHINE = "machine"
    PERSON = "person"


@dataclass(frozen=True, slots=True)
class Visitor:
    """One column of the matrix. `scopes` are what a token or a link was made for; an ended link opens nothing."""

    name: str
    kind: Kind
    role: MemberRole | StaffRole | None = None
    relation: Relation | None = None
    scopes: frozenset[Permission] | None = None


def _members() -> list[Visitor]:
    relations = [one for one in Relation if one not in {Relation.AUTHOR, Relation.OPERATOR}]
    pairs = [(MemberRole.CUSTOMER, Relation.AUTHOR), *((role, one) for one in relations for role in MemberRole)]
    return [Visitor(f"{role.value}/{one.value}", Kind.PERSON, role, one) for role, one in pairs]


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
)


def who_comes(*, is_whole: bool) -> list[Visitor]:
    """Return everybody, or one role in each relation with whom staff is made of."""
    left_out = () if is_whole else ("customer/", "scoped/", "expert", "product")
    return [one for one in VISITORS if not one.name.startswith(left_out)]
