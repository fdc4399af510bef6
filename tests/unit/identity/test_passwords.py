"""A hash fits its password alone, and tells nothing."""

from argon2 import PasswordHasher

from statusportal.identity.passwords import hash_password, needs_new_hash, password_fits


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
