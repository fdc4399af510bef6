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
    SYSTEM = "system"


class Right(Flag):
    """What a grant gives. Stored as its integer; new rights are added at the end."""

    VIEW = auto()
    COMMENT = auto()
    ACK = auto()
    EXPORT = auto()
    MANAGE = auto()
