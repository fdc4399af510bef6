"""Raise the walls row by row: grants open their ownership alone, and what a device sent belongs to its owners."""

from statusportal.migrations.walls import (
    MY_ACTS,
    OF_MY_DEVICES,
    OF_MY_PEOPLE,
    RECEIVED,
    UNDER_MY_ENTRIES,
    open_wall,
    open_wall_for_adding,
    open_wall_for_reading,
    opened,
    raise_wall,
    raise_wall_for_reading,
)

revision = "0009"
down_revision = "0008"

OF_AN_ORGANISATION = (
    "membership",
    "invitation",
    "ownership",
    "access_grant",
    "device_credential",
    "connection",
    "connection_happening",
    "unknown_serial",
    "status_entry",
    "entry_happening",
    "comment",
    "comment_revision",
    "read_mark",
    "search_document",
)
BELOW_AN_ENTRY = ("entry_happening", "comment", "comment_revision", "read_mark", "search_document")
OF_A_DEVICE = ("signal", "sample_conflict", "device_status", "condition", "status_interval")


def upgrade() -> None:
    """Raise them; the coarse ones of revision 0006 are replaced."""
    for table in OF_AN_ORGANISATION:
        raise_wall(table)
    open_wall_for_reading("ownership", opened("id"))
    open_wall_for_reading("access_grant", RECEIVED)
    open_wall("status_entry", opened())
    for table in BELOW_AN_ENTRY:
        open_wall(table, UNDER_MY_ENTRIES)
    for table in OF_A_DEVICE:
        raise_wall(table, OF_MY_DEVICES)
    raise_wall("device", "id IN (SELECT device_id FROM ownership)")
    for table in ("sign_in", "personal_token"):
        raise_wall(table, OF_MY_PEOPLE)
    raise_wall_for_reading("audit_record", MY_ACTS)
    open_wall_for_adding("audit_record")
