"""Make the tables of follows and of news. Both are their person's alone."""

import sqlalchemy as sa
from alembic import op

from statusportal.migrations.walls import MINE, raise_wall

revision = "0052"
down_revision = "0051"


def upgrade() -> None:
    """Make the tables behind their walls."""
    op.create_table(
        "follow",
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("thing_id", sa.Uuid(), nullable=False),
        sa.Column("level", sa.String(length=40), nullable=False),
        sa.Column("reason", sa.String(length=40), nullable=False),
        sa.Column("since_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_follow_person_id_person")),
        sa.PrimaryKeyConstraint("person_id", "kind", "thing_id", name=op.f("pk_follow")),
        info={"scale": "reference"},
    )
    op.create_index(op.f("ix_follow_kind_thing_id"), "follow", ["kind", "thing_id"])
    op.create_table(
        "notification",
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("entry_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("because", sa.String(length=40), nullable=False),
        sa.Column("subject_id", sa.Uuid(), nullable=False),
        sa.Column("comment_id", sa.Uuid(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("read_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("mail", sa.String(length=40), nullable=True),
        sa.Column("mail_due_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("mailed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("stop_digest", sa.String(length=64), nullable=True),
        sa.ForeignKeyConstraint(
            ["organisation_id", "entry_id"],
            ["status_entry.organisation_id", "status_entry.id"],
            name=op.f("fk_notification_organisation_id_status_entry"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_notification_person_id_person")),
        sa.PrimaryKeyConstraint("organisation_id", "entry_id", "id", name=op.f("pk_notification")),
        sa.UniqueConstraint(
            "organisation_id",
            "entry_id",
            "person_id",
            "kind",
            "subject_id",
            name=op.f("uq_notification_once"),
        ),
        info={"scale": "by_organisation"},
    )
    op.create_index(op.f("ix_notification_person_id_at"), "notification", ["person_id", "at"])
    due = sa.text("mail_due_at IS NOT NULL")
    op.create_index("ix_notification_due", "notification", ["mail_due_at"], sqlite_where=due, postgresql_where=due)
    op.create_index(op.f("ix_notification_stop_digest"), "notification", ["stop_digest"])
    raise_wall("follow", MINE)
    raise_wall("notification", MINE)
