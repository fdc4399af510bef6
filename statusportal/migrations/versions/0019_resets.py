"""Make the table of forgotten passwords."""

import sqlalchemy as sa
from alembic import op

from statusportal.migrations.walls import OF_MY_PEOPLE, raise_wall

revision = "0019"
down_revision = "0018"


def upgrade() -> None:
    """Make the table behind its wall. No row holds a secret: its digest comes when a letter is written."""
    op.create_table(
        "password_reset",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("email", sa.String(length=254), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=True),
        sa.Column("secret_digest", sa.String(length=64), nullable=True),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_password_reset_person_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_password_reset")),
        sa.UniqueConstraint("secret_digest", name=op.f("uq_password_reset_secret_digest")),
        info={"scale": "reference"},
    )
    op.create_index(op.f("ix_password_reset_expires_at"), "password_reset", ["expires_at"], unique=False)
    op.create_index(
        op.f("ix_password_reset_person_id_asked_at"), "password_reset", ["person_id", "asked_at"], unique=False
    )
    raise_wall("password_reset", OF_MY_PEOPLE)
