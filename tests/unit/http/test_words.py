"""The product's scales speak both languages."""

import pytest

from statusportal.access.permissions import Permission
from statusportal.http import words


@pytest.mark.parametrize(
    "table", [words.HEALTH, words.CONNECTIVITY, words.LIFECYCLE, words.ROLE, words.KIND, words.SCOPE, words.SWITCH]
)
def test_every_word_stands_in_both_languages(table) -> None:
    assert set(table["en"]) == set(table["da"])


def test_words_of_a_region_and_of_an_unknown_language() -> None:
    assert words.health_word("off_spec", locale="da_DK") == "Uden for specifikation"
    assert words.health_word("off_spec", locale="fr") == "Out of specification"
    assert words.role_word("night_guard", locale="en") == "Night guard"


def test_every_right_that_a_token_may_hold_has_words() -> None:
    assert set(words.SCOPE["en"]) == set(Permission)
