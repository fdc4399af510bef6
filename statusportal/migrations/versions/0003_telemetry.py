"""Make the tables of telemetry and status."""

import sqlalchemy as sa
from alembic import op

from statusportal.db.columns import Document

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    """Make the tables of telemetry and status."""
    op.create_table(
        "journal_cursor",
        sa.Column("follower", sa.String(length=40), nullable=False),
        sa.Column("writer", sa.Uuid(), nullable=False),
        sa.Column("sequence", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("follower", "writer", name=op.f("pk_journal_cursor")),
        info={"scale": "local"},
    )
    op.create_table(
        "journal_entry",
        sa.Column("writer", sa.Uuid(), nullable=False),
        sa.Column("sequence", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("committed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("writer", "sequence", name=op.f("pk_journal_entry")),
        info={"scale": "local"},
    )
    op.create_table(
        "condition",
        sa.Column("device_id", sa.Uuid(), nullable=False),
        sa.Column("code", sa.String(length=80), nullable=False),
        sa.Column("state", sa.String(length=40), nullable=False),
        sa.Column("health", sa.String(length=40), nullable=False),
        sa.Column("signal_name", sa.String(length=100), nullable=True),
        sa.Column("limit_id", sa.Uuid(), nullable=True),
        sa.Column("value", sa.Float(), nullable=True),
        sa.Column("since_ms", sa.BigInteger(), nullable=False),
        sa.Column("active_since_ms", sa.BigInteger(), nullable=True),
        sa.Column("due_ms", sa.BigInteger(), nullable=True),
        sa.Column("first_ms", sa.BigInteger(), nullable=False),
        sa.Column("last_ms", sa.BigInteger(), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.Column("reason", Document, nullable=False),
        sa.ForeignKeyConstraint(["device_id"], ["device.id"], name=op.f("fk_condition_device_id_device")),
        sa.PrimaryKeyConstraint("device_id", "code", name=op.f("pk_condition")),
        info={"scale": "by_device"},
    )
    op.create_table(
        "device_status",
        sa.Column("device_id", sa.Uuid(), nullable=False),
        sa.Column("ownership_id", sa.Uuid(), nullable=True),
        sa.Column("health", sa.String(length=40), nullable=False),
        sa.Column("last_health", sa.String(length=40), nullable=False),
        sa.Column("connectivity", sa.String(length=40), nullable=False),
        sa.Column("health_since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("connectivity_since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("reason", Document, nullable=False),
        sa.Column("last_sample_at_ms", sa.BigInteger(), nullable=True),
        sa.Column("heard_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("arrived_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["device_id"], ["device.id"], name=op.f("fk_device_status_device_id_device")),
        sa.PrimaryKeyConstraint("device_id", name=op.f("pk_device_status")),
        info={"scale": "by_device"},
    )
    op.create_index(op.f("ix_device_status_due_at"), "device_status", ["due_at"], unique=False)
    op.create_table(
        "sample_conflict",
        sa.Column("device_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("signal_name", sa.String(length=100), nullable=False),
        sa.Column("at_ms", sa.BigInteger(), nullable=False),
        sa.Column("kept", sa.Text(), nullable=False),
        sa.Column("refused", sa.Text(), nullable=False),
        sa.Column("source", sa.String(length=80), nullable=False),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["device_id"], ["device.id"], name=op.f("fk_sample_conflict_device_id_device")),
        sa.PrimaryKeyConstraint("device_id", "id", name=op.f("pk_sample_conflict")),
        info={"scale": "by_device"},
    )
    op.create_index(op.f("ix_sample_conflict_source_seen_at"), "sample_conflict", ["source", "seen_at"], unique=False)
    op.create_table(
        "signal",
        sa.Column("device_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("name", sa.String(length=100), nullable=False),
        sa.Column("first_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("last_at_ms", sa.BigInteger(), nullable=True),
        sa.Column("last_kind", sa.SmallInteger(), nullable=True),
        sa.Column("last_real", sa.Float(), nullable=True),
        sa.Column("last_text", sa.Text(), nullable=True),
        sa.Column("last_quality", sa.SmallInteger(), nullable=True),
        sa.ForeignKeyConstraint(["device_id"], ["device.id"], name=op.f("fk_signal_device_id_device")),
        sa.PrimaryKeyConstraint("device_id", "number", name=op.f("pk_signal")),
        info={"scale": "by_device"},
    )
    op.create_index("uq_signal_device_id_name", "signal", ["device_id", "name"], unique=True)
    op.create_table(
        "status_interval",
        sa.Column("device_id", sa.Uuid(), nullable=False),
        sa.Column("from_ms", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("to_ms", sa.BigInteger(), nullable=True),
        sa.Column("health", sa.String(length=40), nullable=False),
        sa.Column("connectivity", sa.String(length=40), nullable=False),
        sa.Column("cause", Document, nullable=False),
        sa.ForeignKeyConstraint(["device_id"], ["device.id"], name=op.f("fk_status_interval_device_id_device")),
        sa.PrimaryKeyConstraint("device_id", "from_ms", name=op.f("pk_status_interval")),
        info={"scale": "by_device"},
    )
    op.create_table(
        "sample",
        sa.Column("device_id", sa.Uuid(), nullable=False),
        sa.Column("signal_number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("at_ms", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("kind", sa.SmallInteger(), nullable=False),
        sa.Column("real", sa.Float(), nullable=True),
        sa.Column("text", sa.Text(), nullable=True),
        sa.Column("quality", sa.SmallInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["device_id", "signal_number"],
            ["signal.device_id", "signal.number"],
            name=op.f("fk_sample_device_id_signal"),
        ),
        sa.PrimaryKeyConstraint("device_id", "signal_number", "at_ms", name=op.f("pk_sample")),
        info={"scale": "by_device"},
        sqlite_with_rowid=False,
    )
