"""The actor: who a piece of work is done for, detached from every row."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from statusportal.access.permissions import Permission
from statusportal.access.vocabulary import ActorKind, MemberRole, Right, StaffRole

GUEST = "guest"


@dataclass(frozen=True, slots=True)
class LinkReach:
    """What a share link opens: one device, or with `entry_id` one entry of it, within one ownership; nothing else.

    `from_at` (inclusive) to `to_at` (exclusive; None: still) is the maker's own time in it. `is_inside` tells whether
    the maker reads what is for the owner's organisation alone; what is internal no link opens.
    """

    link_id: UUID
    maker_id: UUID
    organisation_id: UUID
    device_id: UUID
    ownership_id: UUID
    entry_id: UUID | None
    from_at: datetime
    to_at: datetime | None
    rights: Right
    is_inside: bool


@dataclass(frozen=True, slots=True)
class Actor:
    """Carry identity and standing, as read when the request came in.

    `memberships` maps an organisation to the role held in it. `granting` are organisations that granted something to
    this person or their organisations, `sites` those that stand under theirs in a tree, and `ownerships` those of their
    ownerships that this opens: the database lets the rows of these through, and `visible_to` decides which of them. A
    machine carries its credential and the device, or for a gateway the organisation. Who came by a share link is nobody
    but its holder: `link` says what it opens.
    `seen_by` is set on the actor of a customer as whom somebody of the operator sees: nothing is written for that one.
    Who owes a second proof has no standing before it is set up. `vouched_by` is the organisation whose identity
    provider let them in: beside it they have no standing.
    """

    kind: ActorKind
    person_id: UUID | None = None
    staff_role: StaffRole | None = None
    memberships: Mapping[UUID, MemberRole] = field(default_factory=dict)
    granting: frozenset[UUID] = frozenset()
    ownerships: frozenset[UUID] = frozenset()
    sites: frozenset[UUID] = frozenset()
    credential_id: UUID | None = None
    session_id: UUID | None = None
    device_id: UUID | None = None
    gateway_of: UUID | None = None
    scopes: frozenset[str] | None = None
    link: LinkReach | None = None
    seen_by: UUID | None = None
    owes_second_proof: bool = False
    vouched_by: UUID | None = None

    @property
    def is_staff(self) -> bool:
        """Tell whether every organisation's devices are in view."""
        return self.staff_role is not None

    @property
    def is_operator(self) -> bool:
        """Tell whether the database's coarse wall is open: staff and the portal's own jobs."""
        return self.is_staff or self.kind is ActorKind.SYSTEM

    @property
    def organisations(self) -> frozenset[UUID]:
        """Return the organisations the actor belongs to."""
        return frozenset(self.memberships)

    @property
    def homes(self) -> frozenset[UUID]:
        """Return the organisations whose every row the database may show: one's own, or a machine's."""
        return self.organisations | ({self.gateway_of} if self.gateway_of else set())

    @property
    def reachable(self) -> frozenset[UUID]:
        """Return the organisations of which the actor knows: their own, their sites, and those that let them in."""
        return self.homes | self.granting | self.sites

    @property
    def administered(self) -> frozenset[UUID]:
        """Return the organisations in which the actor decides who sees what: nothing in them is kept from them."""
        return frozenset(one for one, role in self.memberships.items() if role is MemberRole.CUSTOMER_ADMIN)

    def belongs_to(self, organisation_id: UUID) -> bool:
        """Tell whether what is for an organisation alone is for this actor too; it is not for grantees."""
        return self.is_operator or organisation_id in self.memberships

    def reads_inside(self, organisation_id: UUID) -> bool:
        """Tell whether words for an organisation alone reach this actor: its people, staff, holders of its links."""
        is_shown = self.link is not None and self.link.is_inside and self.link.organisation_id == organisation_id
        return is_shown or self.belongs_to(organisation_id)

    def is_scoped_to(self, permission: Permission) -> bool:
        """Tell whether the token or link that the actor came by, if any, was made for this."""
        return self.scopes is None or permission.value in self.scopes

    def badge_in(self, organisation_id: UUID) -> str | None:
        """Return the role somebody is seen in there: the staff role, else the one held there, else at home."""
        if self.link is not None:
            return GUEST
        if self.staff_role is not None:
            return self.staff_role.value
        role = self.memberships.get(organisation_id) or next(iter(self.memberships.values()), None)
        return role.value if role else None


ANONYMOUS = Actor(kind=ActorKind.ANONYMOUS)
SYSTEM = Actor(kind=ActorKind.SYSTEM)
