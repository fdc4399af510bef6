"""Keep each time that a condition was active, and on an entry how often and since when it is clear."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

from statusportal.migrations.walls import OF_MY_DEVICES, raise_wall

revision = "0034"
down_revision = "0033"

_DOCUMENT = sa.JSON().with_variant(JSONB(), "postgresql")


def upgrade() -> None:
    """Make the table behind its wall, and add the columns."""
    op.create_table(
        "activation",
        sa.Column("device_id", sa.Uuid(), nullable=False),
        sa.Column("code", sa.String(length=80), nullable=False),
        sa.Column("from_ms", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("to_ms", sa.BigInteger(), nullable=True),
        sa.Column("ownership_id", sa.Uuid(), nullable=False),
        sa.Column("entry_id", sa.Uuid(), nullable=True),
        sa.Column("health", sa.String(length=40), nullable=False),
        sa.Column("reason", _DOCUMENT, nullable=False),
        sa.Column("ended", _DOCUMENT, nullable=True),
        sa.ForeignKeyConstraint(["device_id"], ["device.id"], name=op.f("fk_activation_device_id_device")),
        sa.PrimaryKeyConstraint("device_id", "code", "from_ms", name=op.f("pk_activation")),
        info={"scale": "by_device"},
    )
    op.create_index(op.f("ix_activation_device_id_entry_id"), "activation", ["device_id", "entry_id"])
    raise_wall("activation", OF_MY_DEVICES)
    with op.batch_alter_table("device_model") as table:
        table.add_column(sa.Column("clear_after_s", sa.Integer(), nullable=False, server_default="86400"))
    with op.batch_alter_table("status_entry") as table:
        table.add_column(sa.Column("event_count", sa.Integer(), nullable=False, server_default="0"))
        table.add_column(sa.Column("last_event_at", sa.DateTime(timezone=True), nullable=True))
        table.add_column(sa.Column("clear_since", sa.DateTime(timezone=True), nullable=True))
        table.add_column(sa.Column("clear_due_at", sa.DateTime(timezone=True), nullable=True))
    op.create_index(
        "ix_status_entry_confirming",
        "status_entry",
        ["clear_due_at"],
        sqlite_where=sa.text("lifecycle = 'monitoring'"),
        postgresql_where=sa.text("lifecycle = 'monitoring'"),
    )
