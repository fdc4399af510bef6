"""The live channel as rows of the matrix: who comes in, what each may watch, and whom a change is told."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from flask_socketio import SocketIO, SocketIOTestClient

from statusportal.access.permissions import Permission
from statusportal.http.policies import Door, Reach, RoutePolicy
from statusportal.live.channel import NAMESPACE
from tests.matrix.expectation import Left, Outcome, expected
from tests.matrix.visitors import Relation, Visitor
from tests.matrix.world import World

NOT_FOUND = {"state": "not_found"}


@dataclass(frozen=True, slots=True)
class Heard:
    """One event with one thing. `is_now` keeps out a former owner, to whom a machine is what it was."""

    name: str
    permission: Permission | None
    reach: Reach
    is_now: bool = False

    def outcome_for(self, visitor: Visitor, left: Left = Left.ALL) -> Outcome:
        """Derive from the policy alone whether somebody is shut out, told, or told of nothing."""
        policy = RoutePolicy(Door.SIGNED_IN, self.permission, for_any_token=self.permission is None)
        outcome = expected(policy, self.reach, self.permission, visitor, left=left)
        if outcome is Outcome.CLOSED:
            return outcome
        is_told = outcome is Outcome.OPEN and not (self.is_now and visitor.relation is Relation.FORMER)
        return Outcome.OPEN if is_told else Outcome.ABSENT


CONNECT = Heard("connect", None, Reach.NO_THING)
WATCH_ME = Heard("watch me", None, Reach.NO_THING)
WATCH_DEVICE = Heard("watch device:<device_id>", Permission.DEVICE_VIEW, Reach.DEVICE)
WATCH_ENTRY = Heard("watch entry:<entry_id>", Permission.ENTRY_VIEW, Reach.ROW)
WORD = Heard("changed (a word)", Permission.ENTRY_VIEW, Reach.ROW)
INNER_WORD = Heard("changed (an inner word)", Permission.ENTRY_VIEW, Reach.OPERATOR)
MACHINE = Heard("changed (the machine)", Permission.DEVICE_VIEW, Reach.DEVICE, is_now=True)
EVENTS = (CONNECT, WATCH_ME, WATCH_DEVICE, WATCH_ENTRY, WORD, INNER_WORD, MACHINE)


@dataclass
class Ear:
    """One visitor's socket."""

    visitor: Visitor
    client: SocketIOTestClient = field(repr=False)

    @property
    def is_in(self) -> bool:
        """Tell whether the handshake let them in."""
        return bool(self.client.is_connected(NAMESPACE))

    def watch(self, topics: list[str]) -> Mapping[str, object]:
        """Wish to watch, and return what is said of each."""
        return dict(self.client.emit("watch", {"topics": topics}, namespace=NAMESPACE, callback=True))

    def heard(self) -> list[dict[str, object]]:
        """Return the frames that came since the last look, by topic."""
        frames = [one["args"][0] for one in self.client.get_received(NAMESPACE)]
        return sorted(frames, key=lambda one: str(one["topic"]))

    def leave(self) -> None:
        """Close it."""
        if self.is_in:
            self.client.disconnect(NAMESPACE)


def connect(world: World, visitor: Visitor) -> Ear:
    """Open a socket as the visitor does: by token, or with the cookies of their browser."""
    guest, token = world.guests.get(visitor.name), world.tokens.get(visitor.name)
    socketio: SocketIO = world.app.extensions["socketio"]
    auth = {"token": token} if token else None
    client = SocketIOTestClient(
        world.app, socketio, namespace=NAMESPACE, auth=auth, flask_test_client=guest.client if guest else None
    )
    return Ear(visitor, client)
