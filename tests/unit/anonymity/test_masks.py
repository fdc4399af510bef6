"""What tells who wrote a text is taken out of it, however it is written; what helps the others stays."""

import time
from collections import Counter
from uuid import UUID, uuid5

import pytest
from hypothesis import given
from hypothesis import strategies as st

from statusportal.anonymity.aliases import BIRDS, Aliases, alias_for
from statusportal.anonymity.masks import GONE, Masker, folded
from statusportal.anonymity.vocabulary import Known, Taken

KNOWN = (
    Known("Engdal Mejeri A/S", Taken.ORGANISATION),
    Known("Engdal", Taken.ORGANISATION),
    Known("Mette Kragh", Taken.PERSON, "Avocet"),
    Known("Mette", Taken.PERSON, "Avocet"),
    Known("Kragh", Taken.PERSON, "Avocet"),
    Known("Bo", Taken.PERSON),
    Known("AM3-20417", Taken.MACHINE),
    Known("Milk analyser 2, line B", Taken.MACHINE),
    Known("Videbæk", Taken.PLACE),
)
KEPT = ("Aurora M3", "4.2.1.9", "A-214", "Nordværk")
MASKER = Masker.of(KNOWN, KEPT)


def word(kind):
    return f"\u2039{kind}\u203a"


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        ("Here at ENGDAL-mejeri a/s.", f"Here at {word('organisation')}."),
        ("Engdals machine", f"{word('organisation')} machine"),
        ("Mettes idea, Kragh's too; Bo agrees, boring.", f"Avocet idea, Avocet too; {word('person')} agrees, boring."),
        ("am3 20417 and xAM3_20417y", f"{word('machine')} and {word('machine')}"),
        ("Milk  analyser 2 (line b)", f"{word('machine')})"),
        ("Mail m.kragh@engdal.dk now", f"Mail {word('address')} now"),
        ("[the log](https://engdal.dk/a) at www.engdal.dk", f"the log at {word('address')}"),
        ("see line_b-12.JPG", f"see {word('file')}"),
        ("on 10.20.30.40, firmware 4.2.1.9", f"on {word('address')}, firmware 4.2.1.9"),
        ("call +45 12 34 56 78", f"call {word('number')}"),
        ("since 12:59 on 17. november 2026", f"since 12:00 on {word('date')}"),
        ("kl. 13.45, 2026-11-17", f"13:00, {word('date')}"),
        ("3.58 % fat at 1013.25 mbar, A-214 on Aurora M3", "3.58 % fat at 1013.25 mbar, A-214 on Aurora M3"),
        ("f.eks. 0,01 om ugen, dvs. lidt", "f.eks. 0,01 om ugen, dvs. lidt"),
        ("En\u200bg\u00addal", word("organisation")),
        ("Eng**dal** says", GONE),
        ("&#69;ngdal &#x4d;ejeri A/S", word("organisation")),
        ("&amp;#69;ngdal, \uff06#69;ngdal, &[#69;](x)ngdal", ", ".join([word("organisation")] * 3)),
        (
            "changed on 27/11 at 9.15, d. 27.11. og igen",
            f"changed on {word('date')} at 09:00, d. {word('date')} og igen",
        ),
        ("at 2.37 pm, on 27.11.", f"at 02:00 pm, on {word('date')}"),
        ("at 9.15 bar, a 3/4 inch cell", "at 9.15 bar, a 3/4 inch cell"),
        ("Order 4711-22, tlf. 97 13 1.", f"Order {word('number')}, tlf. {word('number')}."),
        ("R&D &lt; 3 % &copyright", "R&D < 3 % &copyright"),
    ],
)
def test_text_is_masked(text, masked):
    assert MASKER.mask(text).text == masked


def test_every_place_is_counted():
    counts = MASKER.mask("Engdal, Engdal and Mette at 12:10").counts

    assert counts == {Taken.ORGANISATION: 2, Taken.PERSON: 1, Taken.TIME: 1}


