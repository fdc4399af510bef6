"""Note in each session whether it began with a password that is on the operator's list of stolen ones."""

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"


def upgrade() -> None:
    """Add the column; sessions of before are innocent until they begin anew."""
    op.add_column("sign_in", sa.Column("is_password_breached", sa.Boolean(), nullable=True))
    op.execute("UPDATE sign_in SET is_password_breached = false")
    with op.batch_alter_table("sign_in") as table:
        table.alter_column("is_password_breached", nullable=False)
