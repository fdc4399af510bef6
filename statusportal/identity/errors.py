"""Troubles of identity."""

from uuid import UUID

from statusportal.foundation.errors import NotSignedIn, PortalError, Sentence


class SignInRefused(NotSignedIn):
    """Say that address and password do not belong together, never which of them is wrong.

    `person_id` is for the audit log alone; None when nobody has the address.
    """

    def __init__(self, person_id: UUID | None) -> None:
        super().__init__(Sentence("Address and password do not belong together."))
        self.person_id = person_id


class ProviderNeeded(NotSignedIn):
    """Say that the person is known and is let in by their organisation's identity provider alone."""

    def __init__(self, person_id: UUID) -> None:
        super().__init__(
            Sentence("Your organisation lets you in by its own sign-in alone. Choose “Your organisation's sign-in”.")
        )
        self.person_id = person_id


class ProofNeeded(PortalError):
    """Say that this is done only by somebody who proved within the last minutes who they are.

    Nobody can grant it: the person proves it in their session, and then the same call goes through.
    """

    def __init__(self) -> None:
        super().__init__(Sentence("Show first that it is you: this is done only within ten minutes of that."))
