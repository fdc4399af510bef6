"""Who can see a device: its owner's people by the sharing mode, the operator's, and whoever was let in."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import func, select

from statusportal.access.permissions import Permission
from statusportal.access.policy import actor_holds
from statusportal.access.vocabulary import ROLE_BITS, MemberRole, SharingMode
from statusportal.accounts.models import Membership, Organisation, Person
from statusportal.custody.models import Transfer
from statusportal.custody.policy import visible_transfers
from statusportal.custody.queries import ended_grants, granted_to, receiver_names, standing_grants
from statusportal.fleet.models import AccessGrant, Device, OrganisationSharing, Ownership
from statusportal.fleet.queries import device_for, ownership_at, sharing_of
from statusportal.fleet.vocabulary import GrantState
from statusportal.foundation.errors import Forbidden
from statusportal.foundation.paging import Page, Slice
from statusportal.groups.queries import grants_of_groups
from statusportal.sharing.queries import count_open_links
from statusportal.sharing.vocabulary import OwnershipKey
from statusportal.work import Work


@dataclass(frozen=True, slots=True)
class Seen:
    """Somebody of the owner's who sees the device, and whether they decide who else does."""

    name: str
    decides: bool


@dataclass(frozen=True, slots=True)
class Given:
    """A grant and what its receiver may be called before the reader."""

    grant: AccessGrant
    name: str
    state: GrantState
    is_of_group: bool = False


@dataclass(frozen=True, slots=True)
class Former:
    """Whoever handed the device to its present owner, until when it was theirs, and whether that time is read now."""

    name: str
    until: datetime
    is_read: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class WhoSees:
    """Everybody who can see a device now, in their groups; organisations that were let in are named, not counted.

    `open_links` open the whole device to whoever has them.
    """

    device: Device
    ownership: Ownership
    owner: Organisation
    sharing: OrganisationSharing | None
    above: str
    own: Sequence[Seen]
    own_total: int
    staff: int
    given: Sequence[Given]
    ended: Page[Given]
    former: Former | None
    open_links: int
    may_link: bool
    may_share: bool
    may_transfer: bool

    @property
    def people(self) -> int:
        """Count the people whom the page can name or count."""
        persons = {one.grant.to_word for one in self.standing if one.grant.to_organisation_id is None}
        return len(self.own) + self.staff + len(persons)

    @property
    def standing(self) -> list[Given]:
        """List the grants that open something now."""
        return [one for one in self.given if one.state is GrantState.NOW]


@dataclass(frozen=True, slots=True)
class Beyond:
    """Who reads what is for an owner's people and is none of them: the organisation above, and whoever has a link."""

    above: str = ""
    open_links: int = 0


def read_beyond(work: Work, ownership: Ownership | OwnershipKey, entry_id: UUID | None = None) -> Beyond:
    """Return who else reads what is written in an ownership for its owner's people, on its device or in one entry.

    Shape: links are told of to the owner's people, staff and those who came by one, and the organisation above to them
    and to its own people; nobody else learns how an owner shares.
    """
    actor, owner_id = work.actor, ownership.organisation_id
    if actor.link is not None:
        return Beyond(open_links=1)
    if not actor.belongs_to(owner_id) and owner_id not in actor.sites:
        return Beyond()
    links = count_open_links(work, ownership, entry_id) if actor.belongs_to(owner_id) else 0
    sharing = sharing_of(work, owner_id)
    if sharing is None or sharing.parent_id is None:
        return Beyond("", links)
    if isinstance(ownership, OwnershipKey):
        ownership = work.session.get_one(Ownership, (owner_id, ownership.device_id, ownership.id))
    return Beyond(_above(work, sharing, ownership), links)


