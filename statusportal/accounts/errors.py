"""Troubles of accounts."""

from statusportal.foundation.errors import Conflict


class AddressTaken(Conflict):
    """Say that a person with this address is here already."""


class SlugTaken(Conflict):
    """Say that another organisation has this short name."""


class InvitationSpent(Conflict):
    """Say that an invitation was used, withdrawn or has expired, or never was."""


class SignInFirst(Conflict):
    """Say that the invited address has an account, whose owner must be the one who joins."""
