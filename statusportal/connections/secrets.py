"""Sealing of secret options: Fernet (AES-128-CBC with HMAC-SHA-256) under a key that lies beside the database.

Source: docs/adr/0012-connection-secrets.md.
"""

import base64
import hashlib
from collections.abc import Collection, Mapping
from typing import Any

import msgspec
from cryptography.fernet import Fernet, InvalidToken

from statusportal.connections.errors import SecretsUnreadable


def seal(key: str, secrets: Mapping[str, Any]) -> bytes | None:
    """Encrypt secret options; None when there are none."""
    return _fernet(key).encrypt(msgspec.json.encode(secrets)) if secrets else None


def unseal(key: str, sealed: bytes | None) -> dict[str, Any]:
    """Give the secret options back in clear, for the adapter alone.

    Raises: SecretsUnreadable when they were sealed with another key.
    """
    if sealed is None:
        return {}
    try:
        return msgspec.json.decode(_fernet(key).decrypt(sealed), type=dict[str, Any])
    except InvalidToken as err:
        raise SecretsUnreadable from err


def parted(options: Mapping[str, Any], secret_names: Collection[str]) -> tuple[dict[str, Any], dict[str, Any]]:
    """Part options into those that may be shown and those that are sealed; an empty secret is no secret."""
    shown = {name: value for name, value in options.items() if name not in secret_names}
    hidden = {name: value for name, value in options.items() if name in secret_names and value != ""}
    return shown, hidden


def _fernet(key: str) -> Fernet:
    # The setting is free text of any length; Fernet wants 32 bytes.
    return Fernet(base64.urlsafe_b64encode(hashlib.sha256(key.encode()).digest()))
