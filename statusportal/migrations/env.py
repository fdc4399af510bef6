"""Alembic's entry: run the revisions on the connection that `upgrade` opened."""

from alembic import context

from statusportal.migrations.tables import metadata

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    transaction_per_migration=True,
)
with context.begin_transaction():
    context.run_migrations()
