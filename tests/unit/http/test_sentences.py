"""What a room refuses is said in the reader's language, and to programs in English."""

from flask import Flask
from flask_babel import Babel, force_locale

from statusportal.foundation.errors import Sentence
from statusportal.http.sentences import at_field, translated
from statusportal.web.assets.build import TRANSLATIONS, compile_catalogues

BETWEEN = Sentence("must be between 1 and %(most)s", most=9)


def in_danish() -> Flask:
    compile_catalogues()
    app = Flask(__name__)
    Babel(app, default_translation_directories=str(TRANSLATIONS))
    return app


def test_sentence_reads_english_by_itself() -> None:
    assert BETWEEN == "must be between 1 and 9"


def test_sentence_without_values_keeps_its_per_cent_signs() -> None:
    assert Sentence("100 % of them") == "100 % of them"


def test_sentence_at_a_field_is_whole_in_the_readers_language() -> None:
    with in_danish().test_request_context(), force_locale("da"):
        assert at_field(BETWEEN) == "Skal være mellem 1 og 9."


def test_words_that_are_no_sentence_stay() -> None:
    with in_danish().test_request_context(), force_locale("da"):
        assert translated("must not be empty") == "must not be empty"
