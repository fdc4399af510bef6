"""Keep states from which a device's history can be told again, and remember from when on that is wanted."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

from statusportal.migrations.walls import OF_MY_DEVICES, raise_wall

revision = "0035"
down_revision = "0034"

_DOCUMENT = sa.JSON().with_variant(JSONB(), "postgresql")


def upgrade() -> None:
    """Make the table behind its wall, and add the columns."""
    op.create_table(
        "kept_state",
        sa.Column("device_id", sa.Uuid(), nullable=False),
        sa.Column("at_ms", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("ownership_id", sa.Uuid(), nullable=True),
        sa.Column("mark", sa.String(length=64), nullable=False),
        sa.Column("state", _DOCUMENT, nullable=True),
        sa.ForeignKeyConstraint(["device_id"], ["device.id"], name=op.f("fk_kept_state_device_id_device")),
        sa.PrimaryKeyConstraint("device_id", "at_ms", name=op.f("pk_kept_state")),
        info={"scale": "by_device"},
    )
    raise_wall("kept_state", OF_MY_DEVICES)
    with op.batch_alter_table("device_status") as table:
        table.add_column(sa.Column("kept_ms", sa.BigInteger(), nullable=True))
        table.add_column(sa.Column("late_from_ms", sa.BigInteger(), nullable=True))
        table.add_column(sa.Column("correct_at", sa.DateTime(timezone=True), nullable=True))
