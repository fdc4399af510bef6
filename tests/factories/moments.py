"""The instant at which most stories begin."""

from datetime import UTC, datetime

NOON = datetime(2026, 11, 18, 12, 0, tzinfo=UTC)
