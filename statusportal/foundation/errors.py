"""The one tree of errors that rooms raise. Rooms know no HTTP codes; each edge maps the tree in one table.

PortalError
├── NotFound             it is missing, or you may not see it: the two are the same
├── NotSignedIn          no credential, or a bad one
├── Forbidden            you see it, but lack this right
├── Invalid              content that can be read and is wrong, field by field
├── Conflict             true in itself, impossible in this state
│   ├── IllegalTransition
│   └── RetryMismatch    the same safe-retry key with another body
├── Stale                somebody changed it since you read it
└── Overloaded           come back later
    └── TooMany          your own limit
"""

from collections.abc import Sequence
from dataclasses import dataclass

from devices.sentence import Sentence

__all__ = [
    "Conflict",
    "Faults",
    "FieldError",
    "Forbidden",
    "IllegalTransition",
    "Invalid",
    "NotFound",
    "NotSignedIn",
    "Overloaded",
    "PortalError",
    "RetryMismatch",
    "Sentence",
    "Stale",
    "TooMany",
]


@dataclass(frozen=True, slots=True)
class FieldError:
    """Name one wrong field: `pointer` is an RFC 6901 JSON pointer, `detail` a sentence."""

    pointer: str
    detail: str


class PortalError(Exception):
    """Root of everything a room raises on purpose; `detail` is a sentence for a person."""

    def __init__(self, detail: str = "") -> None:
        super().__init__(detail)
        self.detail = detail


class NotFound(PortalError):
    """Say that a thing is missing or invisible, never which of the two."""


class NotSignedIn(PortalError):
    """Say that no usable credential came with the request."""


class Forbidden(PortalError):
    """Say that the thing is visible and the right is lacking."""

    def __init__(self, permission: str, who_can_grant: str = "") -> None:
        super().__init__(Sentence("You may see this, but you lack the right “%(right)s”.", right=permission))
        self.permission = permission
        self.who_can_grant = who_can_grant


class Invalid(PortalError):
    """Carry every wrong field at once."""

    def __init__(self, errors: Sequence[FieldError]) -> None:
        super().__init__("; ".join(f"{error.pointer}: {error.detail}" for error in errors))
        self.errors = tuple(errors)

    @classmethod
    def field(cls, pointer: str, detail: str) -> "Invalid":
        """Make the error of a single field."""
        return cls([FieldError(pointer, detail)])


class Conflict(PortalError):
    """Say that the request is well-formed and impossible in the present state."""


class IllegalTransition(Conflict):
    """Say from which state a step was refused."""

    def __init__(self, current: str, wanted: str) -> None:
        super().__init__(
            Sentence("A step from %(current)s to %(wanted)s is not possible.", current=current, wanted=wanted)
        )
        self.current = current
        self.wanted = wanted


class RetryMismatch(Conflict):
    """Say that an Idempotency-Key came back with another body."""


class Stale(PortalError):
    """Say that the thing changed since it was read; `version` is the present one."""

    def __init__(self, version: int) -> None:
        super().__init__(
            Sentence("This changed since you read it. The present version is %(version)s.", version=version)
        )
        self.version = version


class Overloaded(PortalError):
    """Ask the sender to come back after `retry_after_s` seconds; nothing was taken."""

    def __init__(self, detail: str, retry_after_s: int = 1) -> None:
        super().__init__(detail)
        self.retry_after_s = retry_after_s


class TooMany(Overloaded):
    """Say that the sender is over its own limit."""


class Faults:
    """Collect wrong fields while content is read, so that a sender hears of all of them at once."""

    def __init__(self) -> None:
        self.errors: list[FieldError] = []

    def note(self, pointer: str, detail: str) -> None:
        """Remember one wrong field."""
        self.errors.append(FieldError(pointer, detail))

    def line(self, pointer: str, text: str, *, most: int, least: int = 1) -> str:
        """Return the text without blanks around it, and note it unless it is one printable line of a fitting length.

        Control characters are refused here: PostgreSQL takes no NUL, and a line feed in a name breaks mails and logs.
        """
        line = text.strip()
        if len(line) < least:
            blank = Sentence("must not be empty")
            self.note(pointer, blank if least == 1 else Sentence("needs %(least)s characters or more", least=least))
        elif len(line) > most:
            self.note(pointer, Sentence("may have %(most)s characters, this has %(count)s", most=most, count=len(line)))
        elif not line.isprintable():
            self.note(pointer, Sentence("must be one line without control characters"))
        return line

    def close(self) -> None:
        """Let the work go on only if nothing was wrong.

        Raises: Invalid with everything that was noted.
        """
        if self.errors:
            raise Invalid(self.errors)
