"""Make the tables of share links, and let guests who came by one comment."""

import sqlalchemy as sa
from alembic import op

from statusportal.migrations.walls import open_wall, opened, raise_wall

revision = "0017"
down_revision = "0016"

OF_AN_OPEN_LINK = (
    "EXISTS (SELECT 1 FROM share_link AS parent"
    " WHERE parent.organisation_id = {table}.organisation_id AND parent.id = {table}.link_id)"
)


def upgrade() -> None:
    """Make the tables with their walls, and the columns of a guest's comment."""
    _make_links()
    _make_openings()
    _let_guests_comment()
    for table in ("share_link", "link_opening"):
        raise_wall(table)
    # Who manages a device for its owner makes links, and who came by one is counted.
    open_wall("share_link", opened())
    open_wall("link_opening", OF_AN_OPEN_LINK)


def _make_links() -> None:
    op.create_table(
        "share_link",
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("device_id", sa.Uuid(), nullable=False),
        sa.Column("ownership_id", sa.Uuid(), nullable=False),
        sa.Column("entry_id", sa.Uuid(), nullable=True),
        sa.Column("scope", sa.String(length=40), nullable=False),
        sa.Column("secret_digest", sa.String(length=64), nullable=False),
        sa.Column("to_name", sa.String(length=200), nullable=False),
        sa.Column("created_by", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("revoked_by", sa.Uuid(), nullable=True),
        sa.Column("opened_count", sa.Integer(), nullable=False),
        sa.Column("first_opened_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("last_opened_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("expires_at > created_at", name=op.f("ck_share_link_time_forward")),
        sa.ForeignKeyConstraint(["created_by"], ["person.id"], name=op.f("fk_share_link_created_by_person")),
        sa.ForeignKeyConstraint(["revoked_by"], ["person.id"], name=op.f("fk_share_link_revoked_by_person")),
        sa.ForeignKeyConstraint(
            ["organisation_id", "device_id", "ownership_id"],
            ["ownership.organisation_id", "ownership.device_id", "ownership.id"],
            name=op.f("fk_share_link_organisation_id_ownership"),
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id", "entry_id"],
            ["status_entry.organisation_id", "status_entry.id"],
            name=op.f("fk_share_link_organisation_id_status_entry"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_share_link_organisation_id_organisation")
        ),
        sa.PrimaryKeyConstraint("organisation_id", "id", name=op.f("pk_share_link")),
        info={"scale": "by_organisation"},
    )
    for columns in (("secret_digest",), ("id",), ("device_id", "created_at"), ("created_by", "created_at")):
        op.create_index(op.f("ix_share_link_" + "_".join(columns)), "share_link", list(columns), unique=False)


def _make_openings() -> None:
    op.create_table(
        "link_opening",
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("link_id", sa.Uuid(), nullable=False),
        sa.Column("secret_digest", sa.String(length=64), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("screen", sa.String(length=40), nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation_id", "link_id"],
            ["share_link.organisation_id", "share_link.id"],
            name=op.f("fk_link_opening_organisation_id_share_link"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("organisation_id", "id", name=op.f("pk_link_opening")),
        info={"scale": "by_organisation"},
    )
    for columns in (("secret_digest",), ("link_id", "opened_at")):
        op.create_index(op.f("ix_link_opening_" + "_".join(columns)), "link_opening", list(columns), unique=False)


def _let_guests_comment() -> None:
    """Add the columns one by one: SQLite would make the table anew for a batch, and its replies point at it."""
    uuid = "CHAR(32)" if op.get_context().dialect.name == "sqlite" else "UUID"
    named = "CONSTRAINT ck_comment_guest_named CHECK ((link_id IS NULL) = (guest_name IS NULL))"
    one_author = "CONSTRAINT ck_comment_one_author CHECK (link_id IS NULL OR author_id IS NULL)"
    person = "CONSTRAINT fk_comment_shared_by_id_person REFERENCES person (id)"
    op.execute("ALTER TABLE comment ADD COLUMN guest_name VARCHAR(200)")
    op.execute(f"ALTER TABLE comment ADD COLUMN link_id {uuid} {named} {one_author}")
    op.execute(f"ALTER TABLE comment ADD COLUMN shared_by_id {uuid} {person}")
    op.create_index(op.f("ix_comment_link_id_created_at"), "comment", ["link_id", "created_at"], unique=False)
