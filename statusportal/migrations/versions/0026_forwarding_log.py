"""Let the forwarding's log be trimmed along an index."""

from alembic import op

revision = "0026"
down_revision = "0025"


def upgrade() -> None:
    """Order the log by when a call was done with."""
    op.create_index(op.f("ix_forwarding_parcel_done_at"), "forwarding_parcel", ["done_at"])
