"""Let credentials replace each other, run out, and be certificates."""

import sqlalchemy as sa
from alembic import op

revision = "0021"
down_revision = "0020"

_TABLE = "device_credential"


def upgrade() -> None:
    """Add the columns, and let every kind but a gateway name its device."""
    named = op.f("ck_device_credential_device_named")
    with op.batch_alter_table(_TABLE) as table:
        table.add_column(sa.Column("replaces_id", sa.Uuid(), nullable=True))
        table.add_column(sa.Column("starts_at", sa.DateTime(timezone=True), nullable=True))
        table.add_column(sa.Column("expires_at", sa.DateTime(timezone=True), nullable=True))
        table.drop_constraint(named, type_="check")
        table.create_check_constraint(named, "(kind = 'gateway') = (device_id IS NULL)")
        table.create_foreign_key(
            op.f("fk_device_credential_organisation_id_device_credential"),
            _TABLE,
            ["organisation_id", "replaces_id"],
            ["organisation_id", "id"],
        )
