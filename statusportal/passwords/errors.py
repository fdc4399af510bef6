"""Troubles of passwords."""

from statusportal.foundation.errors import Conflict


class ResetSpent(Conflict):
    """Say that a link for a new password was used or has run out, or never was."""
