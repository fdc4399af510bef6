"""Add identity providers and linked identities, and note in each session how it began and who vouched for it."""

import sqlalchemy as sa
from alembic import op

from statusportal.db.columns import Document
from statusportal.migrations.walls import MINE, OWN, raise_wall

revision = "0028"
down_revision = "0027"


def upgrade() -> None:
    """Make the tables and their walls; sessions of before began by password, as far as anybody knows."""
    op.create_table(
        "identity_provider",
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("issuer", sa.String(length=500), nullable=False),
        sa.Column("client_id", sa.String(length=255), nullable=False),
        sa.Column("sealed_secret", sa.LargeBinary(), nullable=True),
        sa.Column("scopes", Document, nullable=False),
        sa.Column("domains", Document, nullable=False),
        sa.Column("is_enabled", sa.Boolean(), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_identity_provider_organisation_id_organisation")
        ),
        sa.PrimaryKeyConstraint("organisation_id", name=op.f("pk_identity_provider")),
        info={"scale": "reference"},
    )
    op.create_table(
        "linked_identity",
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("issuer", sa.String(length=500), nullable=False),
        sa.Column("subject", sa.String(length=255), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["organisation_id"],
            ["identity_provider.organisation_id"],
            name=op.f("fk_linked_identity_organisation_id_identity_provider"),
        ),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_linked_identity_person_id_person")),
        sa.PrimaryKeyConstraint("organisation_id", "issuer", "subject", name=op.f("pk_linked_identity")),
        sa.UniqueConstraint("organisation_id", "person_id", name=op.f("uq_linked_identity_organisation_id_person_id")),
        info={"scale": "reference"},
    )
    op.create_index(op.f("ix_linked_identity_person_id"), "linked_identity", ["person_id"], unique=False)
    raise_wall("identity_provider")
    raise_wall("linked_identity", f"{OWN} OR {MINE}")
    op.add_column("organisation", sa.Column("is_provider_required", sa.Boolean(), nullable=True))
    op.execute("UPDATE organisation SET is_provider_required = false")
    with op.batch_alter_table("organisation") as table:
        table.alter_column("is_provider_required", nullable=False)
    op.add_column("sign_in", sa.Column("way", sa.String(length=40), nullable=True))
    op.execute("UPDATE sign_in SET way = 'password'")
    with op.batch_alter_table("sign_in") as table:
        table.alter_column("way", nullable=False)
        table.add_column(sa.Column("vouched_by_id", sa.Uuid(), nullable=True))
        table.create_foreign_key(
            op.f("fk_sign_in_vouched_by_id_organisation"), "organisation", ["vouched_by_id"], ["id"]
        )
