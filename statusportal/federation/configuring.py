"""Verbs of an organisation's identity provider: kept, taken away, and made the only way in."""

import re
from collections.abc import Sequence
from urllib.parse import urlsplit
from uuid import UUID

from sqlalchemy import delete, select

from statusportal.access.actor import Actor
from statusportal.access.permissions import Permission
from statusportal.access.policy import actor_holds, require
from statusportal.accounts.models import Membership, Organisation, Person
from statusportal.accounts.queries import organisation_for
from statusportal.accounts.vocabulary import OrganisationKind
from statusportal.audit.service import record_act
from statusportal.federation.models import IdentityProvider, LinkedIdentity
from statusportal.federation.queries import find_provider, has_linked_administrator, provider_for
from statusportal.federation.vocabulary import ProviderDraft
from statusportal.foundation.errors import Conflict, Faults, Sentence
from statusportal.identity.proving import require_proof
from statusportal.identity.signing_in import end_sign_ins_not_vouched_for, end_vouched_sign_ins
from statusportal.proofs.sealing import seal
from statusportal.work import Work

MOST_DOMAINS, MOST_SCOPES = 20, 20
_NAME_MOST, _ISSUER_MOST, _CLIENT_MOST, _SECRET_MOST, _DOMAIN_MOST = 60, 500, 255, 1_000, 253
# Source: RFC 6749, 3.3 for a scope's letters.
_SCOPE = re.compile(r"[\x21\x23-\x5b\x5d-\x7e]{1,100}")
_UNPROVEN = Sentence(
    "is your mail's domain, but nothing proves that the address is yours: follow the link of a letter from "
    "“Password forgotten”, or ask the operator"
)
_DOMAIN = re.compile(r"(?:[a-z0-9](?:[a-z0-9-]*[a-z0-9])?\.)+[a-z0-9-]{2,}")


def keep_provider(work: Work, organisation_id: UUID, draft: ProviderDraft) -> IdentityProvider:
    """Set an organisation's provider up, or change it; whoever it vouched for before a change signs in anew.

    Another issuer knows nobody yet: identities of the one before are forgotten.
    Raises: NotFound, Forbidden, ProofNeeded, Invalid; Conflict when it is switched off while nothing else lets in.
    """
    organisation = require_provider_right(work, organisation_id)
    row = find_provider(work, organisation.id)
    clean = _clean(work, draft, row.domains if row else ())
    require_proof(work)
    if organisation.is_provider_required and not clean.is_enabled:
        raise Conflict(Sentence("Nothing else lets these people in. Let passwords be enough first."))
    if row is None:
        row = IdentityProvider(organisation_id=organisation.id, issuer="", client_id="", sealed_secret=None, version=0)
        row.proving_domains = []
        work.session.add(row)
    is_same = (row.issuer, row.client_id) == (clean.issuer, clean.client_id)
    if row.issuer and row.issuer != clean.issuer:
        work.session.execute(delete(LinkedIdentity).where(LinkedIdentity.organisation_id == organisation.id))
    row.name, row.issuer, row.client_id = clean.name, clean.issuer, clean.client_id
    row.scopes, row.domains, row.is_enabled = list(clean.scopes), list(clean.domains), clean.is_enabled
    is_free = actor_holds(work.actor, Permission.STAFF_ADMINISTER, None)
    row.proving_domains = [one for one in clean.domains if is_free or one in row.proving_domains]
    if clean.client_secret is not None:
        row.sealed_secret = seal(work.settings.proofs_key, clean.client_secret) if clean.client_secret else None
    row.changed_at, row.version = work.now, row.version + 1
    work.session.flush()
    if not (is_same and clean.is_enabled):
        end_vouched_sign_ins(work, organisation.id)
    state = "on" if clean.is_enabled else "off"
    _record(work, "provider.kept", organisation, state=state, version=row.version)
    return row


def remove_provider(work: Work, organisation_id: UUID) -> None:
    """Take an organisation's provider away, with the identities it knew and the sessions it vouched for.

    Raises: NotFound, Forbidden, ProofNeeded; Conflict while nothing else lets in.
    """
    organisation = _administered(work, organisation_id)
    row = provider_for(work, organisation.id)
    if organisation.is_provider_required:
        raise Conflict(Sentence("Nothing else lets these people in. Let passwords be enough first."))
    work.session.execute(delete(LinkedIdentity).where(LinkedIdentity.organisation_id == organisation.id))
    work.session.delete(row)
    end_vouched_sign_ins(work, organisation.id)
    _record(work, "provider.removed", organisation)


def ask_for_provider(work: Work, organisation_id: UUID) -> None:
    """Let people into an organisation by its provider alone, and end what began otherwise.

    An administrator with a second proof still comes in without it, for the day when the provider fails.
    Raises: NotFound, Forbidden, ProofNeeded; Conflict before it has let in whoever says so, or for others an
    administrator.
    """
    organisation = _administered(work, organisation_id)
    row = provider_for(work, organisation.id)
    is_tried = work.actor.vouched_by == organisation.id
    if not _is_ours(work.actor, organisation):
        is_tried = has_linked_administrator(work, organisation)
    if not row.is_enabled or not is_tried:
        raise Conflict(Sentence("Switch it on, and come in by it as an administrator. Then it can be the only way in."))
    if not organisation.is_provider_required:
        organisation.is_provider_required = True
        work.session.flush()
        end_sign_ins_not_vouched_for(work, _people_of(work, organisation), organisation.id, but=work.actor.session_id)
        _record(work, "provider.asked", organisation)


