"""What answered an entry, as its page leads with it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from flask_babel import gettext as _
from flask_babel import ngettext
from markupsafe import Markup

from statusportal.access.permissions import Permission
from statusportal.access.policy import actor_holds
from statusportal.access.vocabulary import Right
from statusportal.answers.models import AppliedFix
from statusportal.answers.queries import AnswerLine, answers_of, is_asker
from statusportal.answers.vocabulary import FixState
from statusportal.entries.models import StatusEntry
from statusportal.entries.queries import may_on
from statusportal.foundation.clock import from_ms
from statusportal.http.filters import reader_locale
from statusportal.http.formatting import duration
from statusportal.http.views.answers import Answer
from statusportal.http.words import role_word
from statusportal.reactions.vocabulary import NO_REACTIONS, Reacted, ReactionName
from statusportal.web.talk.places import comment_href
from statusportal.web.talk.words import speaker_view
from statusportal.work import Work

# Which of several answers leads: what the machine confirmed, then what it is watched under, then the newest.
_RANK = {FixState.CONFIRMED.value: 0, FixState.WATCHED.value: 1, None: 2, FixState.RELAPSED.value: 3}


@dataclass(frozen=True, slots=True)
class Answered:
    """What the reader may see of an entry's answers, and what they may say of them."""

    lines: Sequence[AnswerLine]
    may_accept: bool
    may_apply: bool
    may_write: bool = False

    def accepted_by(self, comment_id: UUID) -> str:
        """Say by the badge who accepted a comment; empty where nobody did."""
        found = next((one.accepted for one in self.lines if one.comment.id == comment_id), None)
        return "" if found is None else role_word(found.role or "customer", locale=reader_locale())


def load_answers(work: Work, entry: StatusEntry, *, is_answered: bool) -> Answered:
    """Read an entry's answers, in one query; none where nothing was accepted."""
    may_accept = is_asker(work.actor, entry) or _may(work, entry, Permission.ANSWER_ACCEPT)
    may_apply = bool(entry.event_count) and _may(work, entry, Permission.FIX_APPLY)
    may_write = actor_holds(work.actor, Permission.ARTICLE_WRITE, None)
    lines = answers_of(work, entry) if is_answered else ()
    return Answered(lines, may_accept, may_apply, may_write)


def answer_view(answered: Answered, organisation: str, reacted: Mapping[UUID, Reacted]) -> Answer | None:
    """Return the answer that leads; None where nothing was accepted."""
    if not answered.lines:
        return None
    best = min(answered.lines, key=lambda line: _RANK[line.fix.state if line.fix else None])
    fix = best.fix
    is_watched = fix is not None and fix.state == FixState.WATCHED
    return Answer(
        words=Markup(best.comment.body_html),  # noqa: S704 - sanitised when it was written (prose/markdown.py)
        author=speaker_view(best.comment, organisation).name,
        accepted_by=answered.accepted_by(best.comment.id),
        href=comment_href(best.comment.entry_id, best.comment.id),
        comment_id=str(best.comment.id),
        confirmation=confirmed_words(fix) if fix and fix.state == FixState.CONFIRMED else "",
        watching=watched_words(fix) if fix and is_watched else "",
        relapsed=_("It was applied, and the trouble came back.") if fix and fix.state == FixState.RELAPSED else "",
        worked=reacted.get(best.comment.id, NO_REACTIONS).counts.get(ReactionName.WORKED, 0),
        others=len(answered.lines) - 1,
        can_apply=answered.may_apply and not is_watched,
        can_write_article=answered.may_write,
        can_take_back=answered.may_apply and is_watched,
    )


def confirmed_words(fix: AppliedFix) -> str:
    """Say what the machine was seen to do: for how long, through how many cycles and samples."""
    proof = fix.proof or {"from_ms": 0, "to_ms": 0, "samples": 0, "cycles": []}
    clear_s = (from_ms(proof["to_ms"]) - from_ms(proof["from_ms"])).total_seconds()
    span = duration(clear_s, locale=reader_locale())
    samples = ngettext("%(num)d sample", "%(num)d samples", proof["samples"])
    if proof["cycles"]:
        cycles = ngettext("%(num)d cycle", "%(num)d cycles", proof["cycles"][0]["count"])
        said = _("Clear for %(span)s, through %(cycles)s and %(samples)s.", span=span, cycles=cycles, samples=samples)
    else:
        said = _("Clear for %(span)s, through %(samples)s.", span=span, samples=samples)
    return str(said)


def watched_words(fix: AppliedFix) -> str:
    """Say until when the machine is watched, and under which condition that counts."""
    days = max(1, round((fix.due_at - fix.clear_since).total_seconds() / 86_400))
    return str(
        ngettext(
            "Applied. The machine is watched: clear for %(num)d day, it confirms the fix.",
            "Applied. The machine is watched: clear for %(num)d days, it confirms the fix.",
            days,
        )
    )


def _may(work: Work, entry: StatusEntry, permission: Permission) -> bool:
    """Tell as `may_on` does, without a question to the database for the owner's people and staff."""
    if work.actor.belongs_to(entry.organisation_id):
        return actor_holds(work.actor, permission, entry.organisation_id)
    return may_on(work, entry, permission, Right.MANAGE)
