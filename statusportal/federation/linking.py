"""Verbs of linking an identity to a person: shown by the provider, and said yes to by the person. Never by mail alone.

An address that a provider verified only says whose yes is waited for. Edges ask as SYSTEM before somebody is there.
"""

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any
from uuid import UUID

from sqlalchemy import delete, select

from statusportal.accounts.events import AccountReclaimed, MembershipChanged, StaffRoleChanged
from statusportal.accounts.inviting import accept_vouched_invitation
from statusportal.accounts.models import Membership, Organisation, Person
from statusportal.accounts.queries import find_operator, myself
from statusportal.accounts.service import prove_address
from statusportal.audit.service import record_act
from statusportal.federation.errors import NobodyHere, NotVouchedFor
from statusportal.federation.models import IdentityProvider, LinkedIdentity
from statusportal.federation.queries import belongs_to, find_waiting_invitation, provider_for
from statusportal.federation.vocabulary import ELSEWHERE_HOLDS, Asked, Identity, Purpose, Waiting
from statusportal.foundation.errors import Conflict, NotFound, Sentence
from statusportal.identity.proving import require_proof
from statusportal.identity.signing_in import end_vouched_sign_ins
from statusportal.proofs.beginning import begin_ceremony, ceremony_of, spend_ceremony
from statusportal.proofs.queries import my_means
from statusportal.proofs.vocabulary import CeremonyKind
from statusportal.providers.vocabulary import Vouched
from statusportal.work import Work

_SHOWN = CeremonyKind.IDENTITY_SHOWN


def begin_linking(work: Work, asked: Asked, vouched: Vouched) -> str:
    """Keep an identity that nobody has yet until its owner says yes; the secret is for this browser's cookie.

    Whoever links an identity from their own profile has the address they have: it need not be the provider's.
    Raises: NotVouchedFor without a verified address that is one of this organisation's people or invited.
    """
    organisation = work.session.get_one(Organisation, asked.organisation_id)
    person_id = asked.person_id if asked.purpose is Purpose.LINK else _whose(work, organisation, vouched)
    identity = asked.identity(vouched.subject)
    waiting = Waiting(identity, vouched.email or "", vouched.name, person_id, asked.purpose, asked.onward)
    return begin_ceremony(work, _SHOWN, person_id, _written(waiting), ELSEWHERE_HOLDS)


def waiting_identity(work: Work, secret: str) -> Waiting:
    """Return the identity that this browser showed a moment ago.

    Raises: StepOver.
    """
    return _read(ceremony_of(work, _SHOWN, secret).secret_data)


def may_link(work: Work, person_id: UUID | None, organisation: Organisation) -> bool:
    """Tell whether somebody belongs where an identity of theirs could be linked."""
    person = work.session.get(Person, person_id) if person_id else None
    return person is not None and belongs_to(work, person, organisation)


def link_identity(work: Work, waiting: Waiting, secret: str, person_id: UUID) -> None:
    """Say yes: from now on this identity is that person here.

    Shape: `person_id` is the signed-in actor's, who proved lately who they are; the edge read both from the session,
    since somebody whose organisation lets its provider's people in alone sees nothing of it before this.
    Raises: StepOver; NotFound for somebody whose identity it is not to be; Conflict when somebody has it by now.
    """
    organisation = work.session.get_one(Organisation, waiting.identity.organisation_id)
    person = work.session.get_one(Person, person_id)
    if waiting.person_id != person.id or not belongs_to(work, person, organisation):
        raise NotFound
    spend_ceremony(work, _SHOWN, secret)
    _link(work, waiting, person)


def join_by_identity(work: Work, waiting: Waiting, secret: str, name: str) -> Person:
    """Let somebody in who was invited and whom the organisation's own provider vouches for; they need no password.

    Raises: StepOver, Invalid; NotVouchedFor when the invitation was answered or taken back meanwhile.
    """
    invitation = find_waiting_invitation(work, waiting.identity.organisation_id, waiting.email)
    if waiting.person_id is not None or invitation is None:
        raise NotVouchedFor(waiting.identity.organisation_id, "not_invited")
    person = accept_vouched_invitation(work, invitation, name or waiting.name)
    spend_ceremony(work, _SHOWN, secret)
    _link(work, waiting, person)
    return person


