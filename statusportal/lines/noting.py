"""The portal's own lines in a thread: what happened to the entry, said where people talk about it."""

from typing import Any

from sqlalchemy import select

from statusportal.discussion.service import add_comment
from statusportal.discussion.vocabulary import CommentKind
from statusportal.entries.events import EntryMoved
from statusportal.entries.models import EntryHappening
from statusportal.entries.queries import locked_entry
from statusportal.entries.vocabulary import HappeningKind, Lifecycle
from statusportal.work import Work

_STEPS = {
    Lifecycle.OPEN: ("Reopened.", "Genåbnet."),
    Lifecycle.ACKNOWLEDGED: ("Acknowledged.", "Set og bekræftet."),
    Lifecycle.INVESTIGATING: ("The investigation has begun.", "Undersøgelsen er begyndt."),
    Lifecycle.IDENTIFIED: ("The cause is found.", "Årsagen er fundet."),
    Lifecycle.MONITORING: ("It looks well and is being watched.", "Det ser godt ud, og der holdes øje med det."),
    Lifecycle.RESOLVED: ("Resolved.", "Løst."),
}
_BEFORE = {
    HappeningKind.ACTIVE_AGAIN: ("Active again", "Aktiv igen"),
    HappeningKind.REOPENED: ("Active again", "Aktiv igen"),
    HappeningKind.CLEARED: ("Cleared", "Ophørt"),
    HappeningKind.JOINED: ("At the same time", "Samtidig"),
    HappeningKind.WORK: ("Planned work", "Planlagt arbejde"),
}
_WHOLE = {
    HappeningKind.COUNTED: (
        "It comes and goes; from here on each time is counted above.",
        "Det kommer og går; herfra tælles hver gang ovenfor.",
    ),
    HappeningKind.CORRECTED: (
        "Corrected: samples that came late tell when this really was.",
        "Rettet: målinger, der kom sent, fortæller, hvornår det virkelig var.",
    ),
    HappeningKind.DISPUTED: (
        "It is still broken, says who uses it: reopened until people resolve it.",
        "Den er stadig i stykker, siger den, der bruger den: genåbnet, til mennesker løser det.",
    ),
    HappeningKind.CONFIRMED: (
        "Resolved: the machine stayed clear, so it confirms that this is over.",
        "Løst: maskinen er blevet ved med at være i orden og bekræfter, at det er overstået.",
    ),
}


def write_line(work: Work, event: EntryMoved) -> None:
    """Put a line of kind system into the thread for a step of the entry. It counts as nobody's word."""
    entry = locked_entry(work, event.entry_id)
    happening = work.session.scalars(
        select(EntryHappening).where(
            EntryHappening.organisation_id == event.organisation_id,
            EntryHappening.entry_id == event.entry_id,
            EntryHappening.id == event.happening_id,
        )
    ).one()
    reason = line_of(HappeningKind(happening.kind), event.before, event.after, happening.after.get("reason"))
    line = add_comment(work, entry, None, reason["en"], kind=CommentKind.SYSTEM, audience=happening.audience)
    line.reason = reason
    work.session.flush()


def line_of(kind: HappeningKind, before: Lifecycle, after: Lifecycle, cause: dict[str, Any] | None) -> dict[str, Any]:
    """Say a step in both languages; a machine's own reason stands behind the word for what it did."""
    english, danish = _WHOLE.get(kind) or _STEPS[after]
    if cause is not None and kind in _BEFORE:
        english = f"{_BEFORE[kind][0]}: {cause.get('en', '')}"
        danish = f"{_BEFORE[kind][1]}: {cause.get('da') or cause.get('en', '')}"
    args = {"before": before.value, "after": after.value, "cause": cause}
    return {"key": f"entry_{kind.value}", "args": args, "en": english, "da": danish}
