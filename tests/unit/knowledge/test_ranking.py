"""How close what somebody writes is to what was written before."""

import pytest

from statusportal.knowledge.ranking import closeness


@pytest.mark.parametrize(
    ("words", "text", "expected"),
    [
        ("Fat results too high", "The fat result reads high", 3),
        ("Kompressoren larmer", "Kompressor 2 larmede hele natten", 2),
        ("", "Anything at all", 0),
        ("A 1 of", "a 1 of", 0),
        ("flow flow flow", "Flow", 1),
    ],
)
def test_words_that_a_text_speaks_of(words, text, expected):
    assert closeness(words, text) == expected
