"""The port of a channel. `tests/conformance/test_channels.py` is its contract, and every channel passes it."""

from typing import Protocol

from statusportal.notifications.vocabulary import Letter


class Channel(Protocol):
    """Carry letters, one at a time."""

    def send(self, letter: Letter) -> None:
        """Hand one letter over; when this returns, the other side has taken it.

        Raises: LetterRefused for a letter that will never be taken, ChannelDown when nothing is taken now.
        """
