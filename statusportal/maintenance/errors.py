"""Troubles of planned work."""

from statusportal.foundation.errors import Conflict


class OwnProposal(Conflict):
    """Say that who proposed a time does not confirm it as well."""
