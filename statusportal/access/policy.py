"""`require`, and the table that rooms declare their rows into."""

from collections.abc import Iterable, Mapping
from types import MappingProxyType
from uuid import UUID

from statusportal.access.actor import Actor
from statusportal.access.permissions import Permission
from statusportal.access.vocabulary import ActorKind, MemberRole, Right, Role, StaffRole
from statusportal.foundation.errors import Forbidden

_table: dict[Permission, frozenset[Role]] = {}
_granted_by: dict[Permission, Right] = {}
_lasting: set[Permission] = set()

EVERY_MEMBER: frozenset[Role] = frozenset(MemberRole)
EVERY_STAFF: frozenset[Role] = frozenset(StaffRole)
EVERYONE: frozenset[Role] = EVERY_MEMBER | EVERY_STAFF


def declare(rows: Mapping[Permission, Iterable[Role]]) -> None:
    """Add a room's rows to the table. A permission is declared once, by the room that owns the thing."""
    for permission, roles in rows.items():
        if permission in _table:
            raise RuntimeError(f"{permission} is declared twice")
        _table[permission] = frozenset(roles)


def declare_grantable(rows: Mapping[Permission, Right]) -> None:
    """Say which right of a grant carries a permission to somebody elsewhere; what is not said cannot be granted."""
    _granted_by.update(rows)


def declare_lasting(*permissions: Permission) -> None:
    """Say which permissions a former owner keeps, for what arose in their own time."""
    _lasting.update(permissions)


def is_lasting(permission: Permission) -> bool:
    """Tell whether a former owner keeps a permission for their own time."""
    return permission in _lasting


def right_for(permission: Permission) -> Right | None:
    """Return the right that carries a permission to a grantee, or None where no grant does."""
    return _granted_by.get(permission)


def table() -> Mapping[Permission, frozenset[Role]]:
    """Return the whole matrix, read-only."""
    return MappingProxyType(_table)


def actor_holds(actor: Actor, permission: Permission, organisation_id: UUID | None) -> bool:
    """Tell whether a role of the actor carries the permission in that organisation.

    A staff role counts everywhere; a membership counts in its own organisation only. Without an organisation, any
    membership counts: that is for questions like "may this person see the page at all". An actor with scopes holds
    nothing beyond them, whatever the roles.
    """
    if actor.kind is ActorKind.SYSTEM:
        return True
    if not actor.is_scoped_to(permission):
        return False
    roles = _table.get(permission, frozenset())
    if actor.staff_role is not None and actor.staff_role in roles:
        return True
    if organisation_id is None:
        return any(role in roles for role in actor.memberships.values())
    return actor.memberships.get(organisation_id) in roles


def require(actor: Actor, permission: Permission, organisation_id: UUID | None = None) -> None:
    """Let the work go on only if the actor holds the permission.

    It is for things that the actor can see: invisible ones were NotFound before this is asked.

    Raises: Forbidden, which names the roles that hold the right, so that the page can say who can help.
    """
    if not actor_holds(actor, permission, organisation_id):
        holders = ", ".join(sorted(role.value for role in _table.get(permission, frozenset())))
        raise Forbidden(permission.value, holders)
