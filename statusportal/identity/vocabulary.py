"""Words of identity."""

from enum import StrEnum


class SignInWay(StrEnum):
    """How somebody showed who they are when a session began."""

    PASSWORD = "password"  # noqa: S105 - a word, and no password
    SECOND_PROOF = "password_and_code"
    PASSKEY = "passkey"
    PROVIDER = "provider"

    @property
    def is_strong(self) -> bool:
        """Tell whether a password alone would not have been enough."""
        return self in {SignInWay.SECOND_PROOF, SignInWay.PASSKEY}
