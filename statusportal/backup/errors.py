"""Troubles of backups."""

from statusportal.foundation.errors import Conflict


class BackupRefused(Conflict):
    """Say why a copy is not made, or not put back: the target is in use, not empty, or a part of it is damaged."""
