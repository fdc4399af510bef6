"""Make the tables of claim secrets and of what owners let strangers read, behind the walls."""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"

_OPERATOR = "current_setting('statusportal.operator', true) = 'on'"
_OWN = "organisation_id = ANY (NULLIF(current_setting('statusportal.organisations', true), '')::uuid[])"


def upgrade() -> None:
    """Make both tables; each row stands under the ownership in which it arose."""
    op.create_table(
        "claim_secret",
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("device_id", sa.Uuid(), nullable=False),
        sa.Column("ownership_id", sa.Uuid(), nullable=False),
        sa.Column("secret_digest", sa.String(length=64), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("expires_at > created_at", name=op.f("ck_claim_secret_period_forward")),
        sa.CheckConstraint("used_at IS NULL OR revoked_at IS NULL", name=op.f("ck_claim_secret_one_end")),
        sa.ForeignKeyConstraint(["device_id"], ["device.id"], name=op.f("fk_claim_secret_device_id_device")),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_claim_secret_organisation_id_organisation")
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id", "device_id", "ownership_id"],
            ["ownership.organisation_id", "ownership.device_id", "ownership.id"],
            name=op.f("fk_claim_secret_organisation_id_ownership"),
        ),
        sa.PrimaryKeyConstraint("organisation_id", "id", name=op.f("pk_claim_secret")),
        sa.UniqueConstraint("secret_digest", name=op.f("uq_claim_secret_secret_digest")),
        info={"scale": "reference"},
    )
    op.create_index(op.f("ix_claim_secret_device_id_created_at"), "claim_secret", ["device_id", "created_at"])
    op.create_table(
        "public_choice",
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("device_id", sa.Uuid(), nullable=False),
        sa.Column("ownership_id", sa.Uuid(), nullable=False),
        sa.Column("level", sa.String(length=40), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["device_id"], ["device.id"], name=op.f("fk_public_choice_device_id_device")),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_public_choice_organisation_id_organisation")
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id", "device_id", "ownership_id"],
            ["ownership.organisation_id", "ownership.device_id", "ownership.id"],
            name=op.f("fk_public_choice_organisation_id_ownership"),
        ),
        sa.PrimaryKeyConstraint("organisation_id", "device_id", "ownership_id", name=op.f("pk_public_choice")),
        info={"scale": "reference"},
    )
    op.create_index(op.f("ix_public_choice_device_id"), "public_choice", ["device_id"])
    if op.get_context().dialect.name != "postgresql":
        return
    for table in ("claim_secret", "public_choice"):
        op.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")
        op.execute(f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY")
        op.execute(f"CREATE POLICY tenant ON {table} USING ({_OPERATOR} OR {_OWN}) WITH CHECK ({_OPERATOR} OR {_OWN})")
