"""What goes wrong with connections only."""

from statusportal.foundation.errors import Conflict, Sentence


class SecretsUnreadable(Conflict):
    """Say that stored secrets cannot be opened with the key in use, so that they must be typed again."""

    def __init__(self) -> None:
        super().__init__(Sentence("The stored secrets cannot be opened with the key in use. Type them again."))
