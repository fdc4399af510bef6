"""Troubles of trees."""

from statusportal.foundation.errors import Conflict


class TreeTangled(Conflict):
    """Say that an organisation would stand under itself, or deeper than a tree may be."""
