"""Words of accounts."""

from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID


class OrganisationKind(StrEnum):
    """The operator runs the portal; customers own machines. There is one operator."""

    OPERATOR = "operator"
    CUSTOMER = "customer"


class Theme(StrEnum):
    """How a person wants the screen."""

    SYSTEM = "system"
    LIGHT = "light"
    DARK = "dark"


class Locale(StrEnum):
    """The languages of the screens."""

    ENGLISH = "en"
    DANISH = "da"


@dataclass(frozen=True, slots=True)
class Member:
    """A person as one organisation knows them."""

    person_id: UUID
    name: str
    email: str
    role: str
    is_disabled: bool


@dataclass(frozen=True, slots=True)
class HashedPassword:
    """A new password that was checked and hashed beforehand, outside the transaction that keeps it.

    `replaces` is the hash that was proved then: whoever changed the password in between has the last word.
    """

    value: str
    replaces: str | None = None
