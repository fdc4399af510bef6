"""What operating systems and TLS say of a trouble, in sentences that can be translated.

Source: POSIX.1-2017, errno.h; RFC 3493 section 6.4 (addresses); OpenSSL, X509_verify_cert_error_string (certificates).
"""

import errno
import socket
import ssl
from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from devices.sentence import Sentence

_ERRNO: Final[Mapping[int, Sentence]] = MappingProxyType(
    {
        errno.EACCES: Sentence("the right to it is lacking"),
        errno.EADDRNOTAVAIL: Sentence("the address is not available here"),
        errno.ECONNABORTED: Sentence("the connection was broken off"),
        errno.ECONNREFUSED: Sentence("the connection was refused"),
        errno.ECONNRESET: Sentence("the other side reset the connection"),
        errno.EEXIST: Sentence("it is there already"),
        errno.EHOSTDOWN: Sentence("the host is down"),
        errno.EHOSTUNREACH: Sentence("there is no way to the host"),
        errno.EISDIR: Sentence("it is a folder"),
        errno.EMFILE: Sentence("too many files are open"),
        errno.ENETDOWN: Sentence("the network is down"),
        errno.ENETUNREACH: Sentence("the network cannot be reached"),
        errno.ENOENT: Sentence("there is no such file"),
        errno.ENOSPC: Sentence("the disk is full"),
        errno.ENOTDIR: Sentence("a part of the path is no folder"),
        errno.EPERM: Sentence("it is not permitted"),
        errno.EPIPE: Sentence("the other side has hung up"),
        errno.EROFS: Sentence("the disk can only be read"),
        errno.ETIMEDOUT: Sentence("no answer came in time"),
    },
)
_NAMES: Final[Mapping[int, Sentence]] = MappingProxyType(
    {
        socket.EAI_AGAIN: Sentence("the name cannot be looked up at the moment"),
        socket.EAI_FAIL: Sentence("the name cannot be looked up"),
        socket.EAI_NONAME: Sentence("nobody knows the name"),
    },
)
_CERTIFICATES: Final[Mapping[int, Sentence]] = MappingProxyType(
    {
        9: Sentence("it is not valid yet"),
        10: Sentence("it has expired"),
        18: Sentence("it is signed by itself"),
        19: Sentence("its chain ends in a certificate that is signed by itself"),
        20: Sentence("nobody we trust has signed it"),
        21: Sentence("nobody we trust has signed it"),
        23: Sentence("it was revoked"),
        62: Sentence("it is made out for another host"),
        64: Sentence("it is made out for another address"),
    },
)


def system_words(err: OSError) -> Sentence:
    """Say what the system said; what is not in the tables is quoted."""
    if isinstance(err, TimeoutError):
        return _ERRNO[errno.ETIMEDOUT]
    known = _NAMES if isinstance(err, socket.gaierror) else _ERRNO
    return known.get(err.errno or 0) or Sentence.quoting(err.strerror or str(err))


def certificate_words(err: ssl.SSLCertVerificationError) -> Sentence:
    """Say why a certificate is not trusted."""
    return _CERTIFICATES.get(err.verify_code) or Sentence.quoting(err.verify_message)
