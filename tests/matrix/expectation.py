"""What a visitor must be answered, from the declared policy and the tables of rights alone. Pure."""

from enum import StrEnum

from statusportal.access.permissions import Permission
from statusportal.access.policy import is_lasting, right_for, table
from statusportal.access.vocabulary import Right
from statusportal.http.policies import Door, Reach, RoutePolicy
from tests.matrix.visitors import LET_IN, OWN, RIGHTS, Kind, Relation, Visitor

# A grant is given on a device, or on what arose there; on an organisation nobody is granted anything.
_GRANTED_ON = {Reach.DEVICE, Reach.ROW}
# Who finds a thing that is there for those alone who decide about it.
_DECIDERS = {
    Reach.KEEPERS: OWN | {Relation.OPERATOR},
    Reach.DECIDERS: OWN,
    Reach.SIDES: OWN | {Relation.BUYER},
}


# What a token must be made for, so that the thing is there at all.
_LOOKED_AT_BY = {Reach.ROW: Permission.ENTRY_VIEW, Reach.LOOKERS: Permission.MODEL_VIEW}


class Left(StrEnum):
    """What there is of the thing that is asked for: all of it, or what stands where it was deleted, or nothing."""

    ALL = "all of it"
    RECORD = "a record to whoever knew of it"
    OPERATORS = "a place without words to the operator, and nothing to others"
    NOTHING = "nothing, as what nobody ever had"


# What stands where a thing was deleted, by the variable of a route that names it.
REMAINS = {
    "device_id": Left.OPERATORS,
    "entry_id": Left.OPERATORS,
    "organisation_id": Left.OPERATORS,
    "person_id": Left.OPERATORS,
    "comment_id": Left.RECORD,
    "grant_id": Left.RECORD,
    "invitation_id": Left.RECORD,
    "credential_id": Left.RECORD,
    "transfer_id": Left.RECORD,
    "link_id": Left.RECORD,
    "claim_id": Left.RECORD,
    "forwarding_id": Left.RECORD,
    "takeout_id": Left.RECORD,
    "session_id": Left.RECORD,
    "group_id": Left.NOTHING,
    "passkey_id": Left.NOTHING,
    "attachment_id": Left.NOTHING,
    "wish_id": Left.NOTHING,
    "connection_id": Left.NOTHING,
}


class Outcome(StrEnum):
    """How a door answers: it opens, asks who is there, says that a right is lacking, or knows of nothing."""

    OPEN = "open"
    CLOSED = "closed"
    LACKING = "lacking"
    ABSENT = "absent"


def expected(
    policy: RoutePolicy,
    reach: Reach,
    asked: Permission | None,
    visitor: Visitor,
    *,
    is_authors: bool = False,
    is_reading: bool = True,
    left: Left = Left.ALL,
) -> Outcome:
    """Say how the door answers. `asked` is the permission for what the request wants.

    The steps are those of a request: who is it, may they through the door, is the thing there for them, do they hold
    the right.
    """
    refused = _while_seen(policy, visitor, is_reading=is_reading) or _at_the_door(policy, visitor)
    is_there = _is_there(left, visitor)
    if policy.door is Door.LINK and not is_there and refused is not Outcome.CLOSED:
        return Outcome.ABSENT
    if refused is not None:
        return refused
    if policy.door in {Door.PUBLIC, Door.MACHINE}:
        return Outcome.OPEN if is_there else Outcome.ABSENT
    is_asked_first = reach in {Reach.ANYBODY, Reach.NAMED}
    if not is_asked_first and not (is_there and sees(reach, asked, visitor)):
        return Outcome.ABSENT
    if not _holds(policy, reach, asked, visitor, is_authors=is_authors):
        return Outcome.LACKING
    return Outcome.OPEN if is_there else Outcome.ABSENT


def _is_there(left: Left, visitor: Visitor) -> bool:
    return left in {Left.ALL, Left.RECORD} or (left is Left.OPERATORS and visitor.relation is Relation.OPERATOR)


def _while_seen(policy: RoutePolicy, visitor: Visitor, *, is_reading: bool) -> Outcome | None:
    """Say that who sees as another neither changes anything nor is shown what is that one's alone.

    What a link opens is missing to them as to everybody without one.
    """
    is_kept = policy.is_personal or not (is_reading or policy.is_leaving or policy.door is Door.LINK)
    return Outcome.LACKING if visitor.is_seen and is_kept else None


