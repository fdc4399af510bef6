"""The actor: who a piece of work is done for, detached from every row."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from uuid import UUID

from statusportal.access.vocabulary import ActorKind, MemberRole, StaffRole


@dataclass(frozen=True, slots=True)
class Actor:
    """Carry identity and standing, as read when the request came in.

    `memberships` maps an organisation to the role held in it. `granting` are organisations that granted something to
    this person or their organisations, `sites` those that stand under theirs in a tree, and `ownerships` those of their
    ownerships that this opens: the database lets the rows of these through, and `visible_to` decides which of them. A
    machine carries its credential and the device, or for a gateway the organisation.
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

    def badge_in(self, organisation_id: UUID) -> str | None:
        """Return the role somebody is seen in there: the staff role, else the one held there, else at home."""
        if self.staff_role is not None:
            return self.staff_role.value
        role = self.memberships.get(organisation_id) or next(iter(self.memberships.values()), None)
        return role.value if role else None


ANONYMOUS = Actor(kind=ActorKind.ANONYMOUS)
SYSTEM = Actor(kind=ActorKind.SYSTEM)
