"""Secrets that come in an address once. They are taken out of it at once, into a cookie that no script reads.

The page that acts on the secret has a plain address: no Referer and no later request of the browser carries it in its
line.
"""

from enum import StrEnum

from flask import Response, make_response, redirect, request

from statusportal.http import portal

_KEPT_S = 3600


class Handed(StrEnum):
    """What a link may hand over."""

    INVITATION = "invitation"
    RESET = "reset"


def take_out(what: Handed, secret: str, onward: str) -> Response:
    """Put the secret of an address into its cookie and lead on to a page without it."""
    response = make_response(redirect(onward, 303))
    response.set_cookie(
        _name(what),
        secret,
        max_age=_KEPT_S,
        secure=portal.settings().secure_cookies,
        httponly=True,
        samesite="Lax",
    )
    response.headers["Referrer-Policy"] = "no-referrer"
    return response


def handed(what: Handed) -> str:
    """Return the secret that a link handed over in this browser, empty when there is none."""
    return request.cookies.get(_name(what), "")


def forget(response: Response, what: Handed) -> None:
    """Let the browser forget a secret that is used up."""
    response.delete_cookie(_name(what), secure=portal.settings().secure_cookies, httponly=True, samesite="Lax")


def _name(what: Handed) -> str:
    return f"__Host-portal_{what}" if portal.settings().secure_cookies else f"portal_{what}"
