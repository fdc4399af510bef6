"""The number, used once, by which an answer's own script elements are known to the browser."""

import secrets
from typing import cast

from flask import g

_BYTES = 16


def nonce() -> str:
    """Return this answer's nonce, drawn when a template first asks: an answer without scripts has none.

    Source: Content Security Policy Level 3, 7.1: at least 128 bits from a secure random number generator.
    """
    if "nonce" not in g:
        g.nonce = secrets.token_urlsafe(_BYTES)
    return cast("str", g.nonce)


def nonce_if_drawn() -> str | None:
    """Return this answer's nonce, or None where nothing asked for one."""
    return cast("str | None", g.get("nonce"))
