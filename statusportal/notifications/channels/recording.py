"""A channel that carries letters as far as a list: for demos, for a portal that is being tried, and for tests."""

from collections import deque

from statusportal.notifications.channels.writing import message_of
from statusportal.notifications.vocabulary import Letter

_MOST = 1_000


class RecordingChannel:
    """Keep the last thousand letters in memory, each refused for what a mail server would refuse it for."""

    def __init__(self, sender: str) -> None:
        self._sender = sender
        self.letters: deque[Letter] = deque(maxlen=_MOST)

    def send(self, letter: Letter) -> None:
        """Keep a letter.

        Raises: LetterRefused.
        """
        message_of(letter, self._sender)
        self.letters.append(letter)
