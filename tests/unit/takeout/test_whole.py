"""No table is forgotten: what names a person or an organisation is in a takeout, or says why not."""

from statusportal.migrations.tables import metadata
from statusportal.takeout.gathering import NOT_THE_ORGANISATIONS, ORGANISATION_TABLES, tables_that_name_people


def test_every_table_that_names_an_organisation_is_decided_about():
    naming = {table.name for table in metadata.sorted_tables if "organisation_id" in table.c}

    decided = {*ORGANISATION_TABLES, *NOT_THE_ORGANISATIONS}

    assert naming - decided == set()
    assert {name: reason for name, reason in NOT_THE_ORGANISATIONS.items() if len(reason) < 10} == {}


def test_tables_that_point_at_a_person_are_found_by_themselves():
    found = {table.name for table in tables_that_name_people()}

    assert {"membership", "sign_in", "personal_token", "comment", "status_entry", "read_mark", "takeout"} <= found
