"""Keep where a link's letter goes, and when it was written."""

import sqlalchemy as sa
from alembic import op

revision = "0031"
down_revision = "0030"


def upgrade() -> None:
    """Add the columns."""
    with op.batch_alter_table("share_link") as table:
        table.add_column(sa.Column("mail_to", sa.String(length=254), nullable=True))
        table.add_column(sa.Column("mailed_at", sa.DateTime(timezone=True), nullable=True))
