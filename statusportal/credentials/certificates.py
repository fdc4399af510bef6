"""Certificates as text, from an upload or from a proxy's header: what they say, and the fingerprint they are known by.

Pure. Whether the machine holds the key was proved to the proxy in the TLS handshake; nothing here can prove it again.
"""

import base64
import binascii
import re
from urllib.parse import unquote

from cryptography import x509
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.x509.oid import NameOID

from statusportal.credentials.vocabulary import CertificateFacts
from statusportal.foundation.errors import Faults, Sentence

_LONGEST = 16_384
_BEGIN = "-----BEGIN CERTIFICATE-----"
_PRIVATE = re.compile(r"-----BEGIN [A-Z ]*PRIVATE KEY-----")


def read_certificate(faults: Faults, pointer: str, pem: str) -> CertificateFacts | None:
    """Read one certificate from what somebody uploaded; what is wrong with it is noted, and None comes back."""
    if _PRIVATE.search(pem):
        faults.note(pointer, Sentence("holds a private key. That stays on the machine; send the certificate alone"))
        return None
    count = pem.count(_BEGIN)
    if count > 1:
        faults.note(pointer, Sentence("holds %(count)s certificates. Send the machine's own alone", count=count))
        return None
    try:
        return _facts(x509.load_pem_x509_certificate(pem[:_LONGEST].encode()))
    except ValueError:
        faults.note(pointer, Sentence("is no certificate in PEM form"))
        return None


def find_in_header(value: str) -> CertificateFacts | None:
    """Read the certificate that a proxy passed on, None when there is none to be read, or two headers were joined.

    Source: RFC 9440, 2.1 (`:base64 of DER:`); nginx, `$ssl_client_escaped_cert` (PEM, URL-encoded).
    """
    if not value or "," in value or len(value) > _LONGEST:
        return None
    try:
        if value.startswith(":") and value.endswith(":"):
            return _facts(x509.load_der_x509_certificate(base64.b64decode(value[1:-1], validate=True)))
        return _facts(x509.load_pem_x509_certificate(unquote(value).encode()))
    except (ValueError, binascii.Error):
        return None


def _facts(certificate: x509.Certificate) -> CertificateFacts:
    names = certificate.subject.get_attributes_for_oid(NameOID.COMMON_NAME)
    return CertificateFacts(
        fingerprint=certificate.fingerprint(SHA256()).hex(),
        common_name=str(names[0].value) if names else "",
        starts_at=certificate.not_valid_before_utc,
        expires_at=certificate.not_valid_after_utc,
    )
