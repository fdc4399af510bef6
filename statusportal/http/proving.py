"""Proving again who one is, by whatever one has; shared by the page and the API."""

from dataclasses import dataclass

from flask import request

from statusportal.access.actor import SYSTEM
from statusportal.accounts.models import Organisation
from statusportal.accounts.queries import myself
from statusportal.federation.queries import belongs_nowhere_else, find_provider
from statusportal.foundation.errors import Invalid, Sentence
from statusportal.http import portal
from statusportal.http.passkeys import has_passkeys, relying_party
from statusportal.identity import proving
from statusportal.identity.signing_in import Proof
from statusportal.proofs import showing_passkeys, stepping
from statusportal.proofs.beginning import spend_challenge
from statusportal.proofs.errors import CodeRefused, PasskeyRefused
from statusportal.proofs.queries import my_means
from statusportal.proofs.vocabulary import Begun, CeremonyKind


@dataclass(frozen=True, slots=True)
class Ways:
    """What the actor could prove themselves with now. A code counts where it stands beside no password."""

    has_password: bool
    has_code: bool
    has_passkey: bool
    provider: str = ""


def ways_to_prove() -> Ways:
    """Tell what the actor could prove themselves with now."""
    with portal.reading() as work:
        person, means = myself(work), my_means(work)
    has_password = person.password_hash is not None
    has_passkey = means.passkeys > 0 and has_passkeys()
    organisation_id, provider = portal.actor().vouched_by, ""
    if organisation_id is not None:
        with portal.works().reading(SYSTEM) as work:
            row, organisation = (
                find_provider(work, organisation_id),
                work.session.get_one(Organisation, organisation_id),
            )
            provider = row.name if row and belongs_nowhere_else(work, person, organisation) else ""
    return Ways(has_password, means.has_app and not has_password, has_passkey, provider)


def prove_by_password(password: str) -> None:
    """Prove by the password, outside the write, since hashing is slow on purpose.

    Raises: NotSignedIn, Invalid, TooMany.
    """
    with portal.reading() as work:
        proving.prove_myself(work, password)
    _note()


def prove_by_code(code: str) -> None:
    """Prove by a code of the app or from paper, for who has no password.

    Raises: NotSignedIn, Invalid, TooMany.
    """
    with portal.reading() as work:
        person = myself(work)
    wrong = Invalid.field("/code", Sentence("does not fit; wait for the next one"))
    if person.password_hash is not None:
        raise Invalid.field("/code", Sentence("is not enough beside a password: show the password"))
    try:
        with portal.works().writing(SYSTEM) as work:
            stepping.prove_by_code(work, person.id, code)
    except CodeRefused as refused:
        with portal.works().writing(SYSTEM) as work:
            stepping.record_refused_code(work, person.id)
        raise wrong from refused
    _note()


def begin_proof_by_passkey() -> Begun:
    """Begin to ask for a passkey of the actor's own.

    Raises: PasskeysUnavailable, TooMany.
    """
    with portal.works().writing(SYSTEM) as work:
        mine, address = portal.actor().person_id, request.remote_addr or ""
        return showing_passkeys.begin_showing(work, relying_party(), mine, address)


def prove_by_passkey(secret: str, credential: object) -> None:
    """Spend the challenge and take the answer of a passkey of the actor's own.

    Raises: PasskeysUnavailable, StepOver; Invalid for another's passkey, or none.
    """
    works, party = portal.works(), relying_party()
    with works.writing(SYSTEM) as work:
        challenge = spend_challenge(work, CeremonyKind.PASSKEY_SHOWN, secret)
    try:
        with works.writing(SYSTEM) as work:
            address = request.remote_addr or ""
            proof = showing_passkeys.prove_by_passkey(work, party, challenge, credential, address)
            _refuse_anothers(proof)
    except PasskeyRefused as refused:
        with works.writing(SYSTEM) as work:
            showing_passkeys.record_refused_passkey(work, refused)
        raise Invalid.field("/credential", Sentence("is not a passkey of yours")) from refused
    _note()


def _refuse_anothers(proof: Proof) -> None:
    if proof.person_id != portal.actor().person_id:
        raise PasskeyRefused(proof.person_id)


def _note() -> None:
    with portal.writing() as work:
        proving.note_proof(work)
