"""Troubles of takeouts."""

from statusportal.foundation.errors import Conflict


class TakeoutUnderway(Conflict):
    """Say that the same is being made already."""


class TakeoutNotReady(Conflict):
    """Say that there is no file to fetch: not yet, or not any more."""
