"""Passwords: how they are hashed, and which are refused. Pure but for the time it takes."""

import threading

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from statusportal.accounts.vocabulary import HashedPassword
from statusportal.foundation.errors import Faults, Sentence

SHORTEST = 12
LONGEST = 256
_HINT = 4

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


def new_password(password: str, *, name: str, email: str) -> HashedPassword:
    """Check and hash the first password of somebody who has none.

    Raises: Invalid.
    """
    faults = Faults()
    check_password(faults, "/password", password, name=name, email=email)
    faults.close()
    return HashedPassword(hash_password(password))


def check_password(faults: Faults, pointer: str, password: str, *, name: str, email: str) -> None:
    """Note why a password is refused.

    Length is what counts; rules about signs and digits make passwords worse. Source: NIST SP 800-63B-4, 3.1.1.
    """
    if len(password) < SHORTEST:
        faults.note(
            pointer,
            Sentence("Use %(least)s characters or more. A few words in a row are easy to remember.", least=SHORTEST),
        )
    elif len(password) > LONGEST:
        faults.note(pointer, Sentence("Use %(most)s characters at most.", most=LONGEST))
    elif "\x00" in password or not _can_be_written(password):
        faults.note(pointer, Sentence("holds a character that cannot be typed"))
    elif _is_made_of(password, name, email):
        faults.note(pointer, Sentence("Choose something that is not your name or your address."))
    elif len(set(password)) <= _HINT:
        faults.note(pointer, Sentence("Choose something with more different characters."))


def _can_be_written(password: str) -> bool:
    """Tell whether the text has bytes at all; half of a surrogate pair has none."""
    return not any("\ud800" <= sign <= "\udfff" for sign in password)


def _is_made_of(password: str, name: str, email: str) -> bool:
    """Tell whether the name or address, once taken out, leaves less than half of a password's least length."""
    rest = password.lower()
    hints = {email.lower(), *email.lower().replace("@", ".").split("."), *name.lower().split()}
    for hint in sorted(hints, key=len, reverse=True):
        if len(hint) >= _HINT:
            rest = rest.replace(hint, "")
    return len(rest) < SHORTEST // 2


def _nobodys_hash() -> str:
    with _nobody_lock:
        if not _nobody:
            _nobody.append(_hasher.hash("nobody has this password"))
    return _nobody[0]
