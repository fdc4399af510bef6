"""Make the tables of the audit log's chain, and let the log only grow."""

import sqlalchemy as sa
from alembic import op

from statusportal.migrations.walls import NOBODY, open_wall_for_adding, raise_wall

revision = "0010"
down_revision = "0009"

ONLY_GROWING = ("audit_record", "audit_link", "audit_check")


def upgrade() -> None:
    """Make them; acts that were written before wait to be linked."""
    op.create_table(
        "audit_waiting",
        sa.Column("record_id", sa.Uuid(), nullable=False),
        sa.PrimaryKeyConstraint("record_id", name=op.f("pk_audit_waiting")),
        info={"scale": "local"},
    )
    op.create_table(
        "audit_link",
        sa.Column("position", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("record_id", sa.Uuid(), nullable=False),
        sa.Column("key_id", sa.String(length=40), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("position", name=op.f("pk_audit_link")),
        sa.UniqueConstraint("record_id", name=op.f("uq_audit_link_record_id")),
        info={"scale": "local"},
    )
    op.create_table(
        "audit_head",
        sa.Column("name", sa.String(length=40), nullable=False),
        sa.Column("position", sa.BigInteger(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("key_id", sa.String(length=40), nullable=False),
        sa.Column("linked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("seal", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_audit_head")),
        info={"scale": "local"},
    )
    op.create_table(
        "audit_check",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("position", sa.BigInteger(), nullable=False),
        sa.Column("breaches", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit_check")),
        info={"scale": "local"},
    )
    op.create_index(op.f("ix_audit_check_at"), "audit_check", ["at"], unique=False)
    op.create_index(op.f("ix_audit_record_subject_id_at"), "audit_record", ["subject_id", "at"], unique=False)
    op.execute("INSERT INTO audit_waiting (record_id) SELECT id FROM audit_record")
    op.drop_column("audit_record", "chain")
    for table in ("audit_waiting", "audit_link", "audit_head"):
        raise_wall(table, NOBODY)
    open_wall_for_adding("audit_waiting")
    for table in ONLY_GROWING:
        _let_grow_only(table)


def _let_grow_only(table: str) -> None:
    """Refuse changes and deletions by triggers, which bind the owner of the table too until they are taken away."""
    if op.get_context().dialect.name == "sqlite":
        for act in ("UPDATE", "DELETE"):
            op.execute(
                f"CREATE TRIGGER {table}_{act.lower()} BEFORE {act} ON {table} "
                "BEGIN SELECT RAISE(ABORT, 'the audit log only grows'); END"
            )
        return
    op.execute(
        "CREATE OR REPLACE FUNCTION audit_only_grows() RETURNS trigger LANGUAGE plpgsql AS "
        "$$ BEGIN RAISE EXCEPTION 'the audit log only grows'; END $$"
    )
    op.execute(
        f"CREATE TRIGGER {table}_change BEFORE UPDATE OR DELETE OR TRUNCATE ON {table} "
        "FOR EACH STATEMENT EXECUTE FUNCTION audit_only_grows()"
    )
