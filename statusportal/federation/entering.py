"""Verbs of coming in by an identity provider: what is asked is kept here, and what comes back is held to it.

Edges ask as SYSTEM, since nobody is there yet. Calls to the provider lie between the two transactions.
Source: RFC 9700 (state, PKCE, nonce, an address a provider); RFC 9207 (`iss` of the answer).
"""

import hmac
import secrets
from collections.abc import Mapping
from dataclasses import asdict
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from statusportal.accounts.models import Organisation, Person
from statusportal.audit.service import record_act
from statusportal.federation.errors import NobodyHere, NotVouchedFor
from statusportal.federation.models import LinkedIdentity
from statusportal.federation.queries import belongs_nowhere_else, belongs_to
from statusportal.federation.vocabulary import ELSEWHERE_HOLDS, Asked, Identity, Purpose
from statusportal.foundation.clock import to_ms
from statusportal.foundation.errors import Sentence
from statusportal.identity.models import SignIn
from statusportal.identity.signing_in import Proof, begin_sign_in
from statusportal.identity.trying import count_try, forget_try
from statusportal.identity.vocabulary import SignInWay
from statusportal.proofs.beginning import begin_ceremony, spend_ceremony
from statusportal.proofs.vocabulary import CeremonyKind
from statusportal.providers.asking import claims_about, keys_of, redeem
from statusportal.providers.claims import LEEWAY_S, vouched_in, vouched_of
from statusportal.providers.errors import ProviderFaulty
from statusportal.providers.vocabulary import Description, Expected, Party, Vouched
from statusportal.work import Work

# Nobody is named yet, so beginnings are counted by address alone.
_ACCOUNT = "provider"


def begin_asking(
    work: Work, party: Party, purpose: Purpose, onward: str, person_id: UUID | None, address: str
) -> tuple[Asked, str]:
    """Keep what a provider is asked, for ten minutes; the secret is for this browser's cookie.

    Raises: TooMany for an address that begins and begins and never comes back.
    """
    count_try(work.settings, _ACCOUNT, address)
    asked = Asked(
        organisation_id=party.organisation_id,
        issuer=party.issuer,
        state=secrets.token_urlsafe(32),
        nonce=secrets.token_urlsafe(32),
        verifier=secrets.token_urlsafe(48),
        purpose=purpose,
        onward=onward,
        begun_at=work.now,
        person_id=person_id,
    )
    secret = begin_ceremony(work, CeremonyKind.PROVIDER_ASKED, person_id, _written(asked), ELSEWHERE_HOLDS)
    return asked, secret


def spend_asked(work: Work, secret: str) -> Asked:
    """Take what was asked, in work of its own: it is spent whatever comes of the answer.

    Raises: StepOver.
    """
    return _read(spend_ceremony(work, CeremonyKind.PROVIDER_ASKED, secret).secret_data)


