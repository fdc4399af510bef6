"""Make the tables of connections."""

import sqlalchemy as sa
from alembic import op

from statusportal.db.columns import Document

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    """Make the tables of connections."""
    op.create_table(
        "connection",
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("adapter", sa.String(length=40), nullable=False),
        sa.Column("options", Document, nullable=False),
        sa.Column("secret_options", sa.LargeBinary(), nullable=True),
        sa.Column("format_options", Document, nullable=False),
        sa.Column("mapping", Document, nullable=False),
        sa.Column("is_enabled", sa.Boolean(), nullable=False),
        sa.Column("is_creating_devices", sa.Boolean(), nullable=False),
        sa.Column("model_id", sa.Uuid(), nullable=True),
        sa.Column("state", sa.String(length=40), nullable=False),
        sa.Column("state_since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("last_error", sa.Text(), nullable=False),
        sa.Column("last_error_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("last_heard_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("accepted", sa.BigInteger(), nullable=False),
        sa.Column("duplicates", sa.BigInteger(), nullable=False),
        sa.Column("conflicts", sa.BigInteger(), nullable=False),
        sa.Column("rejected", sa.BigInteger(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["model_id"], ["device_model.id"], name=op.f("fk_connection_model_id_device_model")),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_connection_organisation_id_organisation")
        ),
        sa.PrimaryKeyConstraint("organisation_id", "id", name=op.f("pk_connection")),
        info={"scale": "reference"},
    )
    op.create_table(
        "connection_happening",
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("connection_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("from_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("detail", sa.Text(), nullable=False),
        sa.Column("topic", sa.Text(), nullable=False),
        sa.Column("excerpt", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation_id", "connection_id"],
            ["connection.organisation_id", "connection.id"],
            name=op.f("fk_connection_happening_organisation_id_connection"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("organisation_id", "connection_id", "id", name=op.f("pk_connection_happening")),
        info={"scale": "by_organisation"},
    )
    op.create_index(
        op.f("ix_connection_happening_organisation_id_connection_id_at"),
        "connection_happening",
        ["organisation_id", "connection_id", "at"],
        unique=False,
    )
    op.create_table(
        "unknown_serial",
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("connection_id", sa.Uuid(), nullable=False),
        sa.Column("serial", sa.String(length=100), nullable=False),
        sa.Column("first_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("last_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("samples", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation_id", "connection_id"],
            ["connection.organisation_id", "connection.id"],
            name=op.f("fk_unknown_serial_organisation_id_connection"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("organisation_id", "connection_id", "serial", name=op.f("pk_unknown_serial")),
        info={"scale": "by_organisation"},
    )
