"""Sentences of rooms in the reader's language: the one place where a template meets the catalogue."""

from flask_babel import gettext

from statusportal.foundation.errors import Sentence


def translated(detail: str) -> str:
    """Say a room's sentence in the reader's language; words that are no `Sentence` stay as they are."""
    if not isinstance(detail, Sentence):
        return detail
    if not detail.template:
        return ""  # gettext answers nothing with the catalogue's heading
    words: str = gettext(detail.template, **{name: _value(value) for name, value in detail.values.items()})
    return words


def at_field(detail: str) -> str:
    """Say what is wrong with a field as a whole sentence: programs read "must not be empty" behind its pointer."""
    words = translated(detail)
    return words[:1].upper() + words[1:] + ("" if words.endswith((".", "?")) else ".")


def _value(value: object) -> object:
    return translated(value) if isinstance(value, Sentence) else value
