"""Verbs of signing in by a passkey: enough by itself, since it is a thing and knows its user.

Edges ask as SYSTEM. Source: W3C Web Authentication Level 3, 7.2 (assertion).
"""

from uuid import UUID

from sqlalchemy import select
from webauthn import generate_authentication_options, verify_authentication_response
from webauthn.helpers import base64url_to_bytes, bytes_to_base64url, options_to_json_dict
from webauthn.helpers.exceptions import WebAuthnException
from webauthn.helpers.structs import PublicKeyCredentialDescriptor, UserVerificationRequirement

from statusportal.accounts.models import Person
from statusportal.audit.service import record_act
from statusportal.identity.signing_in import Proof
from statusportal.identity.trying import count_try, forget_try
from statusportal.identity.vocabulary import SignInWay
from statusportal.proofs.beginning import begin_ceremony
from statusportal.proofs.errors import PasskeyRefused
from statusportal.proofs.models import Passkey
from statusportal.proofs.vocabulary import Begun, CeremonyKind, Challenge, RelyingParty
from statusportal.work import Work

# Nobody is named yet, so beginnings are counted by address alone.
_ACCOUNT = "passkey"


def begin_showing(work: Work, party: RelyingParty, person_id: UUID | None, address: str) -> Begun:
    """Begin to ask for a passkey: for anybody's, or after a password for that person's alone.

    Raises: TooMany for an address that begins and begins and shows none.
    """
    count_try(work.settings, _ACCOUNT, address)
    allowed = []
    if person_id is not None:
        ids = work.session.scalars(select(Passkey.credential_id).where(Passkey.person_id == person_id))
        allowed = [PublicKeyCredentialDescriptor(id=one) for one in ids]
    options = generate_authentication_options(
        rp_id=party.id, allow_credentials=allowed, user_verification=UserVerificationRequirement.REQUIRED
    )
    data = {"challenge": bytes_to_base64url(options.challenge)}
    secret = begin_ceremony(work, CeremonyKind.PASSKEY_SHOWN, person_id, data)
    return Begun(secret, options_to_json_dict(options))


def prove_by_passkey(work: Work, party: RelyingParty, challenge: Challenge, credential: object, address: str) -> Proof:
    """Take a passkey's answer to a challenge that was spent for it. The passkey's counter only grows.

    Raises: PasskeyRefused.
    """
    row = _passkey_of(work, credential)
    if row is None or challenge.person_id not in (None, row.person_id):
        raise PasskeyRefused(row.person_id if row else None)
    try:
        shown = verify_authentication_response(
            credential=credential,  # type: ignore[arg-type]  # the library looks at its form itself
            expected_challenge=base64url_to_bytes(challenge.text),
            expected_rp_id=party.id,
            expected_origin=party.origin,
            credential_public_key=row.public_key,
            credential_current_sign_count=row.sign_count,
            require_user_verification=True,
        )
    except (WebAuthnException, AttributeError, KeyError, TypeError, ValueError) as err:
        raise PasskeyRefused(row.person_id) from err
    person = work.session.get(Person, row.person_id)
    if person is None or person.is_disabled:
        raise PasskeyRefused(row.person_id)
    forget_try(work.settings, _ACCOUNT, address)
    row.sign_count, row.used_at = shown.new_sign_count, work.now
    return Proof(person.id, person.password_hash, None, way=SignInWay.PASSKEY)


def record_refused_passkey(work: Work, refused: PasskeyRefused) -> None:
    """Log a refusal, in work of its own since the refused one is rolled back."""
    record_act(work, "passkey.refused", "person", refused.person_id or "unknown")


def _passkey_of(work: Work, credential: object) -> Passkey | None:
    """Find the passkey that an answer names. What is no answer at all names none."""
    named = credential.get("rawId") if isinstance(credential, dict) else None
    if not isinstance(named, str):
        return None
    try:
        credential_id = base64url_to_bytes(named)
    except ValueError:
        return None
    return work.session.scalar(select(Passkey).where(Passkey.credential_id == credential_id))
