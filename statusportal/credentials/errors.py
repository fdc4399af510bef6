"""Troubles of credentials."""

from statusportal.foundation.errors import Conflict


class SecretTaken(Conflict):
    """Say that another machine signs in with this token or certificate already."""


class CredentialEnded(Conflict):
    """Say that a credential opens nothing any more, so there is nothing to replace."""
