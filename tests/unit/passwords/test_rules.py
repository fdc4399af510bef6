"""What is refused as a password, and why."""

import hashlib
from pathlib import Path

import pytest

from statusportal.foundation.errors import Faults
from statusportal.passwords.rules import COMMON, SHORTEST, check_password

ABOUT = ("Søren Holm", "soren.holm@engdal.example", "Engdal Mejeri", "Nordværk A/S")


def refusals(password, breached_file=""):
    faults = Faults()
    check_password(faults, "/password", password, ABOUT, breached_file)
    return [error.detail for error in faults.errors]


@pytest.mark.parametrize(
    "password",
    [
        "a long walk by the sea",
        "Tr0ub4dor&3xyz",
        "æøå og en lang tur",
        "x" * 200 + "yzabc",
        "sorens sejlbåd i havnen",
        "correct horse battery",
        "   \t blanks are signs",
    ],
)
def test_good_password_is_taken(password):
    assert refusals(password) == []


@pytest.mark.parametrize(
    ("password", "beginning"),
    [
        ("elevenchars", "Use 12 characters or more."),
        ("abcde" * 60, "Use 256 characters at most."),
        ("soren.holm@engdal.example", "Choose something that is not made of names"),
        ("SØRENHOLM123", "Choose something that is not made of names"),
        ("EngdalMejeri1", "Choose something that is not made of names"),
        ("3ngd4l-M3jeri", "Choose something that is not made of names"),
        ("nordværk-2026", "Choose something that is not made of names"),
        ("statusportal!", "Choose something that is not made of names"),
        ("velkommen2026", "Choose something that is not made of names"),
        ("password1234", "Many people use this one"),
        ("P4$$w0rd2026", "Many people use this one"),
        ("dragondragon", "Many people use this one"),
        ("1qaz2wsx3edc", "Many people use this one"),
        ("qwertyuiop12", "Many people use this one"),
        ("aaaaaaaaaaaaaaaa", "Choose something with more different characters."),
        ("a long walk \x00", "holds a character that cannot be typed"),
        ("a long walk \ud800", "holds a character that cannot be typed"),
    ],
)
def test_bad_password_is_refused_with_a_sentence(password, beginning):
    found = refusals(password)

    assert [sentence[: len(beginning)] for sentence in found] == [beginning]


def test_every_much_used_password_is_refused_with_a_few_signs_more():
    tried = [word for word in COMMON if len(word) > SHORTEST // 2]
    padded = [word + "2026!"[: max(0, SHORTEST - len(word))] for word in tried]

    assert len(tried) > 10_000
    assert [one for one in padded if len(one) >= SHORTEST and not refusals(one)] == []


@pytest.fixture(params=[("\n", 0), ("\n", 1), ("\r\n", 1)], ids=["open end", "unix", "windows"])
def stolen(tmp_path, request):
    """Hashes as the operator gets them: in order, with counts, the last line with or without its end."""
    words = [f"a stolen sentence no. {number}" for number in range(2_000)]
    lines = sorted(f"{sha1(word)}:{len(word)}" for word in words)
    path = tmp_path / "stolen.txt"
    ending, is_ended = request.param
    path.write_bytes((ending.join(lines) + ending * is_ended).encode())
    return str(path), words


def sha1(word):
    return hashlib.sha1(word.encode(), usedforsecurity=False).hexdigest().upper()


def test_every_stolen_password_is_found_and_no_other(stolen):
    path, words = stolen

    missed = [word for word in words if refusals(word, path) == []]
    wronged = [word for word in words if refusals(f"{word} and more", path)]

    assert (missed, wronged) == ([], [])
    assert refusals(words[0], path)[0].startswith("This password was stolen elsewhere")


def test_file_of_stolen_passwords_is_not_read_whole(stolen, monkeypatch):
    path, words = stolen
    read = []
    opened = Path.open

    class Noting:
        def __init__(self, file):
            self.file = file

        def __enter__(self):
            return self

        def __exit__(self, *_):
            self.file.close()

        def seek(self, *place):
            return self.file.seek(*place)

        def read(self, count):
            read.append(count)
            return self.file.read(count)

        def readline(self, count):
            read.append(count)
            return self.file.readline(count)

    monkeypatch.setattr(Path, "open", lambda self, mode: Noting(opened(self, mode)))
    refusals(words[0], path)

    assert 0 < sum(read) < 3_000


def test_empty_and_vanished_file_hold_nothing(tmp_path):
    empty = tmp_path / "empty.txt"
    empty.touch()

    assert refusals("a long walk by the sea", str(empty)) == []
    assert refusals("a long walk by the sea", str(tmp_path / "gone.txt")) == []
