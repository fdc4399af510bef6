"""What is refused as a password, and that a hash tells nothing."""

import pytest
from argon2 import PasswordHasher

from statusportal.foundation.errors import Faults
from statusportal.identity.passwords import check_password, hash_password, needs_new_hash, password_fits


def refusals(password):
    faults = Faults()
    check_password(faults, "/password", password, name="Søren Holm", email="soren.holm@engdal.example")
    return [error.detail for error in faults.errors]


@pytest.mark.parametrize(
    "password",
    ["a long walk by the sea", "Tr0ub4dor&3xyz", "æøå og en lang tur", "x" * 200 + "yzabc", "sorens sejlbåd i havnen"],
)
def test_good_password_is_taken(password):
    assert refusals(password) == []


@pytest.mark.parametrize(
    ("password", "beginning"),
    [
        ("elevenchars", "Use 12 characters or more."),
        ("abcde" * 60, "Use 256 characters at most."),
        ("soren.holm@engdal.example", "Choose something that is not your name"),
        ("SØRENHOLM123", "Choose something that is not your name"),
        ("aaaaaaaaaaaaaaaa", "Choose something with more different characters."),
        ("a long walk \x00", "holds a character that cannot be typed"),
        ("a long walk \ud800", "holds a character that cannot be typed"),
    ],
)
def test_bad_password_is_refused_with_a_sentence(password, beginning):
    found = refusals(password)

    assert [sentence[: len(beginning)] for sentence in found] == [beginning]


def test_hash_fits_its_password_and_no_other():
    kept = hash_password("a long walk by the sea")

    assert password_fits(kept, "a long walk by the sea")
    assert not password_fits(kept, "a long walk by the sea ")
    assert not password_fits(kept, "\ud800")
    assert not password_fits(None, "nobody has this password")
    assert not password_fits("not a hash", "a long walk by the sea")
    assert kept != hash_password("a long walk by the sea")


def test_hash_of_other_parameters_is_noticed():
    assert needs_new_hash(PasswordHasher(time_cost=2, memory_cost=16, parallelism=1).hash("x"))
    assert not needs_new_hash(hash_password("x"))
