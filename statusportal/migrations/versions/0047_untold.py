"""Keep shifts with the status of a device until those who listen have heard of them."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0047"
down_revision = "0046"


def upgrade() -> None:
    """Add the column."""
    document = sa.JSON(none_as_null=True).with_variant(JSONB(none_as_null=True), "postgresql")
    op.add_column("device_status", sa.Column("untold", document, nullable=True))
