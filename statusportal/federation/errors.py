"""Troubles of identity providers."""

from uuid import UUID

from statusportal.foundation.errors import Conflict, NotSignedIn, Sentence


class ProviderUnreadable(Conflict):
    """Say that a stored secret cannot be opened with the key in use."""

    def __init__(self) -> None:
        super().__init__(Sentence("The provider's secret cannot be opened with the key in use. Type it again."))


class NotVouchedFor(NotSignedIn):
    """Say that a sign-in elsewhere opened nothing here, and to the audit log alone why."""

    def __init__(self, organisation_id: UUID, code: str, detail: Sentence | None = None) -> None:
        super().__init__(detail or Sentence("This sign-in did not work out. Begin again, or tell your administrator."))
        self.organisation_id = organisation_id
        self.code = code


class NobodyHere(NotVouchedFor):
    """Say that an identity is nobody's here, and who can change that; `code` says why to the audit log alone."""

    def __init__(self, organisation_id: UUID, code: str = "nobody") -> None:
        sentence = Sentence("Nobody here has this identity. Ask an administrator of your organisation to invite you.")
        super().__init__(organisation_id, code, sentence)
