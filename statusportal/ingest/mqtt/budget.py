"""How many bytes of messages may wait in memory, over all connections together. For one event loop."""

import asyncio


class Budget:
    """Let bytes in while they fit, and let their readers wait otherwise, with their sockets unread.

    A single packet larger than the whole budget gets in alone. Who holds a part always gets on without asking for
    more: a packet that is coming in comes whole or is cut, and what is whole waits for the store alone.
    """

    def __init__(self, most_bytes: int) -> None:
        self._most = most_bytes
        self._held = 0
        self._waiting: list[asyncio.Future[None]] = []

    async def take(self, count: int) -> None:
        """Wait until so many bytes fit."""
        while self._held and self._held + count > self._most:
            turn = asyncio.get_running_loop().create_future()
            self._waiting.append(turn)
            await turn
        self._held += count

    def give_back(self, count: int) -> None:
        """Let others in."""
        self._held -= count
        waiting, self._waiting = self._waiting, []
        for turn in waiting:
            if not turn.done():
                turn.set_result(None)
