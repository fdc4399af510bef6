"""Verbs of one's passkeys: made, named, and taken away.

Source: W3C Web Authentication Level 3, 7.1 (registration). The library verifies; what is asked for stands here.
"""

from uuid import UUID

from sqlalchemy import delete
from webauthn import generate_registration_options, verify_registration_response
from webauthn.helpers import base64url_to_bytes, bytes_to_base64url, options_to_json_dict
from webauthn.helpers.exceptions import WebAuthnException
from webauthn.helpers.structs import (
    AuthenticatorSelectionCriteria,
    PublicKeyCredentialDescriptor,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

from statusportal.accounts.queries import myself
from statusportal.audit.service import record_act
from statusportal.foundation.errors import Faults, Invalid, NotFound, Sentence
from statusportal.identity.proving import require_proof
from statusportal.proofs.beginning import begin_ceremony
from statusportal.proofs.models import Passkey, SecondProofReset
from statusportal.proofs.queries import my_means, my_passkeys
from statusportal.proofs.recovering import issue_recovery_codes
from statusportal.proofs.vocabulary import Begun, CeremonyKind, Challenge, RelyingParty
from statusportal.work import Work

MOST_PASSKEYS = 20
_NAME_MOST = 60


def begin_passkey(work: Work, party: RelyingParty) -> Begun:
    """Begin to make a passkey for the actor; the challenge stays here and works once.

    A passkey is asked to verify its user and to be found without a name, so that it is enough by itself.
    Raises: NotSignedIn, ProofNeeded, Invalid when there are too many.
    """
    person = myself(work)
    require_proof(work)
    known = my_passkeys(work)
    if len(known) >= MOST_PASSKEYS:
        raise Invalid.field(
            "", Sentence("There are %(most)s passkeys already. Take one away first.", most=MOST_PASSKEYS)
        )
    options = generate_registration_options(
        rp_id=party.id,
        rp_name=party.name,
        user_id=person.id.bytes,
        user_name=person.email,
        user_display_name=person.name,
        exclude_credentials=[PublicKeyCredentialDescriptor(id=one.credential_id) for one in known],
        authenticator_selection=AuthenticatorSelectionCriteria(
            resident_key=ResidentKeyRequirement.REQUIRED, user_verification=UserVerificationRequirement.REQUIRED
        ),
    )
    data = {"challenge": bytes_to_base64url(options.challenge)}
    secret = begin_ceremony(work, CeremonyKind.PASSKEY_MADE, person.id, data)
    return Begun(secret, options_to_json_dict(options))


def add_passkey(
    work: Work, party: RelyingParty, challenge: Challenge, credential: object, name: str
) -> tuple[Passkey, tuple[str, ...]]:
    """Keep what the actor's device made. Returns recovery codes too, shown this once, where there were none.

    Raises: NotSignedIn, ProofNeeded, Invalid.
    """
    person = myself(work)
    require_proof(work)
    faults = Faults()
    clean_name = faults.line("/name", name, most=_NAME_MOST)
    faults.close()
    try:
        made = verify_registration_response(
            credential=credential,  # type: ignore[arg-type]  # the library looks at its form itself
            expected_challenge=base64url_to_bytes(challenge.text),
            expected_rp_id=party.id,
            expected_origin=party.origin,
            require_user_verification=True,
        )
    except (WebAuthnException, AttributeError, KeyError, TypeError, ValueError) as err:
        raise Invalid.field("/credential", Sentence("is not what this portal asked a passkey for")) from err
    row = Passkey(
        person_id=person.id,
        credential_id=made.credential_id,
        public_key=made.credential_public_key,
        sign_count=made.sign_count,
        name=clean_name,
        created_at=work.now,
    )
    work.session.add(row)
    work.session.execute(delete(SecondProofReset).where(SecondProofReset.person_id == person.id))
    work.session.flush()
    record_act(work, "passkey.added", "person", person.id, passkey_id=str(row.id))
    return row, () if my_means(work).recovery_codes else issue_recovery_codes(work)


def rename_passkey(work: Work, passkey_id: UUID, name: str) -> None:
    """Call one of the actor's passkeys otherwise.

    Raises: NotSignedIn, NotFound, Invalid.
    """
    row = _mine(work, passkey_id)
    faults = Faults()
    clean_name = faults.line("/name", name, most=_NAME_MOST)
    faults.close()
    row.name = clean_name


def remove_passkey(work: Work, passkey_id: UUID) -> None:
    """Let one of the actor's passkeys open nothing any more.

    Raises: NotSignedIn, ProofNeeded, NotFound.
    """
    row = _mine(work, passkey_id)
    require_proof(work)
    work.session.delete(row)
    record_act(work, "passkey.removed", "person", row.person_id, passkey_id=str(row.id))


def _mine(work: Work, passkey_id: UUID) -> Passkey:
    row = work.session.get(Passkey, passkey_id)
    if row is None or row.person_id != myself(work).id:
        raise NotFound
    return row
