"""Troubles of labels."""

from statusportal.foundation.errors import Conflict


class AddressNotLasting(Conflict):
    """Say that the portal has no address yet that may stand on a machine for ever."""
