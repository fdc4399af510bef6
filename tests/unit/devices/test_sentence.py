"""A sentence reads as text and keeps what it was made of."""

import msgspec

from devices.sentence import Sentence, joined, placed


def test_sentence_in_a_sentence_keeps_its_own_template():
    inner = Sentence("a %(kind)s was expected", kind="list")

    outer = placed("/values", inner)

    assert outer == "/values: a list was expected"
    assert outer.values["fault"].template == "a %(kind)s was expected"


def test_joined_sentences_stay_sentences():
    three = joined([Sentence("one"), Sentence("two"), Sentence("three")])

    assert three == "one; two; three"
    assert three.values["then"].template == "three"
    assert joined([]) == ""


def test_quotation_with_per_cent_signs_is_taken_as_it_is():
    assert Sentence.quoting("100 % of %s") == "100 % of %s"


def test_texts_are_changed_at_every_depth_and_templates_are_not():
    said = placed("a\x00", Sentence("%(given)s is %(count)s", given="b\x00", count=3))

    clean = said.with_texts(lambda text: text.replace("\x00", "?"))

    assert clean == "a?: b? is 3"
    assert clean.template == said.template
    assert Sentence.quoting("c\x00").with_texts(lambda text: text.replace("\x00", "?")) == "c?"


def test_sentence_is_plain_text_to_programs():
    assert msgspec.json.encode({"detail": Sentence("%(a)s!", a=1)}, enc_hook=str) == b'{"detail":"1!"}'