PIECES = st.sampled_from(
    [
        *(one.text for one in KNOWN),
        "ENGDAL",
        "videbæk",
        "am3_20417",
        "metteS",
        "3.58 %",
        "12:34",
        "**",
        " ",
        "-",
        "the flow",
    ]
)


@given(st.lists(PIECES | st.text(max_size=8), max_size=12))
def test_no_known_word_is_left_and_masking_again_changes_nothing(pieces):
    masked = MASKER.mask(" ".join(pieces)).text
    words = {folded(one) for one in masked.split()}

    assert [one for one in ("engdal", "am320417", "videbaek", "videbæk") if one in folded(masked)] == []
    assert words.isdisjoint({"mette", "kragh", "bo"})
    assert MASKER.mask(masked).text == masked


def test_longest_texts_are_quick():
    began = time.perf_counter()
    for text in (
        "a" * 20_000,
        "a.b" * 7_000,
        "[(" * 10_000,
        "1 " * 10_000,
        "@" * 20_000,
        "a:" * 10_000,
        "Engda" * 4_000,
    ):
        MASKER.mask(text)

    assert time.perf_counter() - began < 5


def test_a_large_fleet_is_masked_quickly():
    fleet = [
        Known(text, Taken.MACHINE)
        for number in range(2_000)
        for text in (f"AM3-{100_000 + number}", f"label{number}x", f"Line {number} north", f"Hall {number}, Videbæk")
    ]
    large = Masker.of([*KNOWN, *fleet], KEPT)
    began = time.process_time()
    masked = [large.mask(f"Text {number}: AM3 {100_000 + number} reads 3.58 %").text for number in range(100)]

    longest = large.mask("the flow sinks evenly " * 900).text
    assert time.process_time() - began < 1
    assert longest.startswith("the flow sinks")
    assert set(masked) == {f"Text {number}: {word('machine')} reads 3.58 %" for number in range(100)}


def test_a_name_that_is_what_stands_for_one_takes_nothing_out():
    common = Masker.of(
        [*KNOWN, Known("Machine", Taken.MACHINE), Known("Person", Taken.PERSON), Known("Per", Taken.PERSON)]
    )

    masked = common.mask("Per at the machine of Engdal").text

    assert masked == f"{word('person')} at the machine of {word('organisation')}"
    assert common.mask(masked).text == masked


def test_a_firmware_is_kept_only_as_one_token_that_tells_nothing():
    kept = {one: MASKER.keeps(one) for one in ("9.9.9-beta", "9.9.9 beta", "9.9.9-engdal-proto", "")}

    assert kept == {"9.9.9-beta": True, "9.9.9 beta": False, "9.9.9-engdal-proto": False, "": False}
    assert Masker.of(KNOWN, ("X-engdal",)).mask("Engdal").text == word("organisation")


def test_aliases_hold_within_a_publication_and_are_no_guide_to_another():
    people = [uuid5(UUID(int=0), str(number)) for number in range(40)]

    def speakers(publication):
        known = Aliases("a secret of the portal", publication, "Nordværk", frozenset(people))
        return [known.of(person) for person in people]

    first, second = speakers("one"), speakers("two")

    assert first == speakers("one")
    assert len(set(first)) == len(set(second)) == len(people)
    assert Aliases("a secret", "one", "Nordværk", frozenset()).of(people[0]) == "Nordværk"
    # Who guesses that somebody is who bore the same alias elsewhere is right as often as by chance.
    guessed = sum(
        alias_for("a secret", f"{number}", str(person), ()) == alias_for("a secret", f"{number + 1}", str(person), ())
        for number, person in enumerate(people * 10)
    )
    assert guessed <= 4 * len(people) * 10 / len(BIRDS)


def test_all_birds_gone_get_numbers():
    taken = list(BIRDS)
    for number in range(3):
        taken.append(alias_for("key", "one", str(number), taken))

    assert max(Counter(taken).values()) == 1
