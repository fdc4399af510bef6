"""Make the tables of articles, and of how they went."""

import sqlalchemy as sa
from alembic import op

from statusportal.migrations.walls import open_wall, opened, raise_wall

revision = "0053"
down_revision = "0052"


def upgrade() -> None:
    """Make the tables; how an article went on a machine stands behind its owner's wall."""
    op.create_table(
        "article",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("model_id", sa.Uuid(), nullable=False),
        sa.Column("code", sa.String(length=80), nullable=True),
        sa.Column("latest_number", sa.Integer(), nullable=False),
        sa.Column("published_number", sa.Integer(), nullable=True),
        sa.Column("source_comment_id", sa.Uuid(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["model_id"], ["device_model.id"], name=op.f("fk_article_model_id_device_model")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_article")),
        info={"scale": "reference"},
    )
    op.create_index(op.f("ix_article_model_id_code"), "article", ["model_id", "code"])
    op.create_index(op.f("ix_article_source_comment_id"), "article", ["source_comment_id"])
    _make_versions()
    _make_trials()
    op.create_table(
        "article_outcome",
        sa.Column("article_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("outcome", sa.String(length=40), nullable=False),
        sa.Column("is_by_machine", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["article_id"], ["article.id"], name=op.f("fk_article_outcome_article_id_article")),
        sa.PrimaryKeyConstraint("article_id", "id", name=op.f("pk_article_outcome")),
        info={"scale": "reference"},
    )
    raise_wall("article_trial")
    # Who manages a device for its owner says that a fix was applied.
    open_wall("article_trial", opened())


def _make_versions() -> None:
    op.create_table(
        "article_version",
        sa.Column("article_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("state", sa.String(length=40), nullable=False),
        sa.Column("title", sa.String(length=300), nullable=False),
        sa.Column("symptom", sa.Text(), nullable=False),
        sa.Column("cause", sa.Text(), nullable=False),
        sa.Column("fix", sa.Text(), nullable=False),
        sa.Column("firmware_from", sa.String(length=60), nullable=False),
        sa.Column("firmware_to", sa.String(length=60), nullable=False),
        sa.Column("written_by", sa.Uuid(), nullable=True),
        sa.Column("written_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("reviewed_by", sa.Uuid(), nullable=True),
        sa.Column("reviewed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["article_id"], ["article.id"], name=op.f("fk_article_version_article_id_article")),
        sa.ForeignKeyConstraint(["written_by"], ["person.id"], name=op.f("fk_article_version_written_by_person")),
        sa.ForeignKeyConstraint(["reviewed_by"], ["person.id"], name=op.f("fk_article_version_reviewed_by_person")),
        sa.PrimaryKeyConstraint("article_id", "number", name=op.f("pk_article_version")),
        info={"scale": "reference"},
    )


def _make_trials() -> None:
    op.create_table(
        "article_trial",
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("article_id", sa.Uuid(), nullable=False),
        sa.Column("device_id", sa.Uuid(), nullable=False),
        sa.Column("ownership_id", sa.Uuid(), nullable=False),
        sa.Column("fix_id", sa.Uuid(), nullable=True),
        sa.Column("publication_id", sa.Uuid(), nullable=False),
        sa.Column("outcome", sa.String(length=40), nullable=False),
        sa.Column("said_by", sa.Uuid(), nullable=True),
        sa.Column("said_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation_id", "device_id", "ownership_id"],
            ["ownership.organisation_id", "ownership.device_id", "ownership.id"],
            name=op.f("fk_article_trial_organisation_id_ownership"),
        ),
        sa.ForeignKeyConstraint(["article_id"], ["article.id"], name=op.f("fk_article_trial_article_id_article")),
        sa.ForeignKeyConstraint(["said_by"], ["person.id"], name=op.f("fk_article_trial_said_by_person")),
        sa.PrimaryKeyConstraint("organisation_id", "id", name=op.f("pk_article_trial")),
        sa.UniqueConstraint(
            "organisation_id",
            "article_id",
            "device_id",
            "ownership_id",
            name=op.f("uq_article_trial_organisation_id_article_id_device_id_ownership_id"),
        ),
        info={"scale": "by_organisation"},
    )
    op.create_index(op.f("ix_article_trial_fix_id"), "article_trial", ["fix_id"])
