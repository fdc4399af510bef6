"""PostgreSQL's own catalogue: every table stands behind a wall or gives its reason, and the app's role is weak."""

import pytest
from sqlalchemy import text

from statusportal.access.actor import SYSTEM
from statusportal.db.engine import open_engine, powers_beyond_walls
from tests.architecture.test_ownership_named import WITHOUT_OWNER

# Tables of an organisation or a device that have no wall, with the reason; and of the others those that have one.
WITHOUT_WALL = {
    "sample": "COPY is refused on a walled table, and inserting otherwise was measured 17 to 27 % slower: "
    "docs/adr/0025-walls-per-row.md",
    "search_text": "behind a wall no index is asked for words; it gives numbers, and the documents they number are "
    "walled: docs/adr/0057-archive-search.md",
}
WALLED_BY_ANOTHER_RULE = {
    "audit_head",
    "audit_link",
    "audit_record",
    "audit_waiting",
    "device",
    "personal_token",
    "sign_in",
}

_TABLES = """
SELECT c.relname AS name,
       c.relrowsecurity AND c.relforcerowsecurity AS is_walled,
       EXISTS (SELECT 1 FROM pg_attribute a WHERE a.attrelid = c.oid AND NOT a.attisdropped
               AND a.attname IN ('organisation_id', 'device_id')) AS is_somebodys,
       EXISTS (SELECT 1 FROM pg_policy p WHERE p.polrelid = c.oid AND p.polpermissive AND p.polcmd IN ('*', 'r')
               AND p.polqual IS NOT NULL) AS shows,
       EXISTS (SELECT 1 FROM pg_policy p WHERE p.polrelid = c.oid AND p.polpermissive AND p.polcmd IN ('*', 'a')
               AND p.polwithcheck IS NOT NULL) AS takes
  FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
 WHERE n.nspname = 'public' AND c.relkind IN ('r', 'p') AND c.relname <> 'alembic_version'
 ORDER BY 1
"""


def gaps(connection) -> list[str]:
    found = []
    for row in connection.execute(text(_TABLES)):
        must = (
            row.is_somebodys and row.name not in {*WITHOUT_OWNER, *WITHOUT_WALL}
        ) or row.name in WALLED_BY_ANOTHER_RULE
        if must and not row.is_walled:
            found.append(f"{row.name}: row-level security is not enabled and forced")
        elif row.is_walled and not (row.shows and row.takes):
            found.append(f"{row.name}: a policy lacks USING or WITH CHECK")
    return found


@pytest.fixture
def owner(works):
    """A connection as the owner of the tables; None on SQLite, which has no walls."""
    if works.engine.dialect.name != "postgresql":
        yield None
        return
    engine = open_engine(works.settings.database_owner_url)
    with engine.connect() as connection:
        yield connection
    engine.dispose()


def test_every_table_stands_behind_its_wall(owner):
    if owner is None:
        return

    assert gaps(owner) == []


@pytest.mark.parametrize(
    ("damage", "found"),
    [
        ("ALTER TABLE comment DISABLE ROW LEVEL SECURITY", "comment: row-level security is not enabled and forced"),
        ("ALTER TABLE signal NO FORCE ROW LEVEL SECURITY", "signal: row-level security is not enabled and forced"),
        ("DROP POLICY tenant ON connection", "connection: a policy lacks USING or WITH CHECK"),
        (
            "DROP POLICY tenant ON sign_in; CREATE POLICY tenant ON sign_in FOR SELECT USING (true)",
            "sign_in: a policy lacks USING or WITH CHECK",
        ),
        ("CREATE TABLE visit (organisation_id uuid)", "visit: row-level security is not enabled and forced"),
    ],
)
def test_table_without_its_wall_is_found(owner, damage, found):
    if owner is None:
        return
    owner.exec_driver_sql(damage)

    assert gaps(owner) == [found]
    owner.rollback()


def test_app_role_owns_nothing_and_may_change_no_structure(works):
    if works.engine.dialect.name != "postgresql":
        return
    powers = text(
        "SELECT rolsuper OR rolbypassrls OR rolcreaterole OR rolcreatedb OR rolreplication,"
        " has_schema_privilege('public', 'CREATE'), has_database_privilege(current_database(), 'CREATE'),"
        " EXISTS (SELECT 1 FROM pg_class WHERE relowner = pg_roles.oid),"
        " EXISTS (SELECT 1 FROM pg_auth_members WHERE member = pg_roles.oid),"
        " (SELECT bool_or(has_table_privilege(oid, 'TRUNCATE') OR has_table_privilege(oid, 'TRIGGER')"
        " OR has_table_privilege(oid, 'REFERENCES')) FROM pg_class WHERE relnamespace = 'public'::regnamespace"
        " AND relkind = 'r')"
        " FROM pg_roles WHERE rolname = current_user"
    )

    with works.reading(SYSTEM) as work:
        found = tuple(work.session.execute(powers).one())

    assert found == (False, False, False, False, False, False)
    assert powers_beyond_walls(works.engine) == []
