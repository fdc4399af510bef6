"""Make the table of conditions that people put aside."""

import sqlalchemy as sa
from alembic import op

from statusportal.migrations.walls import open_wall, opened, raise_wall

revision = "0029"
down_revision = "0028"


def upgrade() -> None:
    """Make the table, and let whoever was let at the device reach it too."""
    op.create_table(
        "resting_condition",
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("device_id", sa.Uuid(), nullable=False),
        sa.Column("ownership_id", sa.Uuid(), nullable=False),
        sa.Column("code", sa.String(length=80), nullable=False),
        sa.Column("rest", sa.String(length=40), nullable=False),
        sa.Column("until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("reason", sa.String(length=300), nullable=False),
        sa.Column("health", sa.String(length=40), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=True),
        sa.Column("person_role", sa.String(length=40), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("(rest = 'shelved') = (until IS NOT NULL)", name=op.f("ck_resting_condition_shelved_until")),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_resting_condition_organisation_id_organisation")
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id", "device_id", "ownership_id"],
            ["ownership.organisation_id", "ownership.device_id", "ownership.id"],
            name=op.f("fk_resting_condition_organisation_id_ownership"),
        ),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_resting_condition_person_id_person")),
        sa.PrimaryKeyConstraint(
            "organisation_id", "device_id", "ownership_id", "code", name=op.f("pk_resting_condition")
        ),
        info={"scale": "by_organisation"},
    )
    op.create_index(op.f("ix_resting_condition_until"), "resting_condition", ["until"])
    raise_wall("resting_condition")
    open_wall("resting_condition", opened())
