"""Make the table of mentions."""

import sqlalchemy as sa
from alembic import op

from statusportal.migrations.walls import UNDER_MY_ENTRIES, open_wall, raise_wall

revision = "0051"
down_revision = "0050"


def upgrade() -> None:
    """Make it, and let whoever reads an entry call people under it."""
    op.create_table(
        "mention",
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("entry_id", sa.Uuid(), nullable=False),
        sa.Column("comment_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation_id", "entry_id", "comment_id"],
            ["comment.organisation_id", "comment.entry_id", "comment.id"],
            name=op.f("fk_mention_organisation_id_comment"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_mention_person_id_person")),
        sa.PrimaryKeyConstraint("organisation_id", "entry_id", "comment_id", "person_id", name=op.f("pk_mention")),
        info={"scale": "by_organisation"},
    )
    op.create_index(op.f("ix_mention_person_id"), "mention", ["person_id"])
    raise_wall("mention")
    open_wall("mention", UNDER_MY_ENTRIES)
