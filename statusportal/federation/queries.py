"""Reads of identity providers and of the identities that are linked. The portal's door asks as SYSTEM."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import exists, func, select

from statusportal.access.vocabulary import MemberRole, StaffRole
from statusportal.accounts.models import Invitation, Membership, Organisation, Person
from statusportal.accounts.vocabulary import OrganisationKind
from statusportal.calls.addresses import networks_of
from statusportal.federation.errors import ProviderUnreadable
from statusportal.federation.models import IdentityProvider, LinkedIdentity
from statusportal.federation.policy import visible_identities, visible_providers
from statusportal.foundation.errors import NotFound
from statusportal.proofs.errors import ProofUnreadable
from statusportal.proofs.sealing import unseal
from statusportal.providers.vocabulary import Party
from statusportal.work import Work


def find_provider(work: Work, organisation_id: UUID) -> IdentityProvider | None:
    """Return an organisation's provider, or None while there is none."""
    query = select(IdentityProvider).where(
        IdentityProvider.organisation_id == organisation_id, visible_providers(work.actor)
    )
    return work.session.scalar(query)


def provider_for(work: Work, organisation_id: UUID) -> IdentityProvider:
    """Return an organisation's provider.

    Raises: NotFound.
    """
    found = find_provider(work, organisation_id)
    if found is None:
        raise NotFound
    return found


def party_of(work: Work, organisation_id: UUID) -> Party:
    """Return a provider as the portal talks with it, whether it is in use or not.

    Raises: NotFound, ProviderUnreadable.
    """
    row = provider_for(work, organisation_id)
    organisation = work.session.get_one(Organisation, organisation_id)
    try:
        secret = unseal(work.settings.proofs_key, row.sealed_secret) if row.sealed_secret else ""
    except ProofUnreadable as err:
        raise ProviderUnreadable from err
    return Party(
        organisation_id=organisation.id,
        slug=organisation.slug,
        organisation=organisation.name,
        name=row.name,
        issuer=row.issuer,
        client_id=row.client_id,
        client_secret=secret,
        scopes=tuple(row.scopes),
        redirect_uri=redirect_uri(work, organisation),
        allowed=tuple(networks_of(work.settings.provider_allow)),
    )


def redirect_uri(work: Work, organisation: Organisation) -> str:
    """Return where an organisation's provider sends people back to: an address that no other provider is told."""
    return work.settings.link(f"/sign-in/at/{organisation.slug}/callback")


def open_party(work: Work, slug: str) -> Party:
    """Return the provider in use of the organisation with this short name.

    Raises: NotFound, the same for an organisation that is not here and for one without a provider.
    """
    query = (
        select(IdentityProvider.organisation_id)
        .join(Organisation, Organisation.id == IdentityProvider.organisation_id)
        .where(Organisation.slug == slug, IdentityProvider.is_enabled)
    )
    organisation_id = work.session.scalar(query) if slug.isprintable() else None
    if organisation_id is None:
        raise NotFound
    return party_of(work, organisation_id)


def find_slug_by_domain(work: Work, domain: str) -> str | None:
    """Return the short name of the organisation whose provider takes mail of a domain.

    Two that name the same domain are none: nobody is led to the wrong one.
    """
    query = (
        select(Organisation.slug, IdentityProvider.domains)
        .join(Organisation, Organisation.id == IdentityProvider.organisation_id)
        .where(IdentityProvider.is_enabled)
    )
    found = [slug for slug, domains in work.session.execute(query) if domain in domains]
    return found[0] if len(found) == 1 else None


def open_providers(work: Work) -> Sequence[tuple[str, str, bool]]:
    """List the providers in use: the organisation's short name, their own, and whether it is the operator's."""
    query = (
        select(Organisation.slug, IdentityProvider.name, Organisation.kind)
        .join(Organisation, Organisation.id == IdentityProvider.organisation_id)
        .where(IdentityProvider.is_enabled)
        .order_by(Organisation.name, Organisation.id)
    )
    return [(slug, name, kind == OrganisationKind.OPERATOR) for slug, name, kind in work.session.execute(query)]


