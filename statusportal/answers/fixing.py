"""Verbs of fixes: apply what an answer says, and let the machine decide whether it helped.

A fix counts as confirmed once the machine was clear of what its entry is about for the whole span, by a sample at or
after its end: silence confirms nothing. The span begins anew with every end of the condition behind the fix. What comes
back meanwhile, or whoever says that it is still broken, makes it a relapse, and the entry is open again.
Source: docs/adr/0053-answers-and-fixes.md.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import and_, delete, func, select

from statusportal.access.permissions import Permission
from statusportal.access.vocabulary import Right
from statusportal.activations.models import Activation
from statusportal.activations.queries import codes_of_entry, is_any_running
from statusportal.activations.vocabulary import OFFLINE
from statusportal.answers.events import FixMoved
from statusportal.answers.models import AcceptedAnswer, AppliedFix
from statusportal.answers.proving import proof_of
from statusportal.answers.queries import watched_fix
from statusportal.answers.saying import say
from statusportal.answers.vocabulary import FixState
from statusportal.answers.wording import line
from statusportal.conditions.events import ConditionReturned, SilenceStayed
from statusportal.conditions.settling import clear_span, last_heard
from statusportal.discussion.models import Comment
from statusportal.discussion.queries import comment_for
from statusportal.entries.events import EntryMoved
from statusportal.entries.models import EntryHappening, StatusEntry
from statusportal.entries.policy import visible_entries
from statusportal.entries.queries import locked_entry, require_on
from statusportal.entries.service import raise_version
from statusportal.entries.vocabulary import HappeningKind, Lifecycle
from statusportal.fleet.queries import ownerships_at
from statusportal.foundation.clock import from_ms
from statusportal.foundation.errors import Conflict, NotFound, Sentence
from statusportal.foundation.ids import new_id
from statusportal.foundation.vocabulary import Connectivity
from statusportal.status.events import ConditionRaised, StatusChanged
from statusportal.work import Work

MOST_AT_ONCE = 100
_ASKED_AGAIN_AFTER = timedelta(minutes=1)
_MOMENT = timedelta(milliseconds=1)


def apply_answer(work: Work, entry_id: UUID, comment_id: UUID) -> AppliedFix:
    """Note that what an accepted answer says was done on the machine, which is watched from now on.

    Raises: NotFound; Forbidden; Conflict where the answer is not accepted, or no machine stands behind the entry.
    """
    entry = _fixable(work, entry_id)
    comment = comment_for(work, comment_id)
    if comment.entry_id != entry.id:
        raise NotFound
    if work.session.get(AcceptedAnswer, (entry.organisation_id, entry.id, comment.id)) is None:
        raise Conflict(Sentence("Accept the answer first: what is applied is an accepted answer."))
    return _begin(work, entry, comment.audience, comment_id=comment.id)


def apply_article(work: Work, entry_id: UUID, article_id: UUID) -> AppliedFix:
    """Note that what an article says was done. The caller has found the article.

    Raises: NotFound; Forbidden; Conflict where no machine stands behind the entry.
    """
    entry = _fixable(work, entry_id)
    return _begin(work, entry, entry.audience, article_id=article_id)


def take_back_fix(work: Work, entry_id: UUID) -> None:
    """Say that the fix which is watched was not applied after all; nothing happens where none is.

    Raises: NotFound, Forbidden.
    """
    entry = locked_entry(work, entry_id)
    require_on(work, entry, Permission.FIX_APPLY, Right.MANAGE)
    fix = watched_fix(work, entry)
    if fix is not None:
        _forget(work, entry, fix)
        raise_version(entry, entry.audience)


def forget_fix_of(work: Work, entry: StatusEntry, comment_id: UUID) -> None:
    """Watch a machine no more for an answer that is none. The caller holds the entry's lock."""
    fix = watched_fix(work, entry)
    if fix is not None and fix.comment_id == comment_id:
        _forget(work, entry, fix)


def keep_standing(work: Work, event: ConditionRaised | ConditionReturned) -> None:
    """Let an entry whose fix is watched stand for what comes back, though its machine was well for a while."""
    _keep_standing(work, event, event.code)


