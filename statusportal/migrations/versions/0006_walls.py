"""Raise the walls: row-level security on every table that names an organisation (PostgreSQL)."""

from alembic import op

revision = "0006"
down_revision = "0005"

WALLED = (
    "membership",
    "invitation",
    "ownership",
    "access_grant",
    "device_credential",
    "connection",
    "connection_happening",
    "unknown_serial",
    "status_entry",
    "entry_happening",
    "comment",
    "comment_revision",
    "read_mark",
    "search_document",
)

# Unset settings give NULL, and NULL gives no row.
_OPERATOR = "current_setting('statusportal.operator', true) = 'on'"
_OWN = "organisation_id = ANY (NULLIF(current_setting('statusportal.organisations', true), '')::uuid[])"


def upgrade() -> None:
    """Enable and force the walls; SQLite has none, there `visible_to` stands alone."""
    if op.get_context().dialect.name != "postgresql":
        return
    for table in WALLED:
        op.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")
        op.execute(f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY")
        op.execute(f"CREATE POLICY tenant ON {table} USING ({_OPERATOR} OR {_OWN}) WITH CHECK ({_OPERATOR} OR {_OWN})")
