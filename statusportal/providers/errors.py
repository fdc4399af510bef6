"""Troubles with identity providers."""

from statusportal.foundation.errors import Conflict, Sentence


class ProviderFaulty(Conflict):
    """Say plainly what is wrong with a provider or with what it sent; `code` names it in the audit log."""

    def __init__(self, code: str, detail: Sentence) -> None:
        super().__init__(detail)
        self.code = code
        self.sentence = detail
