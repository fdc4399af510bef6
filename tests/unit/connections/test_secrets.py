import pytest

from statusportal.connections.errors import SecretsUnreadable
from statusportal.connections.secrets import parted, seal, unseal


def test_sealed_secret_comes_back_and_is_not_readable():
    sealed = seal("a key", {"password": "correct horse"})

    assert b"correct horse" not in sealed
    assert unseal("a key", sealed) == {"password": "correct horse"}


def test_secret_under_another_key_is_unreadable():
    sealed = seal("a key", {"password": "correct horse"})

    with pytest.raises(SecretsUnreadable):
        unseal("another key", sealed)


def test_no_secret_seals_to_nothing():
    assert seal("a key", {}) is None
    assert unseal("a key", None) == {}


def test_options_part_and_an_empty_secret_is_none():
    given = {"host": "a", "password": "b", "token": ""}

    assert parted(given, {"password", "token"}) == ({"host": "a"}, {"password": "b"})
