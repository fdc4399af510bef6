"""Make the table of takeouts, behind a wall of its own: who asked sees it, in whatever organisation they are."""

import sqlalchemy as sa
from alembic import op

from statusportal.migrations.walls import MINE, raise_wall

revision = "0014"
down_revision = "0013"


def upgrade() -> None:
    """Make the table of takeouts."""
    op.create_table(
        "takeout",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=True),
        sa.Column("state", sa.String(length=40), nullable=False),
        sa.Column("storage_key", sa.String(length=80), nullable=False),
        sa.Column("parts_done", sa.Integer(), nullable=False),
        sa.Column("parts_whole", sa.Integer(), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("trouble", sa.Text(), nullable=False),
        sa.Column("size_bytes", sa.BigInteger(), nullable=True),
        sa.Column("sha256", sa.String(length=64), nullable=True),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("taken_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_takeout_organisation_id_organisation")
        ),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_takeout_person_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_takeout")),
        sa.UniqueConstraint("storage_key", name=op.f("uq_takeout_storage_key")),
        info={"scale": "reference"},
    )
    op.create_index(op.f("ix_takeout_person_id_asked_at"), "takeout", ["person_id", "asked_at"])
    op.create_index(op.f("ix_takeout_state"), "takeout", ["state"])
    raise_wall("takeout", MINE)
