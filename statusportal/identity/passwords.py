"""Passwords: how they are hashed, and how one is held against its hash. Pure but for the time it takes."""

import threading

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

# The library's defaults are RFC 9106's second recommended option. A change of them is noticed at the next sign-in.
_hasher = PasswordHasher()
# Each hash takes 64 MiB: a crowd at the door must not take the memory of the whole portal.
_at_once = threading.BoundedSemaphore(4)
_nobody_lock = threading.Lock()
_nobody: list[str] = []


def hash_password(password: str) -> str:
    """Hash with argon2id."""
    with _at_once:
        return _hasher.hash(password)


def password_fits(password_hash: str | None, password: str) -> bool:
    """Tell whether the password is the one behind the hash.

    Without a hash the same work is done on a made-up one, so that time does not tell whether an address is known.
    """
    with _at_once:
        try:
            _hasher.verify(password_hash or _nobodys_hash(), password)
        except (VerificationError, InvalidHashError, UnicodeEncodeError):
            return False
    return password_hash is not None


def needs_new_hash(password_hash: str) -> bool:
    """Tell whether the hash was made with other parameters than today's."""
    return _hasher.check_needs_rehash(password_hash)


def _nobodys_hash() -> str:
    with _nobody_lock:
        if not _nobody:
            _nobody.append(_hasher.hash("nobody has this password"))
    return _nobody[0]
