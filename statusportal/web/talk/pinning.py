"""Reading what a form points at: picks of a script, and without one two times."""

from collections.abc import Sequence

from flask import request

from statusportal.evidence.vocabulary import Wish
from statusportal.foundation.clock import from_ms
from statusportal.foundation.errors import Faults, Invalid, Sentence
from statusportal.http.filters import reader_locale, reader_zone
from statusportal.http.formatting import clock
from statusportal.http.views.shell import Option
from statusportal.web.forms import moment, text

_LATEST_MS = 4_102_444_800_000
_MOST = 20


def wishes_sent() -> list[Wish]:
    """Return what the form points at, picks first.

    Raises: Invalid at the field that holds no time.
    """
    wishes = [_picked(one) for one in request.form.getlist("evidence")[:_MOST]]
    signal, faults = text("evidence_signal"), Faults()
    begins, ends = moment(faults, "evidence_from"), moment(faults, "evidence_to")
    faults.close()
    if signal and begins:
        wishes.append(Wish(signal, begins, ends))
    return wishes


def _picked(said: str) -> Wish:
    """Read a pick as the script writes it: `FROM,TO,SIGNAL` with times in milliseconds; an empty end is a moment."""
    begins, _comma, more = said.partition(",")
    ends, _comma, signal = more.partition(",")
    if not signal or not begins.isdecimal() or (ends and not ends.isdecimal()):
        raise Invalid.field("/evidence", Sentence("holds no moment that can be read"))
    if int(begins) > _LATEST_MS or int(ends or 0) > _LATEST_MS:
        raise Invalid.field("/evidence", Sentence("holds no moment that can be read"))
    return Wish(signal, from_ms(int(begins)), from_ms(int(ends)) if ends else None)


def picks_kept(signals: Sequence[Option]) -> tuple[Option, ...]:
    """Return the picks of a form that comes back, each in words, so that none has to be drawn again."""
    labels = {one.value: one.label for one in signals}
    kept = []
    for said in request.form.getlist("evidence")[:_MOST]:
        try:
            wish = _picked(said)
        except Invalid:
            continue
        times = [clock(at, zone=reader_zone(), locale=reader_locale()) for at in (wish.from_at, wish.to_at) if at]
        kept.append(Option(said, f"{labels.get(wish.signal, wish.signal)}, {' – '.join(times)}"))
    return tuple(kept)
