"""Troubles of authoring."""

from statusportal.foundation.errors import Conflict


class CodeTaken(Conflict):
    """Say that another rule of the model has this code."""
