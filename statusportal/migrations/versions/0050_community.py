"""Make the tables of the community: copies that name nobody, and who is behind them, each behind its own wall."""

import sqlalchemy as sa
from alembic import op

from statusportal.migrations.walls import raise_wall

revision = "0050"
down_revision = "0049"


def upgrade() -> None:
    """Make what the owners of a model read, and what their own organisation alone does."""
    op.add_column("status_entry", sa.Column("publication_id", sa.Uuid(), nullable=True))
    _make_copies()
    _make_papers()
    for table in ("publication_consent", "publication_voice"):
        raise_wall(table)


def _make_copies() -> None:
    op.create_table(
        "publication",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("model_id", sa.Uuid(), nullable=False),
        sa.Column("state", sa.String(length=40), nullable=False),
        sa.Column("alias", sa.String(length=40), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("code", sa.String(length=80), nullable=True),
        sa.Column("health", sa.String(length=40), nullable=True),
        sa.Column("firmware", sa.String(length=60), nullable=False),
        sa.Column("title", sa.String(length=300), nullable=False),
        sa.Column("body_markdown", sa.Text(), nullable=False),
        sa.Column("body_html", sa.Text(), nullable=False),
        sa.Column("is_resolved", sa.Boolean(), nullable=False),
        sa.Column("began_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("shared_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("last_word_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("line_count", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["model_id"], ["device_model.id"], name=op.f("fk_publication_model_id_device_model")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_publication")),
        info={"scale": "reference"},
    )
    op.create_index(op.f("ix_publication_model_id_shared_at"), "publication", ["model_id", "shared_at"])
    op.create_table(
        "publication_line",
        sa.Column("publication_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("is_reply", sa.Boolean(), nullable=False),
        sa.Column("state", sa.String(length=40), nullable=False),
        sa.Column("alias", sa.String(length=200), nullable=False),
        sa.Column("role", sa.String(length=40), nullable=True),
        sa.Column("body_markdown", sa.Text(), nullable=False),
        sa.Column("body_html", sa.Text(), nullable=False),
        sa.Column("said_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["publication_id"], ["publication.id"], name=op.f("fk_publication_line_publication_id_publication")
        ),
        sa.PrimaryKeyConstraint("publication_id", "id", name=op.f("pk_publication_line")),
        info={"scale": "reference"},
    )


def _make_papers() -> None:
    op.create_table(
        "publication_consent",
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("publication_id", sa.Uuid(), nullable=False),
        sa.Column("entry_id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("given_by", sa.Uuid(), nullable=False),
        sa.Column("given_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("revoked_by", sa.Uuid(), nullable=True),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "(revoked_at IS NULL) = (revoked_by IS NULL)", name=op.f("ck_publication_consent_revoked_by_somebody")
        ),
        sa.ForeignKeyConstraint(["given_by"], ["person.id"], name=op.f("fk_publication_consent_given_by_person")),
        sa.ForeignKeyConstraint(["revoked_by"], ["person.id"], name=op.f("fk_publication_consent_revoked_by_person")),
        sa.ForeignKeyConstraint(
            ["organisation_id", "entry_id"],
            ["status_entry.organisation_id", "status_entry.id"],
            name=op.f("fk_publication_consent_organisation_id_status_entry"),
        ),
        sa.ForeignKeyConstraint(
            ["publication_id"], ["publication.id"], name=op.f("fk_publication_consent_publication_id_publication")
        ),
        sa.PrimaryKeyConstraint("organisation_id", "publication_id", name=op.f("pk_publication_consent")),
        info={"scale": "by_organisation"},
    )
    op.create_index(
        op.f("ix_publication_consent_organisation_id_entry_id"), "publication_consent", ["organisation_id", "entry_id"]
    )
    op.create_table(
        "publication_voice",
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("publication_id", sa.Uuid(), nullable=False),
        sa.Column("line_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("comment_id", sa.Uuid(), nullable=True),
        sa.Column("alias", sa.String(length=200), nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_publication_voice_organisation_id_organisation")
        ),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_publication_voice_person_id_person")),
        sa.ForeignKeyConstraint(
            ["publication_id"], ["publication.id"], name=op.f("fk_publication_voice_publication_id_publication")
        ),
        sa.PrimaryKeyConstraint("organisation_id", "publication_id", "line_id", name=op.f("pk_publication_voice")),
        info={"scale": "by_organisation"},
    )
    for column in ("person_id", "comment_id"):
        op.create_index(
            op.f(f"ix_publication_voice_organisation_id_{column}"), "publication_voice", ["organisation_id", column]
        )
