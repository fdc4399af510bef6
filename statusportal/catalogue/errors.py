"""Troubles of the catalogue."""

from statusportal.foundation.errors import Conflict


class ModelTaken(Conflict):
    """Say that another model has this short name."""


class LimitCodeTaken(Conflict):
    """Say that another limit of the model has this code."""
