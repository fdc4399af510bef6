"""Make the table of reactions."""

import sqlalchemy as sa
from alembic import op

from statusportal.migrations.walls import UNDER_MY_ENTRIES, open_wall, raise_wall

revision = "0038"
down_revision = "0037"


def upgrade() -> None:
    """Make it, and let whoever reads an entry react under it."""
    op.create_table(
        "reaction",
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("entry_id", sa.Uuid(), nullable=False),
        sa.Column("comment_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(length=40), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation_id", "entry_id", "comment_id"],
            ["comment.organisation_id", "comment.entry_id", "comment.id"],
            name=op.f("fk_reaction_organisation_id_comment"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_reaction_person_id_person")),
        sa.PrimaryKeyConstraint(
            "organisation_id", "entry_id", "comment_id", "person_id", "name", name=op.f("pk_reaction")
        ),
        info={"scale": "by_organisation"},
    )
    op.create_index(op.f("ix_reaction_person_id"), "reaction", ["person_id"])
    raise_wall("reaction")
    open_wall("reaction", UNDER_MY_ENTRIES)
