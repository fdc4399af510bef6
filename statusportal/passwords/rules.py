"""Which passwords are refused. Pure but for the operator's list of stolen ones, which is asked on the disk.

Length and rarity are what counts. Rules about signs and digits, and changing by the calendar, make passwords worse, so
there are none. Source: OWASP ASVS 5.0, V6.2; NIST SP 800-63B-4, 3.1.1.
"""

import re
from collections.abc import Iterable, Iterator

from zxcvbn.frequency_lists import FREQUENCY_LISTS  # type: ignore[import-untyped]  # it publishes no types

from statusportal.accounts.vocabulary import HashedPassword
from statusportal.foundation.errors import Faults, Sentence
from statusportal.identity.breaches import is_breached
from statusportal.identity.passwords import hash_password

SHORTEST = 12
LONGEST = 256
_FEW_SIGNS = 4

# A word shorter than this says nothing about a password; what is left beside a longer one must be half a password.
_SHORTEST_WORD = 4
_LEAST_OWN = SHORTEST // 2

# The most used passwords of the world, 30,000 of them. Few are as long as ours must be; most weak ones that are consist
# of one of these and a few signs more, which is why they are looked for inside a password too.
COMMON = frozenset(FREQUENCY_LISTS["passwords"])
_LONGEST_COMMON = max(map(len, COMMON))
# What a guesser tries first on this very portal.
_OURS = ("status portal", "statusportal", "adgangskode", "kodeord", "velkommen")
_DISGUISES = str.maketrans("@4831!057$", "aabeliosts")


def new_password(
    password: str, about: Iterable[str], breached_file: str = "", pointer: str = "/password"
) -> HashedPassword:
    """Check a password that somebody chose, and hash it; `about` is what is known of them and of where they belong.

    Raises: Invalid at `pointer`.
    """
    faults = Faults()
    check_password(faults, pointer, password, about, breached_file)
    faults.close()
    return HashedPassword(hash_password(password))


def check_password(faults: Faults, pointer: str, password: str, about: Iterable[str], breached_file: str = "") -> None:
    """Note why a password is refused; the first reason is enough."""
    reason = next(_objections(password, about, breached_file), None)
    if reason is not None:
        faults.note(pointer, reason)


def _objections(password: str, about: Iterable[str], breached_file: str) -> Iterator[Sentence]:
    """Give what speaks against a password, the plainest first; each is looked for only when it is asked for."""
    if len(password) < SHORTEST:
        yield Sentence("Use %(least)s characters or more. A few words in a row are easy to remember.", least=SHORTEST)
    if len(password) > LONGEST:
        yield Sentence("Use %(most)s characters at most.", most=LONGEST)
    if "\x00" in password or not _can_be_written(password):
        yield Sentence("holds a character that cannot be typed")
    if len(set(password)) <= _FEW_SIGNS:
        yield Sentence("Choose something with more different characters.")
    if any(_is_made_of(one, *_words(about)) for one in _readings(password)):
        yield Sentence("Choose something that is not made of names: yours, your organisation's or this portal's.")
    if any(_is_made_of(one, word) for one in _readings(password) for word in _common_in(one)):
        yield Sentence("Many people use this one or one like it. Put a few words in a row that do not belong together.")
    if is_breached(breached_file, password):
        yield Sentence("This password was stolen elsewhere and is on the lists of thieves. Choose another.")


def _can_be_written(password: str) -> bool:
    """Tell whether the text has bytes at all; half of a surrogate pair has none."""
    return not any("\ud800" <= sign <= "\udfff" for sign in password)


def _readings(password: str) -> set[str]:
    """Give the password as a guesser reads it: in small letters, and with disguised letters unmasked."""
    plain = password.lower()
    return {plain, plain.translate(_DISGUISES)}


def _is_made_of(password: str, *words: str) -> bool:
    """Tell whether the words, once taken out, leave less than half of a password's least length."""
    rest = password
    for word in sorted(words, key=len, reverse=True):
        rest = rest.replace(word, "")
    return len(rest) < _LEAST_OWN


def _words(about: Iterable[str]) -> Iterator[str]:
    """Give names and addresses, whole, in parts and without what stands between the parts, as far as they tell."""
    for text in (*about, *_OURS):
        whole = text.lower()
        parts = re.split(r"[^\w]+|_", whole)
        yield from (word for word in {whole, "".join(parts), *parts} if len(word) >= _SHORTEST_WORD)


def _common_in(password: str) -> Iterator[str]:
    """Give every much used password that stands somewhere inside."""
    for start in range(len(password) - _SHORTEST_WORD + 1):
        ends = range(start + _SHORTEST_WORD, min(start + _LONGEST_COMMON, len(password)) + 1)
        yield from (password[start:end] for end in ends if password[start:end] in COMMON)
