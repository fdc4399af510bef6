"""The migrations make exactly the tables that the rooms declare, on both databases."""

from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import text

from statusportal.db.engine import open_engine
from statusportal.migrations.tables import metadata
from statusportal.migrations.upgrade import upgrade

# Full-text indexes are the database's own and stand in migrations alone.
_NOT_OURS = ("search_text",)


def test_migrated_schema_equals_the_declared_one(works):
    with works.engine.connect() as connection:
        context = MigrationContext.configure(
            connection,
            opts={"include_name": lambda name, _kind, _parents: not (name or "").startswith(_NOT_OURS)},
        )

        assert compare_metadata(context, metadata) == []


def test_upgrading_twice_changes_nothing(settings):
    upgrade(settings)


def test_the_database_engine_opens_on_both(settings):
    engine = open_engine(settings.database_url)
    with engine.connect() as connection:
        assert connection.execute(text("SELECT 1")).scalar() == 1
    engine.dispose()
