"""Let a model have rules of every kind, and a device remember what its rules have seen."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0030"
down_revision = "0029"

_DOCUMENT = sa.JSON().with_variant(JSONB(), "postgresql")


def upgrade() -> None:
    """Add the columns."""
    with op.batch_alter_table("device_model") as table:
        table.add_column(sa.Column("rules", _DOCUMENT, nullable=False, server_default="[]"))
    with op.batch_alter_table("device_status") as table:
        table.add_column(sa.Column("memory", _DOCUMENT, nullable=True))
