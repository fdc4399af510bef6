"""Troubles of the fleet."""

from statusportal.foundation.errors import Conflict


class SerialTaken(Conflict):
    """Say that this model has a device with this serial number."""


class PeriodsOverlap(Conflict):
    """Say that the device belongs to somebody in the time that was asked for."""
