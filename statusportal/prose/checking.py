"""Refusing words that cannot be kept, field by field."""

from statusportal.foundation.errors import Invalid
from statusportal.work import Work

TITLE_CHARACTERS = 300


def title_checked(title: str) -> str:
    """Return a title on one line, or refuse it."""
    heading = " ".join(title.split())
    if not heading:
        raise Invalid.field("/title", "must not be empty")
    if len(heading) > TITLE_CHARACTERS:
        raise Invalid.field("/title", f"has {len(heading)} characters; at most {TITLE_CHARACTERS} are taken")
    return _storable("/title", heading)


def text_checked(work: Work, pointer: str, text: str) -> str:
    """Return a body as it can be stored, or refuse it. It may be empty."""
    most = work.settings.comment_characters
    if most and len(text) > most:
        raise Invalid.field(pointer, f"has {len(text)} characters; at most {most} are taken")
    return _storable(pointer, text.strip())


def _storable(pointer: str, text: str) -> str:
    """Refuse what PostgreSQL cannot keep: a NUL, and half of a surrogate pair."""
    if "\0" in text or any("\ud800" <= sign <= "\udfff" for sign in text):
        raise Invalid.field(pointer, "holds a character that is no text")
    return text