def keep_standing_in_silence(work: Work, event: StatusChanged | SilenceStayed) -> None:
    """Let the entry of a machine's silence stand for it when it falls silent again, as `keep_standing`."""
    fell = not isinstance(event, SilenceStayed) and event.connectivity_before != event.connectivity_after
    if isinstance(event, SilenceStayed) or (fell and event.connectivity_after == Connectivity.OFFLINE):
        _keep_standing(work, event, OFFLINE)


def _keep_standing(
    work: Work, event: ConditionRaised | ConditionReturned | StatusChanged | SilenceStayed, code: str
) -> None:
    query = (
        select(StatusEntry)
        .join(
            AppliedFix,
            and_(AppliedFix.organisation_id == StatusEntry.organisation_id, AppliedFix.entry_id == StatusEntry.id),
        )
        .where(
            visible_entries(work.actor, work.now),
            AppliedFix.device_id == event.device_id,
            AppliedFix.ownership_id == event.ownership_id,
            AppliedFix.state == FixState.WATCHED,
            StatusEntry.lifecycle == Lifecycle.RESOLVED,
        )
        .with_for_update(of=StatusEntry)
    )
    for entry in work.session.scalars(query):
        if code in codes_of_entry(work, event.device_id, entry.id) | {entry.code}:
            entry.clear_due_at = max(entry.clear_due_at or event.at, event.at + _MOMENT)
            work.session.flush()


