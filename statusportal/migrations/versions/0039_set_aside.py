"""Set aside devices that cannot be derived, and remember long histories that are to be told again."""

import sqlalchemy as sa
from alembic import op

from statusportal.migrations.walls import OF_MY_DEVICES, raise_wall

revision = "0039"
down_revision = "0038"


def upgrade() -> None:
    """Make the tables behind their walls, and add the column."""
    op.create_table(
        "set_aside",
        sa.Column("device_id", sa.Uuid(), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("error_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(length=100), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("retry_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("from_ms", sa.BigInteger(), nullable=True),
        sa.Column("since_try_ms", sa.BigInteger(), nullable=True),
        sa.Column("is_mute", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["device_id"], ["device.id"], name=op.f("fk_set_aside_device_id_device")),
        sa.PrimaryKeyConstraint("device_id", name=op.f("pk_set_aside")),
        info={"scale": "by_device"},
    )
    op.create_index(op.f("ix_set_aside_retry_at"), "set_aside", ["retry_at"])
    op.create_table(
        "long_correction",
        sa.Column("device_id", sa.Uuid(), nullable=False),
        sa.Column("from_ms", sa.BigInteger(), nullable=False),
        sa.Column("asked", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["device_id"], ["device.id"], name=op.f("fk_long_correction_device_id_device")),
        sa.PrimaryKeyConstraint("device_id", name=op.f("pk_long_correction")),
        info={"scale": "by_device"},
    )
    for table in ("set_aside", "long_correction"):
        raise_wall(table, OF_MY_DEVICES)
    op.add_column("device_status", sa.Column("aside_since", sa.DateTime(timezone=True), nullable=True))
