"""Troubles of groups."""

from statusportal.foundation.errors import Conflict


class GroupNameTaken(Conflict):
    """Say that the organisation has a group of this name."""
