"""Make the tables of erasing: who is to be erased, and the ledger of what was done."""

import sqlalchemy as sa
from alembic import op

from statusportal.migrations.walls import MINE, NOBODY, raise_wall

revision = "0015"
down_revision = "0014"


def upgrade() -> None:
    """Make the tables of erasing."""
    op.create_table(
        "erasure_wish",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=True),
        sa.Column("erased_organisation_id", sa.Uuid(), nullable=True),
        sa.Column("own_words", sa.String(length=40), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_erasure_wish_person_id_person")),
        sa.ForeignKeyConstraint(
            ["erased_organisation_id"],
            ["organisation.id"],
            name=op.f("fk_erasure_wish_erased_organisation_id_organisation"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_erasure_wish")),
        sa.UniqueConstraint("person_id", name=op.f("uq_erasure_wish_person_id")),
        sa.UniqueConstraint("erased_organisation_id", name=op.f("uq_erasure_wish_erased_organisation_id")),
        info={"scale": "reference"},
    )
    op.create_index(op.f("ix_erasure_wish_due_at"), "erasure_wish", ["due_at"])
    op.create_table(
        "erasure_record",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("subject", sa.String(length=64), nullable=False),
        sa.Column("own_words", sa.String(length=40), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_erasure_record")),
        info={"scale": "local"},
    )
    op.create_index(op.f("ix_erasure_record_at"), "erasure_record", ["at"])
    raise_wall("erasure_wish", MINE)
    raise_wall("erasure_record", NOBODY)
