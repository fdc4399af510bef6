"""How far a counter went on between two moments."""

import pytest

from statusportal.answers.cycling import turns


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        ({"cycles": 100}, {"cycles": 103}, 3),
        ({"cycles": 100}, {"cycles": 100}, 0),
        ({"cycles": 100}, {"cycles": 4}, 4),
        ({}, {"cycles": 4}, None),
        ({"cycles": 100}, {}, None),
        ({"cycles": True}, {"cycles": 4}, None),
        ({"cycles": "many"}, {"cycles": 4}, None),
    ],
    ids=["grew", "stood", "was reset", "not heard before", "not heard after", "a flag", "a word"],
)
def test_counter_between_two_moments(before, after, expected):
    assert turns(before, after, "cycles") == expected
