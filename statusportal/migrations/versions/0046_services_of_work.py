"""Remember which services planned work is for, so that their counters begin anew when it is done."""

import sqlalchemy as sa
from alembic import op

from statusportal.db.columns import Document

revision = "0046"
down_revision = "0045"


def upgrade() -> None:
    """Add the column; work that was planned before is for none."""
    op.add_column("planned_work", sa.Column("services", Document, nullable=False, server_default="[]"))