def ask_for_provider_no_more(work: Work, organisation_id: UUID) -> None:
    """Let passwords and passkeys be enough in an organisation again.

    Raises: NotFound, Forbidden, ProofNeeded.
    """
    organisation = _administered(work, organisation_id)
    if organisation.is_provider_required:
        organisation.is_provider_required = False
        _record(work, "provider.unasked", organisation)


def require_provider_right(work: Work, organisation_id: UUID) -> Organisation:
    """Return an organisation whose provider the actor looks after: the operator's is for its administrators alone.

    Raises: NotFound, Forbidden.
    """
    organisation = organisation_for(work, organisation_id)
    require(work.actor, Permission.PROVIDER_ADMINISTER, organisation.id)
    if organisation.kind == OrganisationKind.OPERATOR:
        require(work.actor, Permission.STAFF_ADMINISTER)
    return organisation


def _administered(work: Work, organisation_id: UUID) -> Organisation:
    organisation = require_provider_right(work, organisation_id)
    require_proof(work)
    return organisation


def _clean(work: Work, draft: ProviderDraft, before: Sequence[str]) -> ProviderDraft:
    faults = Faults()
    scopes = tuple(dict.fromkeys(one.strip() for one in draft.scopes if one.strip()))
    if len(scopes) > MOST_SCOPES or not all(_SCOPE.fullmatch(one) for one in scopes):
        faults.note("/scopes", Sentence("must be words parted by blanks, such as openid email profile"))
    elif "openid" not in scopes:
        faults.note("/scopes", Sentence("must hold openid: without it nobody is vouched for"))
    secret = draft.client_secret
    clean = ProviderDraft(
        name=faults.line("/name", draft.name, most=_NAME_MOST),
        issuer=faults.line("/issuer", draft.issuer, most=_ISSUER_MOST),
        client_id=faults.line("/client_id", draft.client_id, most=_CLIENT_MOST),
        client_secret=faults.line("/client_secret", secret, most=_SECRET_MOST) if secret else secret,
        scopes=scopes,
        domains=_clean_domains(work, faults, draft.domains, before),
        is_enabled=draft.is_enabled,
    )
    if clean.issuer and not _is_issuer(clean.issuer):
        faults.note("/issuer", Sentence("must be an https address without a query, such as https://login.example.com"))
    faults.close()
    return clean


def _clean_domains(work: Work, faults: Faults, wanted: Sequence[str], before: Sequence[str]) -> tuple[str, ...]:
    """Return mail domains as they are kept. Who is no administrator of the operator names their own mail's alone.

    Otherwise somebody could lead another company's people to a page that looks like their own.
    """
    domains = tuple(dict.fromkeys(one.strip().lower().removeprefix("@") for one in wanted if one.strip()))
    person = work.session.get(Person, work.actor.person_id) if work.actor.person_id else None
    mine = {person.email.rpartition("@")[2]} if person else set()
    is_free = actor_holds(work.actor, Permission.STAFF_ADMINISTER, None)
    for place, domain in enumerate(domains[:MOST_DOMAINS]):
        if len(domain) > _DOMAIN_MOST or not _DOMAIN.fullmatch(domain):
            faults.note(f"/domains/{place}", Sentence("must be a mail domain, such as example.com"))
        elif not (is_free or domain in mine or domain in before):
            faults.note(f"/domains/{place}", Sentence("is not your own mail's domain: ask the operator to add it"))
        elif not (is_free or domain in before or (person and person.email_proved_at)):
            faults.note(f"/domains/{place}", _UNPROVEN)
    if len(domains) > MOST_DOMAINS:
        faults.note("/domains", Sentence("at most %(most)s", most=MOST_DOMAINS))
    return domains


def _is_issuer(text: str) -> bool:
    try:
        parts = urlsplit(text)
        port = parts.port
    except ValueError:
        return False
    is_web = parts.scheme in {"https", "http"} and bool(parts.hostname) and port != 0
    return is_web and not (parts.query or parts.fragment or "@" in parts.netloc or " " in text or "\\" in text)


def _is_ours(actor: Actor, organisation: Organisation) -> bool:
    is_staff_at_home = actor.is_staff and organisation.kind == OrganisationKind.OPERATOR
    return is_staff_at_home or (organisation.id in actor.memberships and not actor.is_staff)


def _people_of(work: Work, organisation: Organisation) -> Sequence[UUID]:
    query = select(Membership.person_id).where(Membership.organisation_id == organisation.id)
    people = set(work.session.scalars(query))
    if organisation.kind == OrganisationKind.OPERATOR:
        people |= set(work.session.scalars(select(Person.id).where(Person.staff_role.is_not(None))))
    return sorted(people)


def _record(work: Work, act: str, organisation: Organisation, **codes: str | int) -> None:
    record_act(work, act, "organisation", organisation.id, organisation_id=organisation.id, **codes)
