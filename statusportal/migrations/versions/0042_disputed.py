"""Keep since when somebody says that a machine is still broken."""

import sqlalchemy as sa
from alembic import op

revision = "0042"
down_revision = "0041"


def upgrade() -> None:
    """Add the column."""
    op.add_column("status_entry", sa.Column("disputed_at", sa.DateTime(timezone=True), nullable=True))
