"""Troubles of accounts."""

from uuid import UUID

from statusportal.foundation.errors import Conflict, NotSignedIn, Sentence


class SignInRefused(NotSignedIn):
    """Say that address and password do not belong together, never which of them is wrong.

    `person_id` is for the audit log alone; None when nobody has the address.
    """

    def __init__(self, person_id: UUID | None) -> None:
        super().__init__(Sentence("Address and password do not belong together."))
        self.person_id = person_id


class AddressTaken(Conflict):
    """Say that a person with this address is here already."""


class SlugTaken(Conflict):
    """Say that another organisation has this short name."""


class InvitationSpent(Conflict):
    """Say that an invitation was used, withdrawn or has expired, or never was."""


class SignInFirst(Conflict):
    """Say that the invited address has an account, whose owner must be the one who joins."""
