"""Roles, kinds of actor, and the rights a grant may hold."""

from enum import Flag, StrEnum, auto


class MemberRole(StrEnum):
    """What a person is in an organisation."""

    CUSTOMER = "customer"
    CUSTOMER_ADMIN = "customer_admin"


class StaffRole(StrEnum):
    """What a person is at the operator."""

    ENGINEER = "engineer"
    SUPPORT = "support"
    EXPERT = "expert"
    PRODUCT = "product"
    ADMIN = "admin"


Role = MemberRole | StaffRole


class ActorKind(StrEnum):
    """What stands behind a request."""

    ANONYMOUS = "anonymous"
    PERSON = "person"
    MACHINE = "machine"
    LINK = "link"
    SYSTEM = "system"


class SharingMode(StrEnum):
    """Who inside an organisation sees its devices, beside its administrators and whoever was let in by name."""

    NONE = "none"
    BY_ROLE = "by_role"
    MEMBERS = "members"
    ALL = "all"


# The place of each role in a stored set of roles; new roles are added at the end.
ROLE_BITS: dict[MemberRole, int] = {MemberRole.CUSTOMER: 1, MemberRole.CUSTOMER_ADMIN: 2}


class Right(Flag):
    """What a grant gives. Stored as its integer; new rights are added at the end."""

    VIEW = auto()
    COMMENT = auto()
    ACK = auto()
    EXPORT = auto()
    MANAGE = auto()
