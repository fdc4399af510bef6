"""Make the table of files, which are reached under the entries that the actor reaches."""

import sqlalchemy as sa
from alembic import op

from statusportal.migrations.walls import UNDER_MY_ENTRIES, open_wall, raise_wall

revision = "0044"
down_revision = "0043"


def upgrade() -> None:
    """Make it, behind the walls of its entry."""
    op.create_table(
        "attachment",
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("entry_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("comment_id", sa.Uuid(), nullable=True),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("author_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("media_type", sa.String(length=40), nullable=False),
        sa.Column("size_bytes", sa.Integer(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("storage_key", sa.String(length=64), nullable=False),
        sa.Column("preview_storage_key", sa.String(length=64), nullable=True),
        sa.Column("width", sa.Integer(), nullable=True),
        sa.Column("height", sa.Integer(), nullable=True),
        sa.Column("excerpt", sa.Text(), nullable=False),
        sa.Column("keeps_details", sa.Boolean(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["author_id"], ["person.id"], name=op.f("fk_attachment_author_id_person")),
        sa.ForeignKeyConstraint(
            ["organisation_id", "entry_id"],
            ["status_entry.organisation_id", "status_entry.id"],
            name=op.f("fk_attachment_organisation_id_status_entry"),
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id", "entry_id", "comment_id"],
            ["comment.organisation_id", "comment.entry_id", "comment.id"],
            name=op.f("fk_attachment_organisation_id_comment"),
        ),
        sa.PrimaryKeyConstraint("organisation_id", "entry_id", "id", name=op.f("pk_attachment")),
        info={"scale": "by_organisation"},
    )
    for columns in (("organisation_id", "entry_id", "comment_id"), ("author_id", "created_at"), ("storage_key",)):
        op.create_index(op.f(f"ix_attachment_{'_'.join(columns)}"), "attachment", list(columns))
    raise_wall("attachment")
    open_wall("attachment", UNDER_MY_ENTRIES)
