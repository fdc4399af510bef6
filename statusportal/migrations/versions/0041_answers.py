"""Make the tables of accepted answers and of fixes that are watched."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

from statusportal.migrations.walls import UNDER_MY_ENTRIES, open_wall, raise_wall

revision = "0041"
down_revision = "0040"

_DOCUMENT = sa.JSON().with_variant(JSONB(), "postgresql")
_COMMENT = ["comment.organisation_id", "comment.entry_id", "comment.id"]


def upgrade() -> None:
    """Make the tables behind their walls: whoever reaches the entry reaches its answers."""
    op.create_table(
        "accepted_answer",
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("entry_id", sa.Uuid(), nullable=False),
        sa.Column("comment_id", sa.Uuid(), nullable=False),
        sa.Column("accepted_by", sa.Uuid(), nullable=True),
        sa.Column("role", sa.String(length=40), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation_id", "entry_id", "comment_id"],
            _COMMENT,
            name=op.f("fk_accepted_answer_organisation_id_comment"),
        ),
        sa.ForeignKeyConstraint(["accepted_by"], ["person.id"], name=op.f("fk_accepted_answer_accepted_by_person")),
        sa.PrimaryKeyConstraint("organisation_id", "entry_id", "comment_id", name=op.f("pk_accepted_answer")),
        info={"scale": "by_organisation"},
    )
    op.create_index(op.f("ix_accepted_answer_comment_id"), "accepted_answer", ["comment_id"])
    _make_fixes()
    for table in ("accepted_answer", "applied_fix"):
        raise_wall(table)
        open_wall(table, UNDER_MY_ENTRIES)


def _make_fixes() -> None:
    op.create_table(
        "applied_fix",
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("entry_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("device_id", sa.Uuid(), nullable=False),
        sa.Column("ownership_id", sa.Uuid(), nullable=False),
        sa.Column("comment_id", sa.Uuid(), nullable=True),
        sa.Column("article_id", sa.Uuid(), nullable=True),
        sa.Column("state", sa.String(length=40), nullable=False),
        sa.Column("applied_by", sa.Uuid(), nullable=True),
        sa.Column("role", sa.String(length=40), nullable=True),
        sa.Column("applied_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("clear_since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("proof", _DOCUMENT, nullable=True),
        sa.ForeignKeyConstraint(
            ["organisation_id", "entry_id"],
            ["status_entry.organisation_id", "status_entry.id"],
            name=op.f("fk_applied_fix_organisation_id_status_entry"),
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id", "entry_id", "comment_id"],
            _COMMENT,
            name=op.f("fk_applied_fix_organisation_id_comment"),
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id", "device_id", "ownership_id"],
            ["ownership.organisation_id", "ownership.device_id", "ownership.id"],
            name=op.f("fk_applied_fix_organisation_id_ownership"),
        ),
        sa.ForeignKeyConstraint(["applied_by"], ["person.id"], name=op.f("fk_applied_fix_applied_by_person")),
        sa.PrimaryKeyConstraint("organisation_id", "entry_id", "id", name=op.f("pk_applied_fix")),
        info={"scale": "by_organisation"},
    )
    op.create_index(op.f("ix_applied_fix_device_id_state"), "applied_fix", ["device_id", "state"])
    op.create_index(
        "ix_applied_fix_due",
        "applied_fix",
        ["due_at"],
        sqlite_where=sa.text("state = 'watched'"),
        postgresql_where=sa.text("state = 'watched'"),
    )