def note_relapse(work: Work, event: EntryMoved) -> None:
    """Say that a fix did not hold, where its entry is open again."""
    fix = work.session.scalars(
        select(AppliedFix)
        .where(
            AppliedFix.organisation_id == event.organisation_id,
            AppliedFix.entry_id == event.entry_id,
            AppliedFix.state.in_((FixState.WATCHED, FixState.CONFIRMED)),
        )
        .order_by(AppliedFix.id.desc())
        .limit(1)
    ).one_or_none()
    if fix is None:
        return
    happening = work.session.get_one(EntryHappening, (event.organisation_id, event.entry_id, event.happening_id))
    entry = locked_entry(work, event.entry_id)
    if not _is_relapse(event, happening, entry, fix):
        return
    fix.state, fix.decided_at, fix.proof = FixState.RELAPSED, work.now, None
    key = "relapsed" if happening.person_id is None else "still_broken"
    hours = int((work.now - fix.applied_at).total_seconds() // 3600)
    _tell(work, entry, fix, line(key, hours=hours) if key == "relapsed" else line(key))


def confirm_fixes(work: Work, most: int = MOST_AT_ONCE) -> int:
    """Confirm every fix whose machine was clear for long enough, and return how many were looked at."""
    due = (
        select(AppliedFix)
        .where(AppliedFix.state == FixState.WATCHED, AppliedFix.due_at <= work.now)
        .order_by(AppliedFix.due_at)
        .limit(most)
        .with_for_update()
    )
    fixes = work.session.scalars(due).all()
    device_ids = {fix.device_id for fix in fixes}
    owners, heard = ownerships_at(work, device_ids, work.now), last_heard(work, device_ids)
    for fix in fixes:
        owner = owners.get(fix.device_id)
        # How the machine fares under the next owner proves nothing to a former one.
        is_theirs = owner is not None and owner.id == fix.ownership_id
        _look_at(work, fix, heard.get(fix.device_id) if is_theirs else None)
    return len(fixes)


def _fixable(work: Work, entry_id: UUID) -> StatusEntry:
    entry = locked_entry(work, entry_id)
    require_on(work, entry, Permission.FIX_APPLY, Right.MANAGE)
    if not entry.event_count:
        raise Conflict(Sentence("No condition of the machine stands behind this entry, so it cannot confirm a fix."))
    return entry


def _begin(
    work: Work,
    entry: StatusEntry,
    audience: str,
    *,
    comment_id: UUID | None = None,
    article_id: UUID | None = None,
) -> AppliedFix:
    """Watch the machine under a fix, which takes the place of one that is watched already."""
    present = watched_fix(work, entry)
    if present is not None and (present.comment_id, present.article_id) == (comment_id, article_id):
        return present
    if present is not None:
        _forget(work, entry, present)
    span = _span(work, entry)
    fix = AppliedFix(
        organisation_id=entry.organisation_id,
        entry_id=entry.id,
        id=new_id(),
        device_id=entry.device_id,
        ownership_id=entry.ownership_id,
        comment_id=comment_id,
        article_id=article_id,
        state=FixState.WATCHED,
        applied_by=work.actor.person_id,
        role=work.actor.badge_in(entry.organisation_id),
        applied_at=work.now,
        clear_since=work.now,
        due_at=work.now + span,
    )
    work.session.add(fix)
    raise_version(entry, audience)
    say(work, entry, line("applied", str(comment_id or ""), days=_days(span)), audience)
    work.emit(_moved(fix))
    return fix


def _forget(work: Work, entry: StatusEntry, fix: AppliedFix) -> None:
    of_fix = AppliedFix.organisation_id == entry.organisation_id, AppliedFix.entry_id == entry.id
    work.emit(_moved(fix))
    work.session.execute(delete(AppliedFix).where(*of_fix, AppliedFix.id == fix.id))
    work.session.expunge(fix)


def _is_relapse(event: EntryMoved, happening: EntryHappening, entry: StatusEntry, fix: AppliedFix) -> bool:
    """Tell whether a step says that the trouble is there again since the fix."""
    if happening.person_id is not None:
        return event.after is Lifecycle.OPEN
    is_back = happening.kind in (HappeningKind.REOPENED, HappeningKind.ACTIVE_AGAIN)
    # Only what began behind the fix: one sample may be followed after somebody applied it.
    began_at = entry.last_event_at or entry.opened_at
    return is_back and fix.state == FixState.WATCHED and began_at > fix.applied_at


def _look_at(work: Work, fix: AppliedFix, spoken_at: datetime | None) -> None:
    """Confirm a fix as of the end of its span, or look again later."""
    entry = locked_entry(work, fix.entry_id)
    codes = codes_of_entry(work, fix.device_id, fix.entry_id)
    fix.clear_since = max(fix.applied_at, _last_end(work, entry, codes) or fix.applied_at)
    ends_at = fix.clear_since + _span(work, entry)
    if ends_at > work.now:
        fix.due_at = ends_at
        return
    if spoken_at is None or spoken_at < ends_at or is_any_running(work, entry, codes):
        fix.due_at = work.now + _ASKED_AGAIN_AFTER
        return
    fix.state, fix.decided_at, fix.due_at = FixState.CONFIRMED, ends_at, ends_at
    fix.proof = proof_of(work, fix.device_id, fix.clear_since, ends_at)
    _tell(work, entry, fix, line("confirmed", days=_days(ends_at - fix.clear_since)))


def _last_end(work: Work, entry: StatusEntry, codes: Iterable[str]) -> datetime | None:
    """Return when the last of what an entry is about ended, told in the entry or not."""
    query = select(func.max(Activation.to_ms)).where(
        Activation.device_id == entry.device_id,
        Activation.ownership_id == entry.ownership_id,
        Activation.code.in_(set(codes)),
    )
    ended_ms = work.session.scalar(query)
    return None if ended_ms is None else from_ms(ended_ms)


def _span(work: Work, entry: StatusEntry) -> timedelta:
    """Return how long the machine must be clear: as the settings say, and never less than the model's own time."""
    own = clear_span(work, entry.device_id, codes_of_entry(work, entry.device_id, entry.id))
    return max(own, timedelta(days=work.settings.fix_watch_days))


def _days(span: timedelta) -> int:
    return max(1, round(span / timedelta(days=1)))


def _tell(work: Work, entry: StatusEntry, fix: AppliedFix, reason: dict[str, Any]) -> None:
    """Say what became of a fix to those who may read the answer that it came of."""
    audience = entry.audience
    if fix.comment_id is not None:
        audience = work.session.get_one(Comment, (fix.organisation_id, fix.entry_id, fix.comment_id)).audience
    raise_version(entry, audience)
    say(work, entry, reason, audience)
    work.emit(_moved(fix))


def _moved(fix: AppliedFix) -> FixMoved:
    return FixMoved(organisation_id=fix.organisation_id, device_id=fix.device_id, entry_id=fix.entry_id, fix_id=fix.id)
