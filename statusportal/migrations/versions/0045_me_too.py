"""Make the tables of me too: an organisation's own, and what is counted under an entry without telling whose it is."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

from statusportal.migrations.walls import UNDER_MY_ENTRIES, open_wall, raise_wall

revision = "0045"
down_revision = "0044"

_DOCUMENT = sa.JSON().with_variant(JSONB(), "postgresql")


def upgrade() -> None:
    """Make the tables behind their walls."""
    op.create_table(
        "me_too",
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("device_id", sa.Uuid(), nullable=False),
        sa.Column("ownership_id", sa.Uuid(), nullable=False),
        sa.Column("entry_id", sa.Uuid(), nullable=False),
        sa.Column("publication_id", sa.Uuid(), nullable=False),
        sa.Column("said_by", sa.Uuid(), nullable=True),
        sa.Column("said_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("snapshot", _DOCUMENT, nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation_id", "device_id", "ownership_id"],
            ["ownership.organisation_id", "ownership.device_id", "ownership.id"],
            name=op.f("fk_me_too_organisation_id_ownership"),
        ),
        sa.ForeignKeyConstraint(["said_by"], ["person.id"], name=op.f("fk_me_too_said_by_person")),
        sa.PrimaryKeyConstraint("organisation_id", "id", name=op.f("pk_me_too")),
        sa.UniqueConstraint(
            "organisation_id",
            "entry_id",
            "device_id",
            "ownership_id",
            name=op.f("uq_me_too_organisation_id_entry_id_device_id_ownership_id"),
        ),
        info={"scale": "by_organisation"},
    )
    op.create_index(op.f("ix_me_too_publication_id"), "me_too", ["publication_id"])
    op.create_table(
        "affected_machine",
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("entry_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("firmware", sa.String(length=60), nullable=False),
        sa.Column("site_type", sa.String(length=40), nullable=True),
        sa.ForeignKeyConstraint(
            ["organisation_id", "entry_id"],
            ["status_entry.organisation_id", "status_entry.id"],
            name=op.f("fk_affected_machine_organisation_id_status_entry"),
        ),
        sa.PrimaryKeyConstraint("organisation_id", "entry_id", "id", name=op.f("pk_affected_machine")),
        info={"scale": "by_organisation"},
    )
    op.create_index(op.f("ix_affected_machine_entry_id"), "affected_machine", ["entry_id"])
    for table in ("me_too", "affected_machine"):
        raise_wall(table)
    open_wall("affected_machine", UNDER_MY_ENTRIES)
