"""Claim secrets as people type them: random signs, and a last one that tells a slip of the finger from a wrong secret.

The check is arithmetic on the signs alone: it says nothing about which secrets exist.
Source: Douglas Crockford, Base 32 (alphabet, reading of O, I and L, check symbol modulo 37).
"""

import secrets

from statusportal.foundation.errors import Sentence

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
RANDOM_SIGNS = 19
SIGNS = RANDOM_SIGNS + 1
GROUP = 4

_MODULUS = 37
_READ_AS = str.maketrans("OIL", "011")
_BETWEEN = str.maketrans("", "", " -\u2010\u2011\u2012\u2013\u00a0\t")


class Mistyped(Exception):
    """Say why a text cannot be any secret; nothing was looked up to know it."""

    def __init__(self, sentence: Sentence) -> None:
        super().__init__(sentence)
        self.sentence = sentence


def new_claim_secret() -> str:
    """Make a secret of 95 random bits with its check sign, in groups.

    A draw whose check sign would be one of Crockford's five further symbols is drawn again: they are on no phone's
    first keyboard. That costs a fifth of a bit.
    """
    while True:
        drawn = "".join(secrets.choice(ALPHABET) for _ in range(RANDOM_SIGNS))
        check = _check_value(drawn)
        if check < len(ALPHABET):
            return grouped(drawn + ALPHABET[check])


def grouped(signs: str) -> str:
    """Write a secret's signs in groups of four."""
    return "-".join(signs[at : at + GROUP] for at in range(0, len(signs), GROUP))


def read_claim_secret(typed: str) -> str:
    """Return the secret as it was made, whatever its case, blanks and hyphens, and with O, I and L read as digits.

    Raises: Mistyped for a text that cannot be a secret: a foreign sign, a wrong length, or a check that fails.
    """
    signs = typed[:1000].upper().translate(_BETWEEN).strip().translate(_READ_AS)
    if strange := next((sign for sign in signs if sign not in ALPHABET), None):
        raise Mistyped(Sentence("“%(sign)s” is in no secret", sign=strange))
    if len(signs) != SIGNS:
        raise Mistyped(Sentence("needs %(wanted)s signs, this has %(count)s", wanted=SIGNS, count=len(signs)))
    if _check_value(signs[:-1]) != ALPHABET.index(signs[-1]):
        raise Mistyped(Sentence("has a slip of the finger in it. Compare it with the paper"))
    return grouped(signs)


def _check_value(signs: str) -> int:
    """Return the number that the signs write, modulo 37.

    37 is a prime of which 32 is a primitive root, so every single wrong sign and every swap of neighbours is found.
    """
    value = 0
    for sign in signs:
        value = (value * len(ALPHABET) + ALPHABET.index(sign)) % _MODULUS
    return value
