"""Make the table of evidence, which is reached under the entries that the actor reaches."""

import sqlalchemy as sa
from alembic import op

from statusportal.db.columns import Document
from statusportal.migrations.walls import UNDER_MY_ENTRIES, open_wall, raise_wall

revision = "0048"
down_revision = "0047"


def upgrade() -> None:
    """Make it, behind the walls of its entry."""
    op.create_table(
        "evidence",
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("entry_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("comment_id", sa.Uuid(), nullable=False),
        sa.Column("device_id", sa.Uuid(), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("letter", sa.String(length=40), nullable=False),
        sa.Column("signal", sa.String(length=200), nullable=False),
        sa.Column("label_en", sa.String(length=200), nullable=False),
        sa.Column("label_da", sa.String(length=200), nullable=False),
        sa.Column("unit", sa.String(length=40), nullable=False),
        sa.Column("from_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("to_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("value", Document, nullable=False),
        sa.Column("last_value", Document, nullable=True),
        sa.Column("points", Document, nullable=False),
        sa.Column("low", sa.Float(), nullable=True),
        sa.Column("high", sa.Float(), nullable=True),
        sa.ForeignKeyConstraint(
            ["organisation_id", "entry_id", "comment_id"],
            ["comment.organisation_id", "comment.entry_id", "comment.id"],
            name=op.f("fk_evidence_organisation_id_comment"),
        ),
        sa.PrimaryKeyConstraint("organisation_id", "entry_id", "id", name=op.f("pk_evidence")),
        info={"scale": "by_organisation"},
    )
    for columns in (("organisation_id", "entry_id", "comment_id"), ("device_id", "signal", "from_at")):
        op.create_index(op.f(f"ix_evidence_{'_'.join(columns)}"), "evidence", list(columns))
    raise_wall("evidence")
    open_wall("evidence", UNDER_MY_ENTRIES)
