"""Letters of evidence: capitals for all, small for fewer, an i before inner ones."""

import pytest

from statusportal.evidence.letters import letter_of


@pytest.mark.parametrize(("number", "letter"), [(1, "A"), (2, "B"), (26, "Z"), (27, "AA"), (52, "AZ"), (53, "BA")])
def test_letters_go_on_after_z(number, letter):
    assert letter_of(number, width=2, widest=2) == letter


def test_letters_of_fewer_readers_are_of_another_kind():
    assert [letter_of(1, width=width, widest=2) for width in (3, 2, 1, 0)] == ["A", "A", "a", "ia"]
