"""Add the passkeys that people's devices keep, and let people begin their own ceremonies."""

import sqlalchemy as sa
from alembic import op

from statusportal.migrations.walls import MINE, OF_MY_PEOPLE, raise_wall

revision = "0025"
down_revision = "0024"


def upgrade() -> None:
    """Make the table and its wall."""
    op.create_table(
        "passkey",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("credential_id", sa.LargeBinary(), nullable=False),
        sa.Column("public_key", sa.LargeBinary(), nullable=False),
        sa.Column("sign_count", sa.BigInteger(), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_passkey_person_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_passkey")),
        sa.UniqueConstraint("credential_id", name=op.f("uq_passkey_credential_id")),
        info={"scale": "reference"},
    )
    op.create_index(op.f("ix_passkey_person_id"), "passkey", ["person_id"], unique=False)
    raise_wall("passkey", OF_MY_PEOPLE)
    raise_wall("ceremony", MINE)  # a signed-in person begins one too
