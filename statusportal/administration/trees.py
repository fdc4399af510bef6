"""Reads of one page: how an organisation shares inside, and the tree in which it stands, from top to last site."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import func, select

from statusportal.access.permissions import Permission
from statusportal.access.policy import require
from statusportal.access.vocabulary import SharingMode
from statusportal.accounts.models import Membership, Organisation
from statusportal.accounts.policy import visible_memberships, visible_organisations
from statusportal.accounts.queries import organisation_for
from statusportal.fleet.models import OrganisationSharing, Ownership
from statusportal.fleet.policy import owned_at
from statusportal.fleet.queries import sharing_of
from statusportal.fleet.vocabulary import DEEPEST_TREE
from statusportal.work import Work

Children = Mapping[UUID, Sequence[UUID]]


@dataclass(frozen=True, slots=True)
class TreeNode:
    """An organisation in its tree, with how many people and machines it has itself."""

    id: UUID
    name: str
    people: int
    devices: int
    below: tuple["TreeNode", ...]


def tree_around(work: Work, organisation_id: UUID) -> TreeNode:
    """Return the whole tree in which an organisation stands; one that stands alone is a tree of one.

    Raises: NotFound, Forbidden for who places no organisation.
    """
    require(work.actor, Permission.ORGANISATION_PLACE)
    top = _top(work, organisation_for(work, organisation_id).id)
    children = _below(work, top)
    return _Counted(work, {top, *(one for below in children.values() for one in below)}).node(top, children)


def parent_of(work: Work, organisation_id: UUID) -> UUID | None:
    """Return whom an organisation stands under, or None."""
    query = select(OrganisationSharing.parent_id).where(OrganisationSharing.organisation_id == organisation_id)
    return work.session.scalar(query)


def _top(work: Work, organisation_id: UUID) -> UUID:
    top = organisation_id
    for _level in range(DEEPEST_TREE):
        top = parent_of(work, top) or top
    return top


def _below(work: Work, top: UUID) -> Children:
    """Return who stands right under whom, level by level, as deep as a tree may be."""
    children: dict[UUID, list[UUID]] = {}
    level = [top]
    for _level in range(DEEPEST_TREE):
        query = select(OrganisationSharing.parent_id, OrganisationSharing.organisation_id)
        found = work.session.execute(query.where(OrganisationSharing.parent_id.in_(level))).all()
        for parent_id, child_id in found:
            if parent_id is not None:
                children.setdefault(parent_id, []).append(child_id)
        level = [child_id for _parent_id, child_id in found]
    return children


class _Counted:
    """Names and counts of some organisations, in three queries."""

    def __init__(self, work: Work, ids: set[UUID]) -> None:
        named = select(Organisation.id, Organisation.name)
        named = named.where(Organisation.id.in_(ids), visible_organisations(work.actor))
        self._names: dict[UUID, str] = dict(work.session.execute(named).all())
        members = select(Membership.organisation_id, func.count()).group_by(Membership.organisation_id)
        members = members.where(Membership.organisation_id.in_(ids), visible_memberships(work.actor))
        self._people: dict[UUID, int] = dict(work.session.execute(members).all())
        owned = select(Ownership.organisation_id, func.count()).group_by(Ownership.organisation_id)
        owned = owned.where(Ownership.organisation_id.in_(ids), owned_at(work.now))
        self._devices: dict[UUID, int] = dict(work.session.execute(owned).all())

    def node(self, organisation_id: UUID, children: Children) -> TreeNode:
        """Return an organisation with all below it, each level by name."""
        below = (self.node(one, children) for one in children.get(organisation_id, ()))
        return TreeNode(
            organisation_id,
            self._names.get(organisation_id, ""),
            self._people.get(organisation_id, 0),
            self._devices.get(organisation_id, 0),
            tuple(sorted(below, key=lambda one: (one.name, one.id))),
        )


def sharing_seen(work: Work, organisation_id: UUID) -> OrganisationSharing:
    """Return how an organisation shares inside, or a row of what holds without one that is kept nowhere.

    Raises: NotFound, Forbidden for who does not decide there.
    """
    organisation = organisation_for(work, organisation_id)
    require(work.actor, Permission.DEVICE_SHARE, organisation.id)
    found = sharing_of(work, organisation.id)
    return found or OrganisationSharing(organisation_id=organisation.id, mode=SharingMode.MEMBERS.value, roles=0)
