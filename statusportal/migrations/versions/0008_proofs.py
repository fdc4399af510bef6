"""Note in each session when its person last proved who they are; so far that was at its beginning."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"


def upgrade() -> None:
    """Add the column, fill it, and then insist on it."""
    op.add_column("sign_in", sa.Column("proved_at", sa.DateTime(timezone=True), nullable=True))
    op.execute("UPDATE sign_in SET proved_at = created_at")
    with op.batch_alter_table("sign_in") as table:
        table.alter_column("proved_at", nullable=False)