def who_sees(work: Work, device_id: UUID, ended: Slice | None = None) -> WhoSees:
    """Return who can see a device, for its present owner's people and for staff, and a page of who could.

    Raises: NotFound; Forbidden for who was let in, or had the device once.
    """
    device = device_for(work, device_id)
    ownership = ownership_at(work, device.id, work.now)
    if ownership is None or not work.actor.belongs_to(ownership.organisation_id):
        raise Forbidden(Permission.DEVICE_SHARE.value, MemberRole.CUSTOMER_ADMIN.value)
    owner = work.session.get_one(Organisation, ownership.organisation_id)
    sharing = sharing_of(work, owner.id)
    members = _members(work, owner.id)
    given = _given(work, standing_grants(work, ownership))
    over = ended_grants(work, ownership, ended or Slice())
    named = {one.grant.to_person_id for one in given if one.state is GrantState.NOW}
    own = [
        Seen(name, role == MemberRole.CUSTOMER_ADMIN)
        for person_id, name, role in members
        if person_id in named or _is_open_to(MemberRole(role), sharing, ownership)
    ]
    return WhoSees(
        device=device,
        ownership=ownership,
        owner=owner,
        sharing=sharing,
        above=_above(work, sharing, ownership),
        own=own,
        own_total=len(members),
        staff=work.session.scalar(
            select(func.count()).where(Person.staff_role.is_not(None), Person.is_disabled.is_(False))
        )
        or 0,
        given=[one for one in given if one.grant.to_person_id not in {person_id for person_id, _, _ in members}],
        ended=Page(_given(work, over.items), over.next_cursor),
        former=_former(work, ownership),
        open_links=count_open_links(work, ownership),
        may_link=actor_holds(work.actor, Permission.LINK_MAKE, owner.id),
        may_share=actor_holds(work.actor, Permission.DEVICE_SHARE, owner.id),
        may_transfer=actor_holds(work.actor, Permission.DEVICE_TRANSFER, owner.id),
    )


def _given(work: Work, rows: Sequence[AccessGrant]) -> list[Given]:
    names = receiver_names(work, [granted_to(row) for row in rows])
    of_groups = grants_of_groups(work, [row.id for row in rows])
    return [Given(row, names[granted_to(row)], row.state_at(work.now), row.id in of_groups) for row in rows]


def _former(work: Work, ownership: Ownership) -> Former | None:
    """Return who handed the device over, as far as the reader was a side of it: those before are nobody's business."""
    found = _handing_over(work, ownership)
    if found is None:
        return None
    transfer, seller = found
    return Former(seller, transfer.from_at, transfer.hands_history and transfer.takes_history)


def _is_open_to(role: MemberRole, sharing: OrganisationSharing | None, ownership: Ownership) -> bool:
    if role is MemberRole.CUSTOMER_ADMIN:
        return True
    if ownership.confidential_at is not None:
        return False
    mode = SharingMode(sharing.mode) if sharing else SharingMode.MEMBERS
    by_role = mode is SharingMode.BY_ROLE and sharing is not None and bool(sharing.roles & ROLE_BITS[role])
    return by_role or mode in {SharingMode.MEMBERS, SharingMode.ALL}


def _above(work: Work, sharing: OrganisationSharing | None, ownership: Ownership) -> str:
    """Name the organisation right above, where its people read the device."""
    if sharing is None or sharing.parent_id is None or ownership.confidential_at is not None:
        return ""
    parent = work.session.get(Organisation, sharing.parent_id)
    return parent.name if parent is not None and sharing.mode == SharingMode.ALL else ""


def _handing_over(work: Work, ownership: Ownership) -> tuple[Transfer, str] | None:
    """Return the transfer by which an ownership began and the seller's name, where the actor's side was part of it."""
    query = (
        select(Transfer, Organisation.name)
        .join(Organisation, Organisation.id == Transfer.organisation_id)
        .where(
            Transfer.device_id == ownership.device_id,
            Transfer.to_organisation_id == ownership.organisation_id,
            Transfer.from_at == ownership.from_at,
            visible_transfers(work.actor),
        )
    )
    found = work.session.execute(query.order_by(Transfer.id.desc()).limit(1)).first()
    return None if found is None else (found.Transfer, found.name)


def _members(work: Work, organisation_id: UUID) -> Sequence[tuple[UUID, str, str]]:
    """List an organisation's people as (id, name, role), by name, as far as the walls show them."""
    query = (
        select(Person.id, Person.name, Membership.role)
        .join(Membership, Membership.person_id == Person.id)
        .where(Membership.organisation_id == organisation_id, Person.is_disabled.is_(False))
        .order_by(Person.name, Person.id)
    )
    return [(person_id, name, role) for person_id, name, role in work.session.execute(query)]
