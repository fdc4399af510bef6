"""Sealing of secrets that must be read again: Fernet (AES-128-CBC with HMAC-SHA-256) under a key beside the database.

Source: docs/adr/0031-second-proofs.md.
"""

import base64
import hashlib

from cryptography.fernet import Fernet, InvalidToken

from statusportal.proofs.errors import ProofUnreadable


def seal(key: str, secret: str) -> bytes:
    """Encrypt a secret."""
    return _fernet(key).encrypt(secret.encode())


def unseal(key: str, sealed: bytes) -> str:
    """Give a secret back in clear.

    Raises: ProofUnreadable when it was sealed with another key.
    """
    try:
        return _fernet(key).decrypt(sealed).decode()
    except InvalidToken as err:
        raise ProofUnreadable from err


def _fernet(key: str) -> Fernet:
    # The setting is free text of any length; Fernet wants 32 bytes.
    return Fernet(base64.urlsafe_b64encode(hashlib.sha256(key.encode()).digest()))
