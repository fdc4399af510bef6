"""A claim secret is read as people type it, and a slip of the finger is told from it without any list of secrets."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from statusportal.claims.secrets import ALPHABET, SIGNS, Mistyped, grouped, new_claim_secret, read_claim_secret

made = st.builds(new_claim_secret)
places = st.integers(0, SIGNS - 1)


def signs_of(secret):
    return secret.replace("-", "")


def is_refused(typed):
    try:
        read_claim_secret(typed)
    except Mistyped:
        return True
    return False


def test_secret_has_five_groups_of_signs_that_are_hard_to_confuse():
    groups = new_claim_secret().split("-")

    assert [len(group) for group in groups] == [4] * 5
    assert set("".join(groups)) <= set(ALPHABET)
    assert set("ILOU") & set(ALPHABET) == set()


def test_thousand_secrets_share_no_group_with_another_at_the_same_place():
    """95 bits each: in a thousand secrets even two equal beginnings of three groups would be a fault."""
    beginnings = {new_claim_secret()[:14] for _ in range(1000)}

    assert len(beginnings) == 1000


@given(made)
def test_secret_is_read_as_it_was_made(secret):
    assert read_claim_secret(secret) == secret


@given(made, st.sampled_from(["", " ", "-", " - ", "–"]))
def test_case_blanks_and_hyphens_do_not_matter(secret, between):
    typed = f"  {between.join(secret.lower().split('-'))} "

    assert read_claim_secret(typed) == secret


@given(made)
def test_letters_that_look_like_digits_are_read_as_digits(secret):
    typed = secret.replace("0", "O").replace("1", "l")

    assert read_claim_secret(typed) == secret


@given(made, places, st.sampled_from(ALPHABET))
def test_every_wrong_sign_is_found(secret, place, other):
    signs = signs_of(secret)
    wrong = signs[:place] + other + signs[place + 1 :]

    assert is_refused(wrong) is (wrong != signs)


@given(made, st.integers(1, SIGNS - 1))
def test_every_swap_of_neighbours_is_found(secret, place):
    signs = list(signs_of(secret))
    signs[place - 1], signs[place] = signs[place], signs[place - 1]

    assert is_refused("".join(signs)) is ("".join(signs) != signs_of(secret))


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ("", "needs 20 signs, this has 0"),
        ("K7QM-4XPD", "needs 20 signs, this has 8"),
        ("K7QM-4XPD-9RTA-2B6C-HJ3?", "“?” is in no secret"),
        ("U" * 20, "“U” is in no secret"),
        ("0" * 19 + "1", "has a slip of the finger in it. Compare it with the paper"),
        ("0" * 100_000, "needs 20 signs, this has 1000"),
    ],
)
def test_what_is_wrong_is_said(typed, sentence):
    with pytest.raises(Mistyped) as refused:
        read_claim_secret(typed)

    assert refused.value.sentence == sentence


@given(st.text(max_size=60))
def test_any_text_is_a_secret_or_mistyped(text):
    assert is_refused(text) or grouped(signs_of(read_claim_secret(text))) == read_claim_secret(text)
