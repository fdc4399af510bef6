"""Count a comment's wordings, keep the lines of reports, just deleted words for a moment, and drafts."""

import sqlalchemy as sa
from alembic import op

from statusportal.db.columns import Document
from statusportal.migrations.walls import MINE, UNDER_MY_ENTRIES, open_wall, raise_wall

revision = "0049"
down_revision = "0048"

_WORDINGS = """
    UPDATE comment SET edition = 1 + (
        SELECT count(*) FROM comment_revision AS before
        WHERE before.organisation_id = comment.organisation_id AND before.entry_id = comment.entry_id
        AND before.comment_id = comment.id
    ) WHERE edited_at IS NOT NULL
"""


def upgrade() -> None:
    """Add the columns and make the tables."""
    op.add_column("comment", sa.Column("report", Document, nullable=True))
    op.add_column("comment", sa.Column("edition", sa.Integer(), nullable=False, server_default="1"))
    if op.get_bind().dialect.name == "postgresql":
        op.execute("SELECT set_config('statusportal.operator', 'on', true)")  # comments stand behind a wall
    op.execute(_WORDINGS)
    op.create_table(
        "taken_back",
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("entry_id", sa.Uuid(), nullable=False),
        sa.Column("comment_id", sa.Uuid(), nullable=False),
        sa.Column("words", Document, nullable=False),
        sa.Column("until_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation_id", "entry_id", "comment_id"],
            ["comment.organisation_id", "comment.entry_id", "comment.id"],
            name=op.f("fk_taken_back_organisation_id_comment"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("organisation_id", "entry_id", "comment_id", name=op.f("pk_taken_back")),
        info={"scale": "by_organisation"},
    )
    op.create_table(
        "draft",
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("entry_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("parent_id", sa.Uuid(), nullable=True),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("saved_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation_id", "entry_id"],
            ["status_entry.organisation_id", "status_entry.id"],
            name=op.f("fk_draft_organisation_id_status_entry"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_draft_person_id_person")),
        sa.PrimaryKeyConstraint("organisation_id", "entry_id", "person_id", name=op.f("pk_draft")),
        info={"scale": "by_organisation"},
    )
    op.create_index(op.f("ix_draft_person_id"), "draft", ["person_id"])
    raise_wall("taken_back")
    open_wall("taken_back", UNDER_MY_ENTRIES)
    raise_wall("draft", MINE)
