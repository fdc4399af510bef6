"""Make the tables of entries, discussion and search."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from statusportal.db.columns import Document

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    """Make the tables of entries, discussion and search."""
    op.create_table(
        "status_entry",
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("device_id", sa.Uuid(), nullable=False),
        sa.Column("ownership_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("code", sa.String(length=80), nullable=True),
        sa.Column("title", sa.String(length=300), nullable=False),
        sa.Column("headline", Document, nullable=True),
        sa.Column("body_markdown", sa.Text(), nullable=False),
        sa.Column("body_html", sa.Text(), nullable=False),
        sa.Column("health", sa.String(length=40), nullable=True),
        sa.Column("lifecycle", sa.String(length=40), nullable=False),
        sa.Column("audience", sa.String(length=40), nullable=False),
        sa.Column("author_id", sa.Uuid(), nullable=True),
        sa.Column("author_role", sa.String(length=40), nullable=True),
        sa.Column("snapshot", Document, nullable=True),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("resolved_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("edited_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("last_word_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("comment_count", sa.Integer(), nullable=False),
        sa.Column("internal_comment_count", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("internal_version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["author_id"], ["person.id"], name=op.f("fk_status_entry_author_id_person")),
        sa.ForeignKeyConstraint(
            ["organisation_id", "device_id", "ownership_id"],
            ["ownership.organisation_id", "ownership.device_id", "ownership.id"],
            name=op.f("fk_status_entry_organisation_id_ownership"),
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_status_entry_organisation_id_organisation")
        ),
        sa.PrimaryKeyConstraint("organisation_id", "id", name=op.f("pk_status_entry")),
        info={"scale": "by_organisation"},
    )
    op.create_index(op.f("ix_status_entry_device_id_code"), "status_entry", ["device_id", "code"], unique=False)
    op.create_index(op.f("ix_status_entry_id"), "status_entry", ["id"], unique=False)
    op.create_index(
        op.f("ix_status_entry_organisation_id_device_id_opened_at"),
        "status_entry",
        ["organisation_id", "device_id", "opened_at"],
        unique=False,
    )
    op.create_index(
        op.f("ix_status_entry_organisation_id_opened_at"),
        "status_entry",
        ["organisation_id", "opened_at"],
        unique=False,
    )
    op.create_table(
        "comment",
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("entry_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("parent_id", sa.Uuid(), nullable=True),
        sa.Column("path", sa.Text().with_variant(postgresql.TEXT(collation="C"), "postgresql"), nullable=False),
        sa.Column("depth", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("audience", sa.String(length=40), nullable=False),
        sa.Column("state", sa.String(length=40), nullable=False),
        sa.Column("author_id", sa.Uuid(), nullable=True),
        sa.Column("author_role", sa.String(length=40), nullable=True),
        sa.Column("body_markdown", sa.Text(), nullable=False),
        sa.Column("body_html", sa.Text(), nullable=False),
        sa.Column("reason", Document, nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("edited_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("deleted_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["author_id"], ["person.id"], name=op.f("fk_comment_author_id_person")),
        sa.ForeignKeyConstraint(
            ["organisation_id", "entry_id", "parent_id"],
            ["comment.organisation_id", "comment.entry_id", "comment.id"],
            name=op.f("fk_comment_organisation_id_comment"),
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id", "entry_id"],
            ["status_entry.organisation_id", "status_entry.id"],
            name=op.f("fk_comment_organisation_id_status_entry"),
        ),
        sa.PrimaryKeyConstraint("organisation_id", "entry_id", "id", name=op.f("pk_comment")),
        sa.UniqueConstraint(
            "organisation_id", "entry_id", "path", name=op.f("uq_comment_organisation_id_entry_id_path")
        ),
        info={"scale": "by_organisation"},
    )
    op.create_index(
        op.f("ix_comment_organisation_id_entry_id_parent_id"),
        "comment",
        ["organisation_id", "entry_id", "parent_id"],
        unique=False,
    )
    op.create_index(op.f("ix_comment_id"), "comment", ["id"], unique=False)
    op.create_index(op.f("ix_comment_author_id_created_at"), "comment", ["author_id", "created_at"], unique=False)
    op.create_table(
        "entry_happening",
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("entry_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("audience", sa.String(length=40), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=True),
        sa.Column("person_role", sa.String(length=40), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("before", Document, nullable=False),
        sa.Column("after", Document, nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation_id", "entry_id"],
            ["status_entry.organisation_id", "status_entry.id"],
            name=op.f("fk_entry_happening_organisation_id_status_entry"),
        ),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_entry_happening_person_id_person")),
        sa.PrimaryKeyConstraint("organisation_id", "entry_id", "id", name=op.f("pk_entry_happening")),
        info={"scale": "by_organisation"},
    )
    op.create_table(
        "read_mark",
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("entry_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("read_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation_id", "entry_id"],
            ["status_entry.organisation_id", "status_entry.id"],
            name=op.f("fk_read_mark_organisation_id_status_entry"),
        ),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_read_mark_person_id_person")),
        sa.PrimaryKeyConstraint("organisation_id", "entry_id", "person_id", name=op.f("pk_read_mark")),
        info={"scale": "by_organisation"},
    )
    op.create_table(
        "search_document",
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("entry_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.BigInteger(), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("audience", sa.String(length=40), nullable=False),
        sa.Column("author_id", sa.Uuid(), nullable=True),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("title_words", sa.Text(), nullable=False),
        sa.Column("body_words", sa.Text(), nullable=False),
        sa.Column("key_words", sa.Text(), nullable=False),
        sa.Column("said_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation_id", "entry_id"],
            ["status_entry.organisation_id", "status_entry.id"],
            name=op.f("fk_search_document_organisation_id_status_entry"),
        ),
        sa.PrimaryKeyConstraint("organisation_id", "entry_id", "id", name=op.f("pk_search_document")),
        info={"scale": "by_organisation"},
    )
    op.create_index("ix_search_document_number", "search_document", ["number"], unique=False)
    op.create_index(op.f("ix_search_document_id"), "search_document", ["id"], unique=False)
    op.create_index(
        op.f("ix_search_document_organisation_id_said_at"),
        "search_document",
        ["organisation_id", "said_at"],
        unique=False,
    )
    op.create_table(
        "comment_revision",
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("entry_id", sa.Uuid(), nullable=False),
        sa.Column("comment_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("body_markdown", sa.Text(), nullable=False),
        sa.Column("replaced_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation_id", "entry_id", "comment_id"],
            ["comment.organisation_id", "comment.entry_id", "comment.id"],
            name=op.f("fk_comment_revision_organisation_id_comment"),
        ),
        sa.PrimaryKeyConstraint(
            "organisation_id", "entry_id", "comment_id", "number", name=op.f("pk_comment_revision")
        ),
        info={"scale": "by_organisation"},
    )
