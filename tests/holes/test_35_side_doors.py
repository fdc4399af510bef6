"""Class 35: what stands open to anybody tells nothing of anybody.

Seen at Uptime Kuma (badges) and Discourse. Every public operation is asked by nobody, after alpha's people wrote.
"""

from statusportal.http.policies import Door
from tests.holes.street import operations, send, visitor

CANARIES = (b"Why so hot?", b"smells", b"Nobody answers.", b"A-1", b"person-", b"owner")
# The invited see who invites them, a calendar program its owner's machines; the address is the secret.
_SECRET_ADDRESSES = {"/invitations/<token>", "/calendar/<token>.ics"}

# What its owner chose to show to whoever stands at the machine: its model, its serial number and its health.
_CHOSEN = {"/p/<label>", "/badge/<device_id>.svg"}


def test_open_doors_tell_nothing_of_anybody(world):
    told = []

    public = [one for one in operations(world.app) if one.policy.door is Door.PUBLIC and one.is_reading]
    for operation in public:
        if operation.rule in _SECRET_ADDRESSES | _CHOSEN:
            continue
        answer = send(world, operation, visitor("anonymous"), world.things)
        told += [(operation.name, one) for one in CANARIES[:4] if one in answer.data]
        if operation.rule == "/metrics":
            told += [("/metrics", one) for one in world.things.values() if len(one) > 8 and one.encode() in answer.data]

    assert len(public) >= 6
    assert told == []
