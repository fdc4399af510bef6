"""Other spellings: the nearest word that was spoken, and little work however many were made up."""

from itertools import islice, permutations

from statusportal.lexicon import spelling
from statusportal.lexicon.spelling import Spellings
from statusportal.lexicon.terms import terms_of


def test_slip_of_the_finger_is_spelled_as_it_was_spoken():
    spellings = Spellings(["pressure", "pump", "pressure", "presence"])

    assert [spellings.nearest(term) for term in terms_of("presure pump")] == [("pressure",), ("pump",)]
    assert spellings.nearest(terms_of("quartz")[0]) == ()
    assert spellings.unknown(terms_of("presure pump")) == {"presure"}


def test_words_of_many_texts_are_compared_before_those_that_were_made_up(monkeypatch):
    seen, made_up = [], ["a" + "".join(letters) for letters in islice(permutations("bcdefghi"), 20_000)]

    def compare(word, possibilities, **how):
        seen.append(len(possibilities))
        return spelled(word, possibilities, **how)

    spelled = spelling.get_close_matches
    monkeypatch.setattr(spelling, "get_close_matches", compare)
    spellings = Spellings([*made_up, "agitators", "agitators"])

    assert spellings.nearest(terms_of("agitatosr")[0]) == ("agitators",)
    assert seen == [spelling.MOST_COMPARED]