def _at_the_door(policy: RoutePolicy, visitor: Visitor) -> Outcome | None:
    """Say how somebody is refused before anything is looked for, or None."""
    if visitor.kind is Kind.DISABLED:
        return Outcome.CLOSED
    if policy.door is Door.PUBLIC:
        return Outcome.LACKING if policy.is_newcomers and visitor.kind is Kind.PERSON else None
    if policy.door is Door.MACHINE:
        return {Kind.MACHINE: None, Kind.PERSON: Outcome.LACKING}.get(visitor.kind, Outcome.CLOSED)
    if policy.door is Door.LINK:
        return _by_link(policy.permission, visitor)
    if visitor.kind is not Kind.PERSON:
        return Outcome.CLOSED
    is_made_for_this = visitor.scopes is None or policy.for_any_token or bool(policy.permissions & visitor.scopes)
    return None if is_made_for_this else Outcome.LACKING


def _by_link(asked: Permission | None, visitor: Visitor) -> Outcome:
    """Say what a link opens, whoever holds it; to everybody without one, its pages are missing."""
    if visitor.kind is not Kind.LINK or not visitor.scopes:
        return Outcome.ABSENT
    return Outcome.OPEN if asked in visitor.scopes else Outcome.LACKING


def _holds(policy: RoutePolicy, reach: Reach, asked: Permission | None, visitor: Visitor, *, is_authors: bool) -> bool:
    if policy.door is Door.HOLDER:
        return any(_holds_somewhere(visitor, one) for one in policy.permissions)
    if reach in {Reach.NO_THING, Reach.ANYBODY, Reach.HOLDER, Reach.LOOKERS}:
        return _holds_somewhere(visitor, asked)
    if reach is Reach.MODEL:
        return _holds_somewhere(visitor, asked) and (visitor.relation is Relation.AUTHOR or not is_authors)
    if reach in _DECIDERS:
        return _holds_by_role(visitor, asked)
    if policy.is_present_owners and visitor.relation not in OWN | {Relation.OPERATOR}:
        return False
    return (visitor.relation is Relation.AUTHOR or not is_authors) and _holds_there(policy, reach, visitor, asked)


def sees(reach: Reach, asked: Permission | None, visitor: Visitor) -> bool:
    """Tell whether alpha's thing is there for somebody who is signed in."""
    if reach in {Reach.NO_THING, Reach.ANYBODY, Reach.NAMED}:
        return True
    if reach is Reach.SELF:
        return visitor.relation is Relation.AUTHOR
    if reach is Reach.HOLDER:
        return _holds_somewhere(visitor, asked)
    if reach in _DECIDERS:
        is_staff = visitor.relation is Relation.OPERATOR and reach is not Reach.KEEPERS
        decides = visitor.relation in _DECIDERS[reach] and _holds_by_role(visitor, asked)
        return is_staff or decides
    if reach in _LOOKED_AT_BY and not _is_in_scope(visitor, _LOOKED_AT_BY[reach]):
        return False
    seers = {
        Reach.ADDRESS: frozenset(Relation),
        Reach.OPERATOR: frozenset(),
        Reach.OWNER: OWN,
        Reach.KNOWN: OWN | LET_IN,
        Reach.MODEL: OWN | {Relation.SAME_MODEL},
        Reach.ROW: OWN | LET_IN,
        Reach.LOOKERS: OWN | LET_IN | {Relation.SAME_MODEL},
        Reach.DEVICE: OWN | LET_IN | {Relation.FORMER},
    }
    return visitor.relation is Relation.OPERATOR or visitor.relation in seers[reach]


def _holds_somewhere(visitor: Visitor, asked: Permission | None) -> bool:
    is_elsewheres = asked is not None and visitor.elsewhere in table()[asked]
    return is_elsewheres or _holds_by_role(visitor, asked)


def _holds_by_role(visitor: Visitor, asked: Permission | None) -> bool:
    return asked is None or (_is_in_scope(visitor, asked) and visitor.role in table()[asked])


def _holds_there(policy: RoutePolicy, reach: Reach, visitor: Visitor, asked: Permission | None) -> bool:
    if asked is None:
        return True
    if not _is_in_scope(visitor, asked):
        return False
    if visitor.relation in OWN or visitor.relation is Relation.OPERATOR:
        return visitor.role in table()[asked]
    if visitor.relation is Relation.FORMER:
        return (policy.is_delegated or is_lasting(asked)) and visitor.role in table()[asked]
    right = (Right.MANAGE if policy.is_delegated else right_for(asked)) if reach in _GRANTED_ON else None
    return right is not None and right in RIGHTS.get(visitor.relation, Right(0))


def _is_in_scope(visitor: Visitor, asked: Permission) -> bool:
    return visitor.scopes is None or asked in visitor.scopes
