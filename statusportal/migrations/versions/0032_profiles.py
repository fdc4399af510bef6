"""Let a model say more of its signals, keep a catalogue of alarm codes, and remember what it was in each version."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0032"
down_revision = "0031"

_DOCUMENT = sa.JSON().with_variant(JSONB(), "postgresql")


def upgrade() -> None:
    """Add the columns and the table; the version that stands is kept before its first change."""
    with op.batch_alter_table("device_model") as table:
        table.add_column(sa.Column("codes", _DOCUMENT, nullable=False, server_default="[]"))
    with op.batch_alter_table("model_signal") as table:
        table.add_column(sa.Column("traits", _DOCUMENT, nullable=False, server_default="{}"))
    op.create_table(
        "model_version",
        sa.Column("model_id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("act", sa.String(length=40), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=True),
        sa.Column("profile", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["model_id"], ["device_model.id"], name=op.f("fk_model_version_model_id_device_model")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_model_version_person_id_person")),
        sa.PrimaryKeyConstraint("model_id", "version", name=op.f("pk_model_version")),
        info={"scale": "reference"},
    )
