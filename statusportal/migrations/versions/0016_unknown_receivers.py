"""Let a grant stand without a receiver on SQLite too: the table made anew had kept the check that forbids it."""

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"

_FORBIDDING = "CONSTRAINT ck_access_grant_one_receiver CHECK ((to_organisation_id IS NULL) <> (to_person_id IS NULL)), "
_TWICE = "CONSTRAINT ck_access_grant_rights_given CHECK (rights > 0), "


def upgrade() -> None:
    """Make the table anew by its own words, without that check; on PostgreSQL it went as it should."""
    connection = op.get_bind()
    if connection.dialect.name != "sqlite":
        return
    words = "SELECT sql FROM sqlite_master WHERE tbl_name = 'access_grant' AND type = :type AND sql IS NOT NULL"
    table = connection.execute(sa.text(words), {"type": "table"}).scalar_one()
    indexes = connection.execute(sa.text(words), {"type": "index"}).scalars().all()
    table = " ".join(table.split())
    made = table.replace(_FORBIDDING, "").replace(_TWICE, "", 1).replace('"access_grant"', "access_grant_anew", 1)
    # Shares of groups point here: they are looked at when all is done.
    op.execute("PRAGMA defer_foreign_keys = ON")
    op.execute(made)
    op.execute("INSERT INTO access_grant_anew SELECT * FROM access_grant")
    op.execute("DROP TABLE access_grant")
    op.execute("ALTER TABLE access_grant_anew RENAME TO access_grant")
    for index in indexes:
        op.execute(index)
