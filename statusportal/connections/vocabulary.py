"""Words of connections."""

from enum import StrEnum


class ConnectionState(StrEnum):
    """How a connection fares."""

    STOPPED = "stopped"
    CONNECTING = "connecting"
    CONNECTED = "connected"
    FAILED = "failed"
