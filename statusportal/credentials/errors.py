"""Troubles of credentials."""

from statusportal.foundation.errors import Conflict


class SecretTaken(Conflict):
    """Say that another machine signs in with this token already."""
