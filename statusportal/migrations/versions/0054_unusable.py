"""Remember since when no value of a device was usable."""

import sqlalchemy as sa
from alembic import op

revision = "0054"
down_revision = "0053"


def upgrade() -> None:
    """Add the columns."""
    for name in ("poor_since_ms", "unusable_since_ms"):
        op.add_column("device_status", sa.Column(name, sa.BigInteger(), nullable=True))
