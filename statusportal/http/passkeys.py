"""Whom passkeys are made for: read off the portal's own address, never off what a request says where that is set."""

from urllib.parse import urlsplit

from flask import request

from statusportal.http import portal
from statusportal.proofs.errors import PasskeysUnavailable
from statusportal.proofs.vocabulary import RelyingParty

_HERE = "localhost"


def relying_party() -> RelyingParty:
    """Return the party that browsers of this portal make passkeys for.

    Raises: PasskeysUnavailable where no browser would: without TLS elsewhere than on localhost, or at a bare number.
    """
    settings = portal.settings()
    # Without an address of its own the portal is tried out: then localhost alone is a name that nobody can forge.
    address = urlsplit(settings.public_url or request.host_url)
    host = address.hostname or ""
    is_secure = host == _HERE or (bool(settings.public_url) and address.scheme == "https" and not _is_number(host))
    if not is_secure:
        raise PasskeysUnavailable
    return RelyingParty(host, settings.operator_name, f"{address.scheme}://{address.netloc}")


def has_passkeys() -> bool:
    """Tell whether passkeys work at this address."""
    try:
        relying_party()
    except PasskeysUnavailable:
        return False
    return True


def _is_number(host: str) -> bool:
    return ":" in host or host.replace(".", "").isdecimal()
