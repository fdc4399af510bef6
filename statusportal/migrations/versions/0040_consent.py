"""Let staff ask an owner who may read an entry."""

import sqlalchemy as sa
from alembic import op

revision = "0040"
down_revision = "0039"


def upgrade() -> None:
    """Add what is asked, by which role, and since when."""
    op.add_column("status_entry", sa.Column("wished_audience", sa.String(length=40), nullable=True))
    op.add_column("status_entry", sa.Column("wished_role", sa.String(length=40), nullable=True))
    op.add_column("status_entry", sa.Column("wished_at", sa.DateTime(timezone=True), nullable=True))