def hear(party: Party, description: Description, asked: Asked, answer: Mapping[str, str], now: datetime) -> Vouched:
    """Hold a provider's answer to what it was asked, redeem its code, and return whom it vouches for.

    Raises: ProviderFaulty.
    """
    if asked.organisation_id != party.organisation_id or asked.issuer != party.issuer:
        raise _faulty("mix_up")
    if not hmac.compare_digest(answer.get("state", "").encode(), asked.state.encode()):
        raise _faulty("state")
    named = answer.get("iss")
    if named != party.issuer and (named is not None or description.names_itself):
        raise _faulty("iss")
    if "error" in answer or not answer.get("code"):
        raise _faulty("denied")
    token, access_token = redeem(party, description, answer["code"], asked.verifier)
    expected = Expected(party.issuer, party.client_id, asked.nonce, access_token, to_ms(now) // 1000)
    vouched = vouched_in(token, keys_of(party, description), expected)
    if asked.purpose is Purpose.PROVE:
        _refuse_old(vouched, asked)
    elif vouched.email is None:
        claims = claims_about(party, description, vouched.subject, access_token)
        more = vouched_of(vouched.subject, claims)
        vouched = Vouched(vouched.subject, more.email, vouched.name or more.name, vouched.authenticated_at)
    return vouched


def find_owner(work: Work, identity: Identity) -> UUID | None:
    """Return whose identity this is here; None for one that nobody has linked."""
    row = _row_of(work, identity)
    return row.person_id if row else None


def enter_by_identity(
    work: Work, identity: Identity, authenticated_at: datetime | None, user_agent: str, address: str
) -> tuple[SignIn, str]:
    """Begin the session of whoever an identity is; it reaches the organisation whose provider vouches, and no other.

    It counts as a proof only for who belongs there alone, and from when the provider says that they signed in.
    Raises: NotVouchedFor when the identity is nobody's here, or its person may not come in.
    """
    row = _row_of(work, identity)
    person = work.session.get(Person, row.person_id) if row else None
    organisation = work.session.get_one(Organisation, identity.organisation_id)
    if row is None or person is None or person.is_disabled or not belongs_to(work, person, organisation):
        raise NobodyHere(organisation.id)
    forget_try(work.settings, _ACCOUNT, address)
    row.used_at = work.now
    at = authenticated_at if belongs_nowhere_else(work, person, organisation) else None
    proof = Proof(
        person.id,
        person.password_hash,
        None,
        way=SignInWay.PROVIDER,
        vouched_by=organisation.id,
        proved_at=min(at, work.now) if at else None,
    )
    return begin_sign_in(work, proof, user_agent, address)


def confirm_identity(work: Work, asked: Asked, vouched: Vouched, person_id: UUID | None) -> None:
    """Hold a new sign-in at a provider against who is signed in here; the edge then notes the proof in their session.

    Asked as SYSTEM: after single sign-on the database shows somebody nothing of where else they belong.
    Raises: NotVouchedFor when it was somebody else, or the person is more than this provider may open.
    """
    row = _row_of(work, asked.identity(vouched.subject))
    person = work.session.get(Person, row.person_id) if row else None
    organisation = work.session.get_one(Organisation, asked.organisation_id)
    is_theirs = person is not None and person_id == person.id == asked.person_id
    if row is None or person is None or not is_theirs or not belongs_nowhere_else(work, person, organisation):
        raise NotVouchedFor(organisation.id, "somebody_else")
    row.used_at = work.now


def record_refused_identity(work: Work, organisation_id: UUID, code: str) -> None:
    """Log why a sign-in by a provider opened nothing, in work of its own since the refused one is rolled back."""
    record_act(work, "identity.refused", "organisation", organisation_id, organisation_id=organisation_id, why=code)


def _row_of(work: Work, identity: Identity) -> LinkedIdentity | None:
    return work.session.get(LinkedIdentity, (identity.organisation_id, identity.issuer, identity.subject))


def _refuse_old(vouched: Vouched, asked: Asked) -> None:
    """Take only a sign-in that came after the question.

    The library takes a token without the time for good where the age asked for is zero.
    """
    at = vouched.authenticated_at
    if at is None or at < asked.begun_at - timedelta(seconds=LEEWAY_S):
        raise _faulty("auth_time")


def _written(asked: Asked) -> dict[str, Any]:
    data = asdict(asked)
    data |= {"organisation_id": str(asked.organisation_id), "begun_at": asked.begun_at.isoformat()}
    return {**data, "person_id": str(asked.person_id) if asked.person_id else None}


def _read(data: Mapping[str, Any]) -> Asked:
    return Asked(
        **{
            **data,
            "organisation_id": UUID(data["organisation_id"]),
            "purpose": Purpose(data["purpose"]),
            "begun_at": datetime.fromisoformat(data["begun_at"]),
            "person_id": UUID(data["person_id"]) if data["person_id"] else None,
        }
    )


def _faulty(code: str) -> ProviderFaulty:
    return ProviderFaulty(
        code, Sentence("The provider's answer does not belong to what it was asked: %(what)s.", what=code)
    )
