"""Walls for revisions: row-level security in one line a table. SQLite has none, there `visible_to` stands alone.

A transaction says who asks (`Works`), and the policies compare: unset gives NULL, and NULL gives no row. A setting is
read in a sub-select, so that PostgreSQL reads it once a statement and not once a row. A policy's own sub-selects stand
behind the walls of the tables they read, which is how a child follows its parent and a sample its device's owners.
Source: docs/adr/0025-walls-per-row.md.
"""

from alembic import op


def _setting(name: str) -> str:
    return f"(SELECT NULLIF(current_setting('statusportal.{name}', true), ''))"


_OPERATOR = f"{_setting('operator')} = 'on'"
NOBODY = "false"
OWN = f"organisation_id = ANY ({_setting('organisations')}::uuid[])"
MINE = f"person_id = {_setting('person')}::uuid"
OF_MY_PEOPLE = MINE + " OR person_id IN (SELECT person_id FROM membership)"  # noqa: S608 - a constant
OF_MY_DEVICES = "device_id IN (SELECT device_id FROM ownership)"
RECEIVED = (
    f"(to_organisation_id = ANY ({_setting('organisations')}::uuid[]) OR to_person_id = {_setting('person')}::uuid)"
)
MY_ACTS = f"{OWN} OR actor_id = {_setting('person')}::uuid"
UNDER_MY_ENTRIES = (
    "EXISTS (SELECT 1 FROM status_entry AS parent"
    " WHERE parent.organisation_id = {table}.organisation_id AND parent.id = {table}.entry_id)"
)
OF_MY_MODELS = "model_id IN (SELECT model_id FROM device)"
UNDER_MY_PUBLICATIONS = "EXISTS (SELECT 1 FROM publication AS parent WHERE parent.id = {table}.publication_id)"
PUBLISHED_TO_ME = f"published_number IS NOT NULL AND {OF_MY_MODELS}"
UNDER_MY_ARTICLES = "EXISTS (SELECT 1 FROM article AS parent WHERE parent.id = {table}.article_id)"
READ_AS_PUBLISHED = (
    "EXISTS (SELECT 1 FROM article AS parent"
    " WHERE parent.id = {table}.article_id AND parent.published_number = {table}.number)"
)
OF_MY_TRIALS = "id IN (SELECT publication_id FROM article_trial)"


def opened(column: str = "ownership_id") -> str:
    """Say which rows a grant, a link or a tree opens: those of the ownerships that the actor carries."""
    return f"{column} = ANY ({_setting('ownerships')}::uuid[])"


def raise_wall(table: str, rows: str = OWN) -> None:
    """Show and take these rows of a table alone, or every row for staff and the portal's jobs.

    Shape: `rows` is a condition of this module, or one in its manner. FORCE binds the owner of the table too.
    """
    _allow(table, "tenant", "ALL", f"{_OPERATOR} OR {rows}")
    _force(table)


def raise_wall_for_reading(table: str, rows: str) -> None:
    """Show these rows of a table alone, and let nobody change one; `open_wall_for_adding` lets them come."""
    _allow(table, "tenant", "SELECT", f"{_OPERATOR} OR {rows}")
    _force(table)


def open_wall_for_adding(table: str) -> None:
    """Take any row: for a log, to which everybody adds."""
    _allow(table, "anybody", "INSERT", "true")


def open_wall(table: str, rows: str) -> None:
    """Let more rows through for reading and writing: what others opened to the actor."""
    _allow(table, "opened", "ALL", rows.format(table=table))


def open_wall_for_reading(table: str, rows: str) -> None:
    """Let more rows through for reading alone."""
    _allow(table, "opened", "SELECT", rows.format(table=table))


def open_wall_for_counting(table: str, rows: str) -> None:
    """Let more rows through for reading alone, beside those that `open_wall` lets through for both."""
    _allow(table, "counted", "SELECT", rows.format(table=table))


def _allow(table: str, policy: str, command: str, rows: str) -> None:
    if not _has_walls():
        return
    op.execute(f"DROP POLICY IF EXISTS {policy} ON {table}")
    using = "" if command == "INSERT" else f" USING ({rows})"
    check = "" if command == "SELECT" else f" WITH CHECK ({rows})"
    op.execute(f"CREATE POLICY {policy} ON {table} FOR {command}{using}{check}")


def _force(table: str) -> None:
    if _has_walls():
        op.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")
        op.execute(f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY")


def _has_walls() -> bool:
    return op.get_context().dialect.name == "postgresql"
