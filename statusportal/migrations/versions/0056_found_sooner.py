"""Find an author's documents and a comment's last sibling by key."""

from alembic import op

revision = "0056"
down_revision = "0055"


def upgrade() -> None:
    """Add the indexes; that of siblings takes the place of one that knew no order."""
    op.create_index(op.f("ix_search_document_author_id_number"), "search_document", ["author_id", "number"])
    siblings = ["organisation_id", "entry_id", "parent_id"]
    op.create_index(op.f("ix_comment_organisation_id_entry_id_parent_id_path"), "comment", [*siblings, "path"])
    op.drop_index(op.f("ix_comment_organisation_id_entry_id_parent_id"), "comment")
