"""What names an owner is taken out of what they wrote."""

from hypothesis import given
from hypothesis import strategies as st

from statusportal.knowledge.anonymising import anonymised

NAMES = ("Engdal Mejeri", "Mette Kragh", "MA-3817", "Hal 4")


def test_names_serials_and_addresses_are_taken_out_and_the_fix_stays():
    text = (
        "Mette at engdal changed M3-114 on MA-3817. Write to mk@engdal.dk or +45 12 34 56 78, see https://engdal.dk/x"
    )

    assert anonymised(text, NAMES) == "[…] at […] changed M3-114 on […]. Write to […] or […], see […]"


def test_words_that_only_hold_a_name_stay():
    assert anonymised("Halogen lamp, 40.5 °C for 20 min", ("Hal", "min ")) == "Halogen lamp, 40.5 °C for 20 […]"


@given(st.text(max_size=60), st.lists(st.text(alphabet="abcæø ", min_size=3, max_size=12), max_size=4))
def test_no_whole_name_survives(text, names):
    told = anonymised(f"{text} {' '.join(names)} {text}", names)
    words = told.split()
    assert [name for name in names if len(name.strip()) >= 3 and name.strip() in words] == []
