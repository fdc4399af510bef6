"""Ids and secrets. Ids are UUIDv7 made by the application, so that rows sort by birth on every database."""

import hashlib
import secrets
from uuid import UUID

import uuid_utils

from statusportal.foundation.errors import NotFound


def new_id() -> UUID:
    """Make a time-ordered id."""
    return UUID(bytes=uuid_utils.uuid7().bytes)


def parse_id(text: str) -> UUID:
    """Read an id from an address.

    Raises: NotFound when it is no id at all, since a foreign, a missing and a malformed id look the same.
    """
    try:
        return UUID(text)
    except ValueError as err:
        raise NotFound from err


def new_secret(prefix: str) -> str:
    """Make a token with 256 bits behind a prefix that tells scanners what leaked."""
    return f"{prefix}_{secrets.token_urlsafe(32)}"


def secret_digest(secret: str) -> str:
    """Hash a high-entropy token for storage and look-up.

    A plain SHA-256 is right here: the input holds 256 random bits, so there is nothing to guess slowly.
    """
    return hashlib.sha256(secret.encode()).hexdigest()
