"""Words of accounts."""

from enum import StrEnum


class OrganisationKind(StrEnum):
    """The operator runs the portal; customers own machines. There is one operator."""

    OPERATOR = "operator"
    CUSTOMER = "customer"


class Theme(StrEnum):
    """How a person wants the screen."""

    SYSTEM = "system"
    LIGHT = "light"
    DARK = "dark"
