"""What a connection's page shows that the room of connections cannot know: the samples that came with two values."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from statusportal.connections.models import Connection
from statusportal.connections.queries import connection_for
from statusportal.fleet.queries import devices_by_id
from statusportal.foundation.clock import from_ms
from statusportal.foundation.paging import Page, Slice
from statusportal.telemetry.queries import conflicts_page
from statusportal.work import Work


@dataclass(frozen=True, slots=True)
class ConflictLine:
    """One moment of one signal that came with two values: the first stands, the second was refused."""

    device_id: UUID
    serial: str
    signal: str
    at: datetime
    kept: str
    refused: str


def conflicts_of(work: Work, connection: Connection, wanted: Slice) -> Page[ConflictLine]:
    """List what a connection brought a second time with another value, the latest moment first.

    Raises: NotFound when the actor may not see the connection.
    """
    connection_for(work, connection.id)
    page = conflicts_page(work, f"connection:{connection.id}", wanted)
    devices = devices_by_id(work, {row.device_id for row in page.items})
    lines = [
        ConflictLine(
            row.device_id, devices[row.device_id].serial, row.signal_name, from_ms(row.at_ms), row.kept, row.refused
        )
        for row in page.items
    ]
    return Page(lines, page.next_cursor)
