"""Beginning a session and handing its cookie over, shared by the sign-in page and the API."""

from dataclasses import replace

from flask import Response, request

from statusportal.access.actor import SYSTEM
from statusportal.http import portal
from statusportal.http.federation import waiting_here
from statusportal.http.identity import cookie_name
from statusportal.http.passkeys import relying_party
from statusportal.identity import signing_in
from statusportal.identity.errors import SignInRefused
from statusportal.identity.models import SignIn
from statusportal.identity.signing_in import Proof
from statusportal.identity.vocabulary import SignInWay
from statusportal.proofs import showing_passkeys, stepping
from statusportal.proofs.beginning import spend_challenge
from statusportal.proofs.errors import CodeRefused, PasskeyRefused, SecondProofNeeded, StepOver
from statusportal.proofs.vocabulary import Begun, CeremonyKind, Means, Onward


def begin_session(email: str, password: str, code: str | None = None) -> tuple[SignIn, str]:
    """Prove the password, and by a code what else the person has, and begin a session.

    Raises: SignInRefused and CodeRefused, which are in the audit log by then, SecondProofNeeded and TooMany.
    """
    proof, means = prove(email, password)
    if means.is_enough and code is None:
        raise SecondProofNeeded(means.kinds)
    return enter(proof, code if means.is_enough else None)


def prove(email: str, password: str) -> tuple[Proof, Means]:
    """Prove the password outside the write, since hashing is slow on purpose, and tell what else is to be shown.

    Raises: SignInRefused, which is in the audit log by then, and TooMany.
    """
    works = portal.works()
    try:
        with works.reading(SYSTEM) as work:
            proof = signing_in.prove_password(work, email, password, request.remote_addr or "")
            return proof, stepping.second_means(work, proof.person_id)
    except SignInRefused as refused:
        with works.writing(SYSTEM) as work:
            signing_in.record_refused_sign_in(work, refused)
        raise


def enter(proof: Proof, code: str | None = None) -> tuple[SignIn, str]:
    """Begin the session of somebody who proved who they are; a code is taken in the same transaction.

    Raises: SignInRefused, ProviderNeeded, CodeRefused, which is in the audit log by then, and TooMany.
    """
    works = portal.works()
    if code is not None:
        proof = replace(proof, way=SignInWay.SECOND_PROOF)
    try:
        with works.writing(SYSTEM) as work:
            if code is not None:
                stepping.prove_by_code(work, proof.person_id, code)
            return signing_in.begin_sign_in(work, _known(proof), request.user_agent.string, request.remote_addr or "")
    except CodeRefused:
        with works.writing(SYSTEM) as work:
            stepping.record_refused_code(work, proof.person_id)
        raise


def enter_by_passkey(secret: str, credential: object) -> tuple[SignIn, str]:
    """Spend the challenge, take a passkey's answer to it, and begin the session.

    Raises: PasskeysUnavailable, StepOver, PasskeyRefused, which is in the audit log by then, and SignInRefused.
    """
    works, party = portal.works(), relying_party()
    with works.writing(SYSTEM) as work:
        challenge = spend_challenge(work, CeremonyKind.PASSKEY_SHOWN, secret)
    try:
        with works.writing(SYSTEM) as work:
            address = request.remote_addr or ""
            proof = showing_passkeys.prove_by_passkey(work, party, challenge, credential, address)
            return signing_in.begin_sign_in(work, _known(proof), request.user_agent.string, address)
    except PasskeyRefused as refused:
        with works.writing(SYSTEM) as work:
            showing_passkeys.record_refused_passkey(work, refused)
        raise


def _known(proof: Proof) -> Proof:
    """Say that somebody signs in to link an identity that this browser showed: it waits for them and nobody else."""
    waiting = waiting_here()
    is_theirs = waiting is not None and waiting.person_id == proof.person_id
    return replace(proof, is_for_linking=True) if is_theirs else proof


def begin_by_passkey() -> Begun:
    """Begin to ask for a passkey: for anybody's, or after a right password for that person's alone.

    Raises: PasskeysUnavailable, TooMany.
    """
    waiting, party = open_step(), relying_party()
    with portal.works().writing(SYSTEM) as work:
        person_id = waiting[0].person_id if waiting else None
        return showing_passkeys.begin_showing(work, party, person_id, request.remote_addr or "")


def open_step() -> tuple[Proof, Onward] | None:
    """Return what was proved a moment ago and waits for a second proof, as this browser's cookie says."""
    try:
        with portal.works().reading(SYSTEM) as work:
            return stepping.second_step(work, step_secret())
    except StepOver:
        return None


def step_secret() -> str:
    """Return the secret of the step after the password, empty where there is none."""
    return request.cookies.get(step_cookie_name(), "")


def step_cookie_name() -> str:
    """Return the name of the cookie that finds the step after the password."""
    return "__Host-portal_step" if portal.settings().secure_cookies else "portal_step"


def set_sign_in_cookie(response: Response, row: SignIn, secret: str, *, lasts: bool) -> None:
    """Hand the session's secret to the browser; scripts cannot read it."""
    settings = portal.settings()
    response.set_cookie(
        cookie_name(settings),
        secret,
        expires=row.expires_at if lasts else None,
        secure=settings.secure_cookies,
        httponly=True,
        samesite="Lax",
    )


def drop_sign_in_cookie(response: Response) -> None:
    """Let the browser forget a session that ended, and what it kept in it: pages, drafts."""
    settings = portal.settings()
    response.headers["Clear-Site-Data"] = '"cache", "storage"'
    response.delete_cookie(cookie_name(settings), secure=settings.secure_cookies, httponly=True, samesite="Lax")