def unlink_identity(work: Work, organisation_id: UUID) -> None:
    """Let an identity of the actor's open nothing any more, and end what it opened. The last way in stays.

    Raises: NotSignedIn, ProofNeeded, NotFound, Conflict.
    """
    person = myself(work)
    row = _identity_of(work, organisation_id, person.id)
    if row is None:
        raise NotFound
    require_proof(work)
    if person.password_hash is None and not my_means(work).passkeys:
        raise Conflict(Sentence("This is your only way in. Choose a password or make a passkey first."))
    work.session.delete(row)
    end_vouched_sign_ins(work, organisation_id, person.id)
    record_act(work, "identity.unlinked", "person", person.id, organisation_id=organisation_id)


def forget_identities_of_stranger(work: Work, event: AccountReclaimed) -> None:
    """Forget identities linked before their person was known to have the address: a projection, as below."""
    for row in work.session.scalars(select(LinkedIdentity).where(LinkedIdentity.person_id == event.person_id)).all():
        _forget(work, row.organisation_id, event.person_id)


def forget_leaver(work: Work, event: MembershipChanged) -> None:
    """Forget who somebody was at a provider once they left its organisation: a projection, in the same transaction."""
    if work.session.get(Membership, (event.organisation_id, event.person_id)) is None:
        _forget(work, event.organisation_id, event.person_id)


def forget_leaving_staff(work: Work, event: StaffRoleChanged) -> None:
    """Forget who somebody was at the operator's provider once they are no staff: a projection, as above."""
    person, operator = work.session.get(Person, event.person_id), find_operator(work)
    if person is not None and operator is not None and not belongs_to(work, person, operator):
        _forget(work, operator.id, person.id)


def _forget(work: Work, organisation_id: UUID, person_id: UUID) -> None:
    row = _identity_of(work, organisation_id, person_id)
    if row is not None:
        work.session.delete(row)
        end_vouched_sign_ins(work, organisation_id, person_id)
        record_act(work, "identity.unlinked", "person", person_id, organisation_id=organisation_id)


def _whose(work: Work, organisation: Organisation, vouched: Vouched) -> UUID | None:
    """Return whose yes is waited for; None for somebody invited who is nobody here yet."""
    provider = provider_for(work, organisation.id)
    email = vouched.email
    if email is None:
        raise NotVouchedFor(organisation.id, "email_not_verified", _no_address())
    if provider.domains and email.rpartition("@")[2] not in provider.domains:
        raise NobodyHere(organisation.id, "domain")
    person = work.session.scalar(select(Person).where(Person.email == email))
    if person is not None and not person.is_disabled and belongs_to(work, person, organisation):
        return person.id
    if person is not None or find_waiting_invitation(work, organisation.id, email) is None:
        raise NobodyHere(organisation.id)
    return None


def _link(work: Work, waiting: Waiting, person: Person) -> None:
    identity = waiting.identity
    if work.session.get(LinkedIdentity, (identity.organisation_id, identity.issuer, identity.subject)) is not None:
        raise Conflict(Sentence("This identity belongs to somebody here already."))
    provider = work.session.get(IdentityProvider, identity.organisation_id)
    if provider is None or not provider.is_enabled or provider.issuer != identity.issuer:
        raise NotVouchedFor(identity.organisation_id, "switched_off")
    mine = (LinkedIdentity.organisation_id == identity.organisation_id, LinkedIdentity.person_id == person.id)
    work.session.execute(delete(LinkedIdentity).where(*mine))
    work.session.add(LinkedIdentity(**asdict(identity), person_id=person.id, created_at=work.now))
    work.session.flush()
    if waiting.email == person.email and person.email.rpartition("@")[2] in provider.proving_domains:
        prove_address(work, person)
    record_act(work, "identity.linked", "person", person.id, organisation_id=identity.organisation_id)


def _identity_of(work: Work, organisation_id: UUID, person_id: UUID) -> LinkedIdentity | None:
    query = select(LinkedIdentity).where(
        LinkedIdentity.organisation_id == organisation_id, LinkedIdentity.person_id == person_id
    )
    return work.session.scalar(query)


def _no_address() -> Sentence:
    return Sentence("Your provider tells no address of yours that it has verified. Tell your administrator.")


def _written(waiting: Waiting) -> dict[str, Any]:
    identity = {**asdict(waiting.identity), "organisation_id": str(waiting.identity.organisation_id)}
    return {**asdict(waiting), "identity": identity, "person_id": str(waiting.person_id or "")}


def _read(data: Mapping[str, Any]) -> Waiting:
    identity = Identity(
        UUID(data["identity"]["organisation_id"]), data["identity"]["issuer"], data["identity"]["subject"]
    )
    person_id = UUID(data["person_id"]) if data["person_id"] else None
    return Waiting(identity, data["email"], data["name"], person_id, Purpose(data["purpose"]), data["onward"])
