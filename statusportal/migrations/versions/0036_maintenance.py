"""Make the tables of planned work."""

import sqlalchemy as sa
from alembic import op

from statusportal.migrations.walls import open_wall, opened, raise_wall

revision = "0036"
down_revision = "0035"

ON_AN_OPEN_DEVICE = (
    "EXISTS (SELECT 1 FROM planned_device AS place"
    " WHERE place.organisation_id = {table}.organisation_id AND place.work_id = {table}.id)"
)


def upgrade() -> None:
    """Make both, and let whoever was let at a machine reach what is planned on it."""
    op.create_table(
        "planned_work",
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("title", sa.String(length=120), nullable=False),
        sa.Column("from_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("to_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("was_from_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("was_to_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("state", sa.String(length=40), nullable=False),
        sa.Column("proposed_by", sa.String(length=40), nullable=False),
        sa.Column("planned_by", sa.Uuid(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("settled_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("to_at > from_at", name=op.f("ck_planned_work_time_forward")),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_planned_work_organisation_id_organisation")
        ),
        sa.ForeignKeyConstraint(["planned_by"], ["person.id"], name=op.f("fk_planned_work_planned_by_person")),
        sa.PrimaryKeyConstraint("organisation_id", "id", name=op.f("pk_planned_work")),
        info={"scale": "by_organisation"},
    )
    op.create_index(op.f("ix_planned_work_organisation_id_from_at"), "planned_work", ["organisation_id", "from_at"])
    op.create_index(op.f("ix_planned_work_settled_at_to_at"), "planned_work", ["settled_at", "to_at"])
    op.create_table(
        "planned_device",
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("work_id", sa.Uuid(), nullable=False),
        sa.Column("device_id", sa.Uuid(), nullable=False),
        sa.Column("ownership_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation_id", "work_id"],
            ["planned_work.organisation_id", "planned_work.id"],
            name=op.f("fk_planned_device_organisation_id_planned_work"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id", "device_id", "ownership_id"],
            ["ownership.organisation_id", "ownership.device_id", "ownership.id"],
            name=op.f("fk_planned_device_organisation_id_ownership"),
        ),
        sa.PrimaryKeyConstraint("organisation_id", "work_id", "device_id", name=op.f("pk_planned_device")),
        info={"scale": "by_organisation"},
    )
    op.create_index(op.f("ix_planned_device_device_id"), "planned_device", ["device_id"])
    for table in ("planned_work", "planned_device"):
        raise_wall(table)
    open_wall("planned_device", opened())
    open_wall("planned_work", ON_AN_OPEN_DEVICE)
