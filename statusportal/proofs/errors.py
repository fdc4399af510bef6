"""Troubles of second proofs."""

from collections.abc import Sequence
from uuid import UUID

from statusportal.foundation.errors import Conflict, NotSignedIn, PortalError, Sentence


class SecondProofNeeded(NotSignedIn):
    """Say that the password was right and is not enough; `kinds` names what else the person has."""

    def __init__(self, kinds: Sequence[str]) -> None:
        super().__init__(Sentence("A second proof is needed: a code of your app, a recovery code or a passkey."))
        self.kinds = tuple(kinds)


class CodeRefused(NotSignedIn):
    """Say that a code is wrong, too old, or was used before, never which of these."""

    def __init__(self) -> None:
        super().__init__(Sentence("This code does not fit. Wait for the next one, or use a recovery code."))


class PasskeyRefused(NotSignedIn):
    """Say that a passkey opens nothing here; `person_id` is for the audit log alone."""

    def __init__(self, person_id: UUID | None) -> None:
        super().__init__(Sentence("This passkey opens nothing here. Sign in with your password."))
        self.person_id = person_id


class PasskeysUnavailable(Conflict):
    """Say that no browser would make or show a passkey at this address."""

    def __init__(self) -> None:
        super().__init__(Sentence("Passkeys work only over https, at the portal's own name, or on localhost."))


class SecondProofOwed(PortalError):
    """Say that the person's organisation asks for a second proof, and that nothing else goes before it is set up."""

    def __init__(self) -> None:
        super().__init__(
            Sentence("Your organisation asks for a second proof. Set one up first; everything else waits for it.")
        )


class StepOver(Conflict):
    """Say that an act of two requests took too long, was carried out before, or never began."""

    def __init__(self) -> None:
        super().__init__(Sentence("This took too long, or was done before. Begin again."))


class ProofUnreadable(Conflict):
    """Say that a stored secret cannot be opened with the key in use."""

    def __init__(self) -> None:
        super().__init__(Sentence("Your app's secret cannot be opened with the key in use. Ask your administrator."))
