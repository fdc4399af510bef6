"""Make the tables of forwarding."""

import sqlalchemy as sa
from alembic import op

from statusportal.db.columns import Document
from statusportal.migrations.walls import raise_wall

revision = "0023"
down_revision = "0022"


def upgrade() -> None:
    """Make the tables, behind the walls of their organisation."""
    op.create_table(
        "forwarding",
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("address", sa.String(length=500), nullable=False),
        sa.Column("sealed_secret", sa.LargeBinary(), nullable=False),
        sa.Column("devices", Document, nullable=False),
        sa.Column("signals", Document, nullable=False),
        sa.Column("kinds", Document, nullable=False),
        sa.Column("state", sa.String(length=40), nullable=False),
        sa.Column("created_by", sa.Uuid(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("last_sent_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("last_trouble", sa.Text(), nullable=False),
        sa.Column("sent", sa.BigInteger(), nullable=False),
        sa.Column("unsent", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["created_by"], ["person.id"], name=op.f("fk_forwarding_created_by_person")),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_forwarding_organisation_id_organisation")
        ),
        sa.PrimaryKeyConstraint("organisation_id", "id", name=op.f("pk_forwarding")),
        info={"scale": "reference"},
    )
    op.create_index(op.f("ix_forwarding_state"), "forwarding", ["state"])
    op.create_table(
        "forwarding_parcel",
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("forwarding_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("state", sa.String(length=40), nullable=False),
        sa.Column("item_count", sa.Integer(), nullable=False),
        sa.Column("body", Document, nullable=True),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("status", sa.Integer(), nullable=True),
        sa.Column("trouble", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("next_try_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("done_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["organisation_id", "forwarding_id"],
            ["forwarding.organisation_id", "forwarding.id"],
            name=op.f("fk_forwarding_parcel_organisation_id_forwarding"),
        ),
        sa.PrimaryKeyConstraint("organisation_id", "forwarding_id", "id", name=op.f("pk_forwarding_parcel")),
        info={"scale": "by_organisation"},
    )
    op.create_index(op.f("ix_forwarding_parcel_state_next_try_at"), "forwarding_parcel", ["state", "next_try_at"])
    raise_wall("forwarding")
    raise_wall("forwarding_parcel")
