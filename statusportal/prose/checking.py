"""Refusing words that cannot be kept, field by field."""

from statusportal.foundation.errors import Invalid, Sentence
from statusportal.work import Work

TITLE_CHARACTERS = 300


def title_checked(title: str) -> str:
    """Return a title on one line, or refuse it."""
    heading = " ".join(title.split())
    if not heading:
        raise Invalid.field("/title", Sentence("must not be empty"))
    if len(heading) > TITLE_CHARACTERS:
        raise Invalid.field(
            "/title",
            Sentence("may have %(most)s characters, this has %(count)s", most=TITLE_CHARACTERS, count=len(heading)),
        )
    return _storable("/title", heading)


def text_checked(work: Work, pointer: str, text: str) -> str:
    """Return a body as it can be stored, or refuse it. It may be empty."""
    most = work.settings.comment_characters
    if most and len(text) > most:
        raise Invalid.field(
            pointer, Sentence("may have %(most)s characters, this has %(count)s", most=most, count=len(text))
        )
    return _storable(pointer, text.strip())


def _storable(pointer: str, text: str) -> str:
    """Refuse what PostgreSQL cannot keep: a NUL, and half of a surrogate pair."""
    if "\0" in text or any("\ud800" <= sign <= "\udfff" for sign in text):
        raise Invalid.field(pointer, Sentence("holds a character that cannot be typed"))
    return text
