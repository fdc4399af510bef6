"""The declarative base and the declaration of scale that every table makes."""

from enum import StrEnum
from typing import Any

from sqlalchemy import MetaData
from sqlalchemy.orm import DeclarativeBase

NAMING = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}


class Base(DeclarativeBase):
    """Hold every table of the portal in one metadata, so that each constraint has a name on both databases."""

    metadata = MetaData(naming_convention=NAMING)


class Scale(StrEnum):
    """How a table spreads over a distributed database.

    Source: docs/adr, scale declaration.
    """

    REFERENCE = "reference"
    BY_DEVICE = "by_device"
    BY_ORGANISATION = "by_organisation"
    LOCAL = "local"


def scaled(scale: Scale) -> dict[str, Any]:
    """Return the table option that declares a table's scale."""
    return {"info": {"scale": scale.value}}
