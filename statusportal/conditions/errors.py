"""Troubles of shelving."""

from statusportal.foundation.errors import Conflict


class DeclaredByPeople(Conflict):
    """Say that people declared this condition, so that it ends with their entry."""
