"""Troubles of seeing as a customer."""

from statusportal.foundation.errors import Conflict


class NotACustomer(Conflict):
    """Say that nobody sees as somebody of the operator, nor as somebody who may not sign in."""


class NoSession(Conflict):
    """Say that the call came with a token: only a session sees as somebody."""
