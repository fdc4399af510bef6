"""Class 3: rows that belong to no organisation, and so to everybody's query.

Seen at Grafana, whose rows of old said `org_id = 0`. On PostgreSQL, tests/functional/test_walls.py shows that without a
tenant no row is there at all.
"""

from uuid import UUID

import pytest
from sqlalchemy.exc import IntegrityError, StatementError

from statusportal.db.base import Base

# Of everybody and of the portal itself; an organisation reads what names it.
OF_THE_PORTAL_TOO = {"audit_record", "audit_waiting", "invitation", "takeout", "sign_in"}


def tables():
    return [one for one in Base.metadata.tables.values() if "organisation_id" in one.columns]


def test_every_row_of_an_organisation_names_it():
    unnamed = {one.name for one in tables() if one.columns["organisation_id"].nullable}

    assert len(tables()) > 20
    assert unnamed <= OF_THE_PORTAL_TOO


@pytest.mark.parametrize("nobody", [None, UUID(int=0)])
def test_row_of_nobody_cannot_be_written(world, state, nobody):
    refused = 0

    for table in map(Base.metadata.tables.__getitem__, ("status_entry", "comment", "ownership", "share_link")):
        with pytest.raises((IntegrityError, StatementError)), world.works.engine.begin() as connection:
            connection.execute(table.update().values(organisation_id=nobody))
        refused += 1

    assert (refused, state.changed_tables()) == (4, [])
