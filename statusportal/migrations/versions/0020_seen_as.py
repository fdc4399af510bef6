"""Make the table of seeing as a customer: the organisation it concerns reads it, and the person."""

import sqlalchemy as sa
from alembic import op

from statusportal.migrations.walls import MINE, open_wall_for_reading, raise_wall

revision = "0020"
down_revision = "0019"


def upgrade() -> None:
    """Make the table and its wall."""
    op.create_table(
        "seen_as",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("staff_id", sa.Uuid(), nullable=False),
        sa.Column("session_id", sa.Uuid(), nullable=False),
        sa.Column("reason", sa.String(length=300), nullable=False),
        sa.Column("began_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("page_count", sa.Integer(), nullable=False),
        sa.CheckConstraint("ends_at > began_at", name=op.f("ck_seen_as_time_forward")),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_seen_as_organisation_id_organisation")
        ),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_seen_as_person_id_person")),
        sa.ForeignKeyConstraint(["staff_id"], ["person.id"], name=op.f("fk_seen_as_staff_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_seen_as")),
        info={"scale": "reference"},
    )
    for first, second in (("session_id", "ended_at"), ("organisation_id", "began_at"), ("person_id", "began_at")):
        op.create_index(op.f(f"ix_seen_as_{first}_{second}"), "seen_as", [first, second], unique=False)
    raise_wall("seen_as")
    open_wall_for_reading("seen_as", MINE)
