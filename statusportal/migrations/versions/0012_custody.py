"""Make room for sharing modes, organisation trees, groups and offers of transfer, and wall the new tables."""

import sqlalchemy as sa
from alembic import op

from statusportal.migrations.walls import RECEIVED, open_wall_for_reading, raise_wall

revision = "0012"
down_revision = "0011"

_AT = sa.DateTime(timezone=True)
_MY_PERSON = "(SELECT NULLIF(current_setting('statusportal.person', true), ''))::uuid"
_OFFERED_TO_MINE = (
    "to_organisation_id = ANY ((SELECT NULLIF(current_setting('statusportal.organisations', true), ''))::uuid[])"
    " AND state IN ('offered', 'accepted', 'declined')"
)


def upgrade() -> None:
    """Make room for sharing modes, organisation trees, groups and offers of transfer, and wall the new tables."""
    op.add_column("device", sa.Column("words_until", _AT, nullable=True))
    _keep_times_apart()
    _widen_grants()
    _make_sharing()
    _make_transfers()
    _make_groups()
    _make_group_grants()
    for table in (
        "organisation_sharing",
        "transfer",
        "device_group",
        "device_group_member",
        "group_grant",
        "group_share",
    ):
        raise_wall(table)
    # How a site shares decides what its holding sees; an offer and its device are the receiver's to read.
    open_wall_for_reading("organisation_sharing", "organisation_id IN (SELECT organisation_id FROM ownership)")
    open_wall_for_reading("transfer", _OFFERED_TO_MINE)
    open_wall_for_reading("device", "id IN (SELECT device_id FROM transfer)")
    open_wall_for_reading("access_grant", f"{RECEIVED} OR created_by = {_MY_PERSON}")


def _keep_times_apart() -> None:
    op.add_column("ownership", sa.Column("confidential_at", _AT, nullable=True))
    op.create_index(
        "ix_ownership_confidential",
        "ownership",
        ["organisation_id", "device_id"],
        unique=False,
        sqlite_where=sa.text("confidential_at IS NOT NULL"),
        postgresql_where=sa.text("confidential_at IS NOT NULL"),
    )


def _widen_grants() -> None:
    one_receiver = sa.CheckConstraint(
        "to_organisation_id IS NULL OR to_person_id IS NULL", name=op.f("ck_access_grant_one_receiver")
    )
    rights_given = sa.CheckConstraint("rights > 0", name=op.f("ck_access_grant_rights_given"))
    # SQLite makes the table anew, without the checks of the old one; nothing points at it yet.
    with op.batch_alter_table("access_grant", table_args=(one_receiver, rights_given)) as grants:
        if op.get_context().dialect.name == "postgresql":
            grants.drop_constraint(op.f("ck_access_grant_one_receiver"), type_="check")
            grants.create_check_constraint(
                op.f("ck_access_grant_one_receiver"), "to_organisation_id IS NULL OR to_person_id IS NULL"
            )
        grants.add_column(sa.Column("to_word", sa.String(length=254), nullable=True))
        grants.add_column(sa.Column("to_kind", sa.String(length=40), nullable=True))
        grants.add_column(sa.Column("under_grant_id", sa.Uuid(), nullable=True))
        grants.add_column(sa.Column("opens_at", _AT, nullable=True))
        grants.create_foreign_key(
            op.f("fk_access_grant_organisation_id_access_grant"),
            "access_grant",
            ["organisation_id", "under_grant_id"],
            ["organisation_id", "id"],
        )


def _make_sharing() -> None:
    op.create_table(
        "organisation_sharing",
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("parent_id", sa.Uuid(), nullable=True),
        sa.Column("mode", sa.String(length=40), nullable=False),
        sa.Column("roles", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_organisation_sharing_organisation_id_organisation")
        ),
        sa.ForeignKeyConstraint(
            ["parent_id"], ["organisation.id"], name=op.f("fk_organisation_sharing_parent_id_organisation")
        ),
        sa.PrimaryKeyConstraint("organisation_id", name=op.f("pk_organisation_sharing")),
        info={"scale": "reference"},
    )
    op.create_index(op.f("ix_organisation_sharing_parent_id"), "organisation_sharing", ["parent_id"], unique=False)


def _make_transfers() -> None:
    op.create_table(
        "transfer",
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("device_id", sa.Uuid(), nullable=False),
        sa.Column("ownership_id", sa.Uuid(), nullable=False),
        sa.Column("to_word", sa.String(length=254), nullable=False),
        sa.Column("to_organisation_id", sa.Uuid(), nullable=True),
        sa.Column("from_at", _AT, nullable=False),
        sa.Column("state", sa.String(length=40), nullable=False),
        sa.Column("hands_history", sa.Boolean(), nullable=False),
        sa.Column("takes_history", sa.Boolean(), nullable=False),
        sa.Column("offered_at", _AT, nullable=False),
        sa.Column("offered_by", sa.Uuid(), nullable=True),
        sa.Column("answered_at", _AT, nullable=True),
        sa.Column("answered_by", sa.Uuid(), nullable=True),
        sa.ForeignKeyConstraint(["answered_by"], ["person.id"], name=op.f("fk_transfer_answered_by_person")),
        sa.ForeignKeyConstraint(["device_id"], ["device.id"], name=op.f("fk_transfer_device_id_device")),
        sa.ForeignKeyConstraint(["offered_by"], ["person.id"], name=op.f("fk_transfer_offered_by_person")),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_transfer_organisation_id_organisation")
        ),
        sa.ForeignKeyConstraint(
            ["to_organisation_id"], ["organisation.id"], name=op.f("fk_transfer_to_organisation_id_organisation")
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id", "device_id", "ownership_id"],
            ["ownership.organisation_id", "ownership.device_id", "ownership.id"],
            name=op.f("fk_transfer_organisation_id_ownership"),
        ),
        sa.PrimaryKeyConstraint("organisation_id", "id", name=op.f("pk_transfer")),
        info={"scale": "reference"},
    )
    op.create_index(op.f("ix_transfer_device_id"), "transfer", ["device_id"], unique=False)
    op.create_index(op.f("ix_transfer_to_organisation_id"), "transfer", ["to_organisation_id"], unique=False)


