"""Keep when somebody showed that their mail address is theirs.

Whoever is here counts as proved, but for those who came by an invitation of a customer's: nobody knows any more whether
its link was shown or went out by letter.
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0037"
down_revision = "0036"

_UNKNOWN = """
    SELECT invitation.email FROM invitation
    LEFT JOIN person AS inviter ON inviter.id = invitation.invited_by
    WHERE invitation.role IS NOT NULL AND invitation.accepted_at = person.created_at
    AND invitation.email = person.email AND invitation.invited_by IS NOT NULL AND inviter.staff_role IS NULL
"""


def upgrade() -> None:
    """Add the columns, and fill the person's."""
    if op.get_bind().dialect.name == "postgresql":
        op.execute("SELECT set_config('statusportal.operator', 'on', true)")  # invitations stand behind a wall
    op.add_column("person", sa.Column("email_proved_at", sa.DateTime(timezone=True), nullable=True))
    op.execute(f"UPDATE person SET email_proved_at = created_at WHERE NOT EXISTS ({_UNKNOWN})")  # noqa: S608 - constant
    for table in ("invitation", "password_reset"):
        op.add_column(table, sa.Column("proves_address", sa.Boolean(), nullable=True))
        op.execute(f"UPDATE {table} SET proves_address = false")  # noqa: S608 - constant
        with op.batch_alter_table(table) as changed:
            changed.alter_column("proves_address", nullable=False)
    document = sa.JSON().with_variant(JSONB(), "postgresql")
    op.add_column("identity_provider", sa.Column("proving_domains", document, nullable=True))
    op.execute("UPDATE identity_provider SET proving_domains = '[]'")
    with op.batch_alter_table("identity_provider") as changed:
        changed.alter_column("proving_domains", nullable=False)
