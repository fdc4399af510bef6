"""Headers that every answer carries."""

from flask import Flask, Response, request

from statusportal.http.nonces import nonce, nonce_if_drawn

# Style sheets, pictures and calls come from here alone. Style attributes carry custom properties (places in charts).
_POLICY = (
    "default-src 'none'; script-src {scripts}; style-src 'self'; style-src-attr 'unsafe-inline'; img-src 'self' data:; "
    "font-src 'self'; media-src 'self'; connect-src 'self'; form-action 'self'; manifest-src 'self'; "
    "object-src 'none'; base-uri 'none'; frame-ancestors 'none'"
)


def _policy() -> str:
    """Return the content policy: the scripts that the answer names run, with what they import, and no others."""
    drawn = nonce_if_drawn()
    return _POLICY.format(scripts=f"'nonce-{drawn}' 'strict-dynamic'" if drawn else "'none'")


def _dress(response: Response) -> Response:
    headers = response.headers
    headers.setdefault("Content-Security-Policy", _policy())
    headers.setdefault("X-Content-Type-Options", "nosniff")
    headers.setdefault("X-Frame-Options", "DENY")
    headers.setdefault("Referrer-Policy", "same-origin")
    headers.setdefault("Cross-Origin-Opener-Policy", "same-origin")
    headers.setdefault("Cross-Origin-Resource-Policy", "same-origin")
    headers.setdefault("Permissions-Policy", "camera=(), geolocation=(), microphone=()")
    if request.is_secure:
        headers.setdefault("Strict-Transport-Security", "max-age=31536000; includeSubDomains")
    if request.endpoint is not None and request.endpoint != "static":
        headers.setdefault("Cache-Control", "no-store")
        headers.add("Vary", "Cookie, Authorization")
    return response


def init_app(app: Flask) -> None:
    """Dress every answer, and give templates the nonce of their script elements."""
    app.jinja_env.globals.update(nonce=nonce)
    app.after_request(_dress)