def my_identities(work: Work) -> Sequence[tuple[LinkedIdentity, str, Organisation]]:
    """List the actor's identities with the provider's name, by the organisation's.

    Somebody of an organisation's people does not see its provider as its administrators do; its name is told.
    """
    query = (
        select(LinkedIdentity, IdentityProvider.name, Organisation)
        .join(Organisation, Organisation.id == LinkedIdentity.organisation_id)
        .outerjoin(IdentityProvider, IdentityProvider.organisation_id == LinkedIdentity.organisation_id)
        .where(LinkedIdentity.person_id == work.actor.person_id)
        .order_by(Organisation.name)
    )
    return [(row, name or row.issuer, organisation) for row, name, organisation in work.session.execute(query)]


def count_identities(work: Work, organisation_id: UUID) -> int:
    """Count who is linked at an organisation's provider, for whoever looks after it."""
    query = select(func.count()).where(
        LinkedIdentity.organisation_id == organisation_id, visible_identities(work.actor)
    )
    return work.session.scalar(query) or 0


def linkable_organisations(work: Work, person_id: UUID | None) -> Sequence[tuple[Organisation, IdentityProvider]]:
    """List where a person belongs that has a provider in use and knows no identity of theirs. Asked as SYSTEM."""
    query = (
        select(Organisation, IdentityProvider)
        .join(IdentityProvider, IdentityProvider.organisation_id == Organisation.id)
        .where(
            IdentityProvider.is_enabled,
            ~exists().where(LinkedIdentity.organisation_id == Organisation.id, LinkedIdentity.person_id == person_id),
        )
        .order_by(Organisation.name)
    )
    person = work.session.get(Person, person_id) if person_id else None
    if person is None:
        return ()
    rows = work.session.execute(query).all()
    return [(organisation, provider) for organisation, provider in rows if belongs_to(work, person, organisation)]


def belongs_to(work: Work, person: Person, organisation: Organisation) -> bool:
    """Tell whether a person is one of an organisation's own: a member, or at the operator one of its staff."""
    if organisation.kind == OrganisationKind.OPERATOR and person.staff_role is not None:
        return True
    return work.session.get(Membership, (organisation.id, person.id)) is not None


def belongs_nowhere_else(work: Work, person: Person, organisation: Organisation) -> bool:
    """Tell whether all that a person may is what this organisation's provider may open."""
    elsewhere = exists().where(Membership.person_id == person.id, Membership.organisation_id != organisation.id)
    is_staff_elsewhere = person.staff_role is not None and organisation.kind != OrganisationKind.OPERATOR
    return not is_staff_elsewhere and not work.session.scalar(select(elsewhere))


def find_waiting_invitation(work: Work, organisation_id: UUID, email: str) -> Invitation | None:
    """Return the newest invitation of an address into an organisation that still waits."""
    query = select(Invitation).where(
        Invitation.organisation_id == organisation_id,
        Invitation.email == email,
        Invitation.accepted_at.is_(None),
        Invitation.revoked_at.is_(None),
        Invitation.expires_at > work.now,
    )
    return work.session.scalar(query.order_by(Invitation.created_at.desc()).limit(1).with_for_update())


def has_linked_administrator(work: Work, organisation: Organisation) -> bool:
    """Tell whether somebody who looks after an organisation is known to its provider."""
    linked = select(LinkedIdentity.person_id).where(LinkedIdentity.organisation_id == organisation.id)
    if organisation.kind == OrganisationKind.OPERATOR:
        found = exists().where(Person.id.in_(linked), Person.staff_role == StaffRole.ADMIN.value)
    else:
        found = exists().where(
            Membership.organisation_id == organisation.id,
            Membership.person_id.in_(linked),
            Membership.role == MemberRole.CUSTOMER_ADMIN.value,
        )
    return bool(work.session.scalar(select(found)))
