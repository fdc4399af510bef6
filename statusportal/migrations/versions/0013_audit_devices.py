"""Let an act name the device that its subject belongs to."""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"


def upgrade() -> None:
    """Add the column and its index; acts that were written before stay as they are."""
    op.add_column("audit_record", sa.Column("device_id", sa.Uuid(), nullable=True))
    op.create_index(op.f("ix_audit_record_device_id_at"), "audit_record", ["device_id", "at"], unique=False)
