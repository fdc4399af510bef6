"""A profile is one text: what is written, read and written again is the same, byte for byte."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from statusportal.profiles.finding import find_shipped, shipped_names, shipped_text
from statusportal.profiles.vocabulary import FORMAT, LimitRule, Profile, Signal
from statusportal.profiles.writing import read_profile, write_profile
from tests.factories.profiles import EVERY_KIND

_WORDS = st.text(st.characters(exclude_categories=["C"]), min_size=1, max_size=30).filter(
    lambda text: text.strip() == text and text.isprintable()
)


def test_profile_with_every_kind_of_rule_comes_back_as_it_was():
    text = write_profile(EVERY_KIND)

    assert read_profile(text) == EVERY_KIND
    assert write_profile(read_profile(text)) == text


@settings(deadline=None)
@given(_WORDS, st.floats(-1e9, 1e9), st.floats(0, 1e6), st.one_of(st.none(), _WORDS))
def test_any_words_and_numbers_come_back_as_they_were(words, high, pending_s, unit):
    rule = LimitRule(code="A", source=words, signal="heat", high=high, pending_s=min(pending_s, 1e6), sentence_da=words)
    profile = Profile(format=FORMAT, name=words, signals=(Signal(name="heat", unit=unit or ""),), rules=(rule,))

    assert read_profile(write_profile(profile)) == profile


@pytest.mark.parametrize("name", shipped_names())
def test_shipped_profiles_are_written_canonically_and_speak_danish(name):
    text = shipped_text(name)

    profile = read_profile(text)

    assert write_profile(profile) == text
    assert profile.description_da
    assert all(rule.sentence_da and rule.advice_da for rule in profile.rules)


def test_shipped_profile_is_found_by_a_part_of_its_name_that_no_other_has():
    assert find_shipped("C-MAPSS") == read_profile(shipped_text("cmapss-turbofan"))
    assert find_shipped("machine temperature") == read_profile(shipped_text("nab-machine-temperature"))
    assert find_shipped("e") is None
    assert find_shipped("") is None