def _make_groups() -> None:
    op.create_table(
        "device_group",
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("created_at", _AT, nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_device_group_organisation_id_organisation")
        ),
        sa.PrimaryKeyConstraint("organisation_id", "id", name=op.f("pk_device_group")),
        sa.UniqueConstraint("organisation_id", "name", name=op.f("uq_device_group_organisation_id_name")),
        info={"scale": "reference"},
    )
    op.create_table(
        "device_group_member",
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("group_id", sa.Uuid(), nullable=False),
        sa.Column("device_id", sa.Uuid(), nullable=False),
        sa.Column("ownership_id", sa.Uuid(), nullable=False),
        sa.Column("added_at", _AT, nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_device_group_member_organisation_id_organisation")
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id", "group_id"],
            ["device_group.organisation_id", "device_group.id"],
            name=op.f("fk_device_group_member_organisation_id_device_group"),
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id", "device_id", "ownership_id"],
            ["ownership.organisation_id", "ownership.device_id", "ownership.id"],
            name=op.f("fk_device_group_member_organisation_id_ownership"),
        ),
        sa.PrimaryKeyConstraint("organisation_id", "group_id", "device_id", name=op.f("pk_device_group_member")),
        info={"scale": "reference"},
    )
    op.create_index(op.f("ix_device_group_member_device_id"), "device_group_member", ["device_id"], unique=False)


def _make_group_grants() -> None:
    op.create_table(
        "group_grant",
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("group_id", sa.Uuid(), nullable=False),
        sa.Column("to_word", sa.String(length=254), nullable=False),
        sa.Column("to_kind", sa.String(length=40), nullable=True),
        sa.Column("to_organisation_id", sa.Uuid(), nullable=True),
        sa.Column("to_person_id", sa.Uuid(), nullable=True),
        sa.Column("rights", sa.Integer(), nullable=False),
        sa.Column("from_at", _AT, nullable=False),
        sa.Column("to_at", _AT, nullable=True),
        sa.Column("revoked_at", _AT, nullable=True),
        sa.Column("created_at", _AT, nullable=False),
        sa.Column("created_by", sa.Uuid(), nullable=True),
        sa.CheckConstraint(
            "to_organisation_id IS NULL OR to_person_id IS NULL", name=op.f("ck_group_grant_one_receiver")
        ),
        sa.CheckConstraint("rights > 0", name=op.f("ck_group_grant_rights_given")),
        sa.ForeignKeyConstraint(["created_by"], ["person.id"], name=op.f("fk_group_grant_created_by_person")),
        sa.ForeignKeyConstraint(
            ["organisation_id", "group_id"],
            ["device_group.organisation_id", "device_group.id"],
            name=op.f("fk_group_grant_organisation_id_device_group"),
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_group_grant_organisation_id_organisation")
        ),
        sa.ForeignKeyConstraint(
            ["to_organisation_id"], ["organisation.id"], name=op.f("fk_group_grant_to_organisation_id_organisation")
        ),
        sa.ForeignKeyConstraint(["to_person_id"], ["person.id"], name=op.f("fk_group_grant_to_person_id_person")),
        sa.PrimaryKeyConstraint("organisation_id", "id", name=op.f("pk_group_grant")),
        info={"scale": "reference"},
    )
    op.create_index(
        op.f("ix_group_grant_organisation_id_group_id"), "group_grant", ["organisation_id", "group_id"], unique=False
    )
    op.create_table(
        "group_share",
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("grant_id", sa.Uuid(), nullable=False),
        sa.Column("group_grant_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_group_share_organisation_id_organisation")
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id", "grant_id"],
            ["access_grant.organisation_id", "access_grant.id"],
            name=op.f("fk_group_share_organisation_id_access_grant"),
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id", "group_grant_id"],
            ["group_grant.organisation_id", "group_grant.id"],
            name=op.f("fk_group_share_organisation_id_group_grant"),
        ),
        sa.PrimaryKeyConstraint("organisation_id", "grant_id", name=op.f("pk_group_share")),
        info={"scale": "reference"},
    )
    op.create_index(
        op.f("ix_group_share_organisation_id_group_grant_id"),
        "group_share",
        ["organisation_id", "group_grant_id"],
        unique=False,
    )
