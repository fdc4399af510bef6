"""Where a call may go: into the open internet, or where the operator allows it, and never around either.

A name is looked up once; every address it has is judged, and the call goes to the very address that was judged, so
that a name that points elsewhere a moment later changes nothing.
Source: OWASP, Server-Side Request Forgery Prevention; RFC 6890 for the addresses that are not of the open internet.
"""

import socket
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address, ip_network
from urllib.parse import urlsplit

from statusportal.foundation.errors import Invalid, Sentence

Address = IPv4Address | IPv6Address
Lookup = Callable[[str, int], Sequence[str]]

HTTPS_PORT, HTTP_PORT = 443, 80
# An IPv4 address inside an IPv6 one reaches the inner one on a host or router that translates.
_WRAPPED = (
    (IPv6Network("::ffff:0:0/96"), 0),
    (IPv6Network("::/96"), 0),
    (IPv6Network("64:ff9b::/96"), 0),
    (IPv6Network("2002::/16"), 80),
)
_NEVER = tuple(map(IPv6Network, ("64:ff9b:1::/48", "2001::/32", "fec0::/10", "ff00::/8")))


@dataclass(frozen=True, slots=True)
class Target:
    """Where one call goes: the address that was judged, and the name that its certificate must bear."""

    address: str
    port: int
    host: str
    path: str
    is_tls: bool


def target_of(url: str, allowed: Iterable[str], lookup: Lookup | None = None, pointer: str = "/address") -> Target:
    """Look an address up and judge it.

    Raises: Invalid at `pointer` for one that is no https address, or that leads inside.
    """
    try:
        return _target_of(url, allowed, lookup or _looked_up)
    except _Refused as refused:
        raise Invalid.field(pointer, refused.why) from refused


def networks_of(setting: str) -> list[str]:
    """Return the networks that a setting allows, which parts them by commas."""
    return [one for one in setting.split(",") if one.strip()]


class _Refused(Exception):
    def __init__(self, why: Sentence) -> None:
        super().__init__(str(why))
        self.why = why


def _target_of(url: str, allowed: Iterable[str], lookup: Lookup) -> Target:
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError as err:
        raise _Refused(Sentence("is not an address")) from err
    host = (parts.hostname or "").rstrip(".")
    is_plain = parts.scheme in {"http", "https"} and bool(host) and not parts.username and parts.password is None
    if not is_plain or any(ord(letter) <= ord(" ") or letter == "\\" for letter in url):
        raise _Refused(Sentence("must be an https address without a name and a password in it"))
    is_tls = parts.scheme == "https"
    port = port or (HTTPS_PORT if is_tls else HTTP_PORT)
    networks = [ip_network(one.strip()) for one in allowed if one.strip()]
    found = [_plain(one) for one in lookup(host, port)]
    if not found:
        raise _Refused(Sentence("leads nowhere: the name is not known"))
    inside = all(any(one.version == network.version and one in network for network in networks) for one in found)
    if not inside and not all(is_open(one) for one in found):
        raise _Refused(Sentence("leads inside a network that the portal may not call"))
    if not is_tls and not inside:
        raise _Refused(Sentence("must begin with https"))
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    return Target(str(found[0]), port, host, path, is_tls)


def is_open(address: Address) -> bool:
    """Tell whether an address is of the open internet, also what is wrapped in it."""
    if isinstance(address, IPv6Address):
        if any(address in network for network in _NEVER):
            return False
        for network, shift in _WRAPPED:
            if address in network:
                inner = IPv4Address((int(address) >> shift) & 0xFFFFFFFF)
                return is_open(inner) and address.is_global
        return address.is_global and not address.is_multicast
    return address.is_global and not address.is_multicast


def _plain(text: str) -> Address:
    return ip_address(text.partition("%")[0])


def _looked_up(host: str, port: int) -> Sequence[str]:
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError):
        return []
    return [str(address[0]) for *_, address in found]
