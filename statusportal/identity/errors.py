"""Troubles of identity."""

from uuid import UUID

from statusportal.foundation.errors import NotSignedIn, Sentence


class SignInRefused(NotSignedIn):
    """Say that address and password do not belong together, never which of them is wrong.

    `person_id` is for the audit log alone; None when nobody has the address.
    """

    def __init__(self, person_id: UUID | None) -> None:
        super().__init__(Sentence("Address and password do not belong together."))
        self.person_id = person_id
