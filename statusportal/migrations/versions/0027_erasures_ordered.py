"""Keep who ordered an erasing, while it waits."""

import sqlalchemy as sa
from alembic import op

revision = "0027"
down_revision = "0026"


def upgrade() -> None:
    """Add the column."""
    with op.batch_alter_table("erasure_wish") as table:
        table.add_column(sa.Column("ordered_by", sa.Uuid(), nullable=True))
        table.create_foreign_key(op.f("fk_erasure_wish_ordered_by_person"), "person", ["ordered_by"], ["id"])
