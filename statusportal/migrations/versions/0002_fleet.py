"""Make the tables of the fleet, with ownership and grants from the start."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """Make the tables of the fleet, with ownership and grants from the start."""
    op.create_table(
        "device_model",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("slug", sa.String(length=80), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("description", sa.Text(), nullable=False),
        sa.Column("is_strict", sa.Boolean(), nullable=False),
        sa.Column("expected_interval_s", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("expected_interval_s > 0", name=op.f("ck_device_model_interval_positive")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_device_model")),
        sa.UniqueConstraint("slug", name=op.f("uq_device_model_slug")),
        info={"scale": "reference"},
    )
    op.create_table(
        "device",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("model_id", sa.Uuid(), nullable=False),
        sa.Column("serial", sa.String(length=100), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("site", sa.String(length=200), nullable=False),
        sa.Column("firmware", sa.String(length=60), nullable=False),
        sa.Column("installed_on", sa.Date(), nullable=True),
        sa.Column("label", sa.String(length=60), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["model_id"], ["device_model.id"], name=op.f("fk_device_model_id_device_model")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_device")),
        sa.UniqueConstraint("label", name=op.f("uq_device_label")),
        sa.UniqueConstraint("model_id", "serial", name=op.f("uq_device_model_id_serial")),
        info={"scale": "reference"},
    )
    op.create_index(op.f("ix_device_serial"), "device", ["serial"], unique=False)
    op.create_table(
        "model_signal",
        sa.Column("model_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(length=100), nullable=False),
        sa.Column("label_en", sa.String(length=200), nullable=False),
        sa.Column("label_da", sa.String(length=200), nullable=False),
        sa.Column("unit", sa.String(length=40), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("decimals", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["model_id"], ["device_model.id"], name=op.f("fk_model_signal_model_id_device_model")),
        sa.PrimaryKeyConstraint("model_id", "name", name=op.f("pk_model_signal")),
        info={"scale": "reference"},
    )
    op.create_table(
        "device_credential",
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("device_id", sa.Uuid(), nullable=True),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("secret_digest", sa.String(length=64), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "(kind = 'device') = (device_id IS NOT NULL)", name=op.f("ck_device_credential_device_named")
        ),
        sa.ForeignKeyConstraint(["device_id"], ["device.id"], name=op.f("fk_device_credential_device_id_device")),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_device_credential_organisation_id_organisation")
        ),
        sa.PrimaryKeyConstraint("organisation_id", "id", name=op.f("pk_device_credential")),
        sa.UniqueConstraint("secret_digest", name=op.f("uq_device_credential_secret_digest")),
        info={"scale": "reference"},
    )
    op.create_index(op.f("ix_device_credential_device_id"), "device_credential", ["device_id"], unique=False)
    op.create_table(
        "ownership",
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("device_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("from_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("to_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("to_at IS NULL OR to_at > from_at", name=op.f("ck_ownership_period_forward")),
        sa.ForeignKeyConstraint(["device_id"], ["device.id"], name=op.f("fk_ownership_device_id_device")),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_ownership_organisation_id_organisation")
        ),
        sa.PrimaryKeyConstraint("organisation_id", "device_id", "id", name=op.f("pk_ownership")),
        info={"scale": "reference"},
    )
    op.create_index(op.f("ix_ownership_device_id_from_at"), "ownership", ["device_id", "from_at"], unique=False)
    op.create_index(
        "uq_ownership_open",
        "ownership",
        ["device_id"],
        unique=True,
        sqlite_where=sa.text("to_at IS NULL"),
        postgresql_where=sa.text("to_at IS NULL"),
    )
    op.create_table(
        "signal_limit",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("model_id", sa.Uuid(), nullable=False),
        sa.Column("signal_name", sa.String(length=100), nullable=False),
        sa.Column("code", sa.String(length=40), nullable=False),
        sa.Column("side", sa.String(length=40), nullable=False),
        sa.Column("threshold", sa.Float(), nullable=False),
        sa.Column("hysteresis", sa.Float(), nullable=False),
        sa.Column("duration_s", sa.Integer(), nullable=False),
        sa.Column("health", sa.String(length=40), nullable=False),
        sa.Column("sentence_en", sa.Text(), nullable=False),
        sa.Column("sentence_da", sa.Text(), nullable=False),
        sa.Column("advice_en", sa.Text(), nullable=False),
        sa.Column("advice_da", sa.Text(), nullable=False),
        sa.CheckConstraint("duration_s >= 0", name=op.f("ck_signal_limit_duration_not_negative")),
        sa.CheckConstraint("hysteresis >= 0", name=op.f("ck_signal_limit_hysteresis_not_negative")),
        sa.ForeignKeyConstraint(
            ["model_id", "signal_name"],
            ["model_signal.model_id", "model_signal.name"],
            name=op.f("fk_signal_limit_model_id_model_signal"),
        ),
        sa.ForeignKeyConstraint(["model_id"], ["device_model.id"], name=op.f("fk_signal_limit_model_id_device_model")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_signal_limit")),
        sa.UniqueConstraint("model_id", "code", name=op.f("uq_signal_limit_model_id_code")),
        info={"scale": "reference"},
    )
    op.create_table(
        "access_grant",
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("device_id", sa.Uuid(), nullable=False),
        sa.Column("ownership_id", sa.Uuid(), nullable=False),
        sa.Column("to_organisation_id", sa.Uuid(), nullable=True),
        sa.Column("to_person_id", sa.Uuid(), nullable=True),
        sa.Column("rights", sa.Integer(), nullable=False),
        sa.Column("from_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("to_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by", sa.Uuid(), nullable=True),
        sa.CheckConstraint(
            "(to_organisation_id IS NULL) <> (to_person_id IS NULL)", name=op.f("ck_access_grant_one_receiver")
        ),
        sa.CheckConstraint("rights > 0", name=op.f("ck_access_grant_rights_given")),
        sa.ForeignKeyConstraint(["created_by"], ["person.id"], name=op.f("fk_access_grant_created_by_person")),
        sa.ForeignKeyConstraint(["device_id"], ["device.id"], name=op.f("fk_access_grant_device_id_device")),
        sa.ForeignKeyConstraint(
            ["organisation_id", "device_id", "ownership_id"],
            ["ownership.organisation_id", "ownership.device_id", "ownership.id"],
            name=op.f("fk_access_grant_organisation_id_ownership"),
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_access_grant_organisation_id_organisation")
        ),
        sa.ForeignKeyConstraint(
            ["to_organisation_id"], ["organisation.id"], name=op.f("fk_access_grant_to_organisation_id_organisation")
        ),
        sa.ForeignKeyConstraint(["to_person_id"], ["person.id"], name=op.f("fk_access_grant_to_person_id_person")),
        sa.PrimaryKeyConstraint("organisation_id", "id", name=op.f("pk_access_grant")),
        info={"scale": "reference"},
    )
    op.create_index(op.f("ix_access_grant_device_id"), "access_grant", ["device_id"], unique=False)
    op.create_index(
        op.f("ix_access_grant_to_organisation_id_device_id"),
        "access_grant",
        ["to_organisation_id", "device_id"],
        unique=False,
    )
    op.create_index(
        op.f("ix_access_grant_to_person_id_device_id"), "access_grant", ["to_person_id", "device_id"], unique=False
    )
