"""Beginning a session and handing its cookie over, shared by the sign-in page and the API."""

from flask import Response, request

from statusportal.access.actor import SYSTEM
from statusportal.http import portal
from statusportal.http.identity import cookie_name
from statusportal.identity import signing_in
from statusportal.identity.errors import SignInRefused
from statusportal.identity.models import SignIn


def begin_session(email: str, password: str) -> tuple[SignIn, str]:
    """Prove the password outside the write, since hashing is slow on purpose, and begin the session in it.

    Raises: SignInRefused, which is in the audit log by then, and TooMany.
    """
    works, address = portal.works(), request.remote_addr or ""
    try:
        with works.reading(SYSTEM) as work:
            proof = signing_in.prove_password(work, email, password, address)
    except SignInRefused as refused:
        with works.writing(SYSTEM) as work:
            signing_in.record_refused_sign_in(work, refused)
        raise
    with works.writing(SYSTEM) as work:
        return signing_in.begin_sign_in(work, proof, request.user_agent.string, address)


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
    """Let the browser forget a session that ended."""
    settings = portal.settings()
    response.delete_cookie(cookie_name(settings), secure=settings.secure_cookies, httponly=True, samesite="Lax")
