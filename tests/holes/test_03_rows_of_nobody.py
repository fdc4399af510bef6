"""Class 3: rows that belong to no organisation, and so to everybody's query.

Seen at Grafana, whose rows of old said `org_id = 0`. On PostgreSQL, tests/functional/test_walls.py shows that without a
tenant no row is there at all.
"""

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from statusportal.db.base import Base

# Of everybody and of the portal itself; an organisation reads what names it.
OF_THE_PORTAL_TOO = {"audit_record", "audit_waiting", "invitation", "takeout", "sign_in"}


def tables():
    return [one for one in Base.metadata.tables.values() if "organisation_id" in one.columns]


def test_every_row_of_an_organisation_names_it():
    unnamed = {one.name for one in tables() if one.columns["organisation_id"].nullable}

    assert len(tables()) > 20
    assert unnamed <= OF_THE_PORTAL_TOO


@pytest.mark.parametrize("nobody", [None, "", "0", "00000000-0000-0000-0000-000000000000"])
def test_row_of_nobody_cannot_be_written(world, state, nobody):
    refused = 0

    for table in ("status_entry", "comment", "ownership", "share_link"):
        with pytest.raises(IntegrityError), world.works.engine.begin() as connection:
            connection.execute(text(f"UPDATE {table} SET organisation_id = :nobody"), {"nobody": nobody})  # noqa: S608 - ours
        refused += 1

    assert (refused, state.changed_tables()) == (4, [])
