"""Words of notifications."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum


class LetterKind(StrEnum):
    """Every letter that there is."""

    INVITATION = "invitation"
    PASSWORD_RESET = "password_reset"  # noqa: S105 - the name of a letter
    NEW_SIGN_IN = "new_sign_in"
    PASSWORD_CHANGED = "password_changed"  # noqa: S105 - as above
    SECOND_PROOFS_RESET = "second_proofs_reset"
    SHARED_PAGE = "shared_page"
    VISIT_CONFIRMED = "visit_confirmed"
    VISIT_MOVED = "visit_moved"
    CONSENT_SHARED = "consent_shared"
    CONSENT_MODEL = "consent_model"
    OPERATOR_LET_IN = "operator_let_in"


@dataclass(frozen=True, slots=True)
class Letter:
    """A letter to one address, in plain text and the same in simple HTML; `headers` are beyond the usual ones."""

    to: str
    subject: str
    text: str
    html: str
    headers: Mapping[str, str] = field(default_factory=dict)
