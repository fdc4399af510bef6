"""Class 2: a parent of one's own with a child of somebody else's, and the other way round.

Seen at Discourse. Every operation whose address names two things is asked with one of each.
"""

from tests.factories.fleet import make_device, make_grant
from tests.holes.street import operations, send, visitor
from tests.matrix.cells import nowhere


def mixed(world):
    """Alpha's administrator's own thing for one variable, and beta's for the other."""
    beta = world.organisations["stranger"]
    theirs = make_device(world.works, beta)
    foreign = nowhere(world.things) | {
        "device_id": str(theirs.id),
        "grant_id": str(make_grant(world.works, theirs, world.organisations["guests_home"]).id),
        "person_id": str(world.people["customer/stranger"].id),
    }
    for operation in operations(world.app):
        names = [one for one in operation.variables if one.endswith("_id")]
        for name in names if len(names) > 1 else ():
            thing = operation.act.things.get(name, name)
            yield operation, world.things | {thing: foreign[name]}, name


def test_mixed_parents_and_children_are_missing(world, state):
    asked = list(mixed(world))
    state.take_anew()
    wrong = []

    for operation, things, name in asked:
        answer = send(world, operation, visitor("customer_admin/owner"), things)
        changed = state.changed_tables()
        if answer.status_code not in {403, 404} or changed:
            wrong.append((operation.name, name, answer.status_code, changed))
            state.go_on()

    assert len(asked) >= 4
    assert wrong == []
