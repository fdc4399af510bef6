"""Make the table of limits that a device has of its own."""

import sqlalchemy as sa
from alembic import op

from statusportal.migrations.walls import open_wall, opened, raise_wall

revision = "0033"
down_revision = "0032"


def upgrade() -> None:
    """Make the table, and let whoever was let at the device reach it too."""
    op.create_table(
        "device_limit",
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("device_id", sa.Uuid(), nullable=False),
        sa.Column("ownership_id", sa.Uuid(), nullable=False),
        sa.Column("code", sa.String(length=40), nullable=False),
        sa.Column("low", sa.Float(), nullable=True),
        sa.Column("high", sa.Float(), nullable=True),
        sa.Column("reason", sa.String(length=300), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=True),
        sa.Column("person_role", sa.String(length=40), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("low IS NOT NULL OR high IS NOT NULL", name=op.f("ck_device_limit_says_something")),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_device_limit_organisation_id_organisation")
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id", "device_id", "ownership_id"],
            ["ownership.organisation_id", "ownership.device_id", "ownership.id"],
            name=op.f("fk_device_limit_organisation_id_ownership"),
        ),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_device_limit_person_id_person")),
        sa.PrimaryKeyConstraint("organisation_id", "device_id", "ownership_id", "code", name=op.f("pk_device_limit")),
        info={"scale": "by_organisation"},
    )
    raise_wall("device_limit")
    open_wall("device_limit", opened())
