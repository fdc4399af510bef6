"""Troubles of sharing."""

from statusportal.foundation.errors import Conflict


class TooManyLinks(Conflict):
    """Say that as many links open the thing as may."""
