"""From rows in reading order to the tree that the thread's template draws."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from flask import request, url_for
from flask_babel import gettext as _
from markupsafe import Markup

from statusportal.access.permissions import Permission
from statusportal.access.vocabulary import Right
from statusportal.discussion.models import Comment
from statusportal.discussion.queries import read_mark_of
from statusportal.discussion.restoring import UNDO
from statusportal.discussion.vocabulary import CommentKind, CommentState, ThreadSort
from statusportal.entries.models import StatusEntry
from statusportal.entries.queries import comment_count_seen, may_on, version_seen
from statusportal.entries.vocabulary import Audience
from statusportal.evidence.queries import evidence_of
from statusportal.http.parts import Part, parts_of
from statusportal.http.references import References
from statusportal.http.views.entries import (
    AudienceView,
    CommentView,
    Composer,
    FieldReport,
    Fold,
    Reaction,
    SystemLine,
    Thread,
    Tombstone,
)
from statusportal.http.views.shell import FilterLink, Form
from statusportal.mentions.calling import marked
from statusportal.mentions.queries import names_called
from statusportal.overview.access import Beyond, read_beyond
from statusportal.reactions.queries import helpful_counts, reactions_to
from statusportal.reactions.vocabulary import NO_REACTIONS, Reacted, ReactionName
from statusportal.sharing.vocabulary import OwnershipKey
from statusportal.threads.queries import Stretch, new_since, stretch_of
from statusportal.web.reasons import reason_words
from statusportal.web.talk.answer_view import Answered, load_answers
from statusportal.web.talk.composing import composer_view
from statusportal.web.talk.evidence_view import Pinned, evidence_view
from statusportal.web.talk.files_view import Files
from statusportal.web.talk.pinning import picks_kept
from statusportal.web.talk.places import Wanted, comment_href, first_new_href, place_href, wanted_place
from statusportal.web.talk.snapshot_view import pickable_signals
from statusportal.web.talk.words import audience_words, entry_title, speaker_view
from statusportal.work import Work

# A branch this long is folded, unless something in it is new or was asked for.
_FOLDED = 8
# What a folded branch quotes of its newest word, in characters.
_WORDS_OF_NEWEST = 80


@dataclass(frozen=True, slots=True)
class Loaded:
    """A thread as it was read: a stretch of it, since when words are new, and who reads it beside the owner's.

    `parts` are the kinds of things that its entry has at all.
    """

    parts: frozenset[Part]
    stretch: Stretch
    wanted: Wanted
    read_at: datetime | None
    beyond: Beyond
    reacted: Mapping[UUID, Reacted]
    answered: Answered
    files: Files
    pinned: Pinned
    references: References

    @property
    def shown(self) -> Sequence[Comment]:
        """Return everything that is on the page, what stands above its first line too."""
        return [*self.stretch.above, *self.stretch.lines]

    @property
    def lines(self) -> Sequence[Comment]:
        """Return what is shown, in reading order."""
        return self.stretch.lines


def load_thread(work: Work, entry: StatusEntry, form: Form | None = None) -> Loaded:
    """Read what is shown at once: from the place and in the order that the address asks for."""
    read_at = read_mark_of(work, entry).read_at
    parts = parts_of(work, [(entry.organisation_id, entry.id)])
    wanted = wanted_place(read_at, form.value("parent_id") if form else "")
    helpful = helpful_counts(work, entry) if wanted.sort is ThreadSort.HELPFUL else {}
    stretch = stretch_of(work, entry, wanted.sort, wanted.place, helpful)
    reacted = reactions_to(work, stretch.lines) if Part.REACTIONS in parts else {}
    answered = load_answers(work, entry, is_answered=Part.ANSWERS in parts)
    files = Files(work, entry, stretch.lines if Part.FILES in parts else None)
    pinned = evidence_of(work, [one.id for one in stretch.lines]) if Part.EVIDENCE in parts else {}
    texts = [entry.body_html, *(comment.body_html for comment in stretch.lines)]
    references = References(work, texts, entry_title)
    beyond = beyond_entry(work, entry)
    return Loaded(parts, stretch, wanted, read_at, beyond, reacted, answered, files, pinned, references)


def beyond_entry(work: Work, entry: StatusEntry) -> Beyond:
    """Return who reads an entry beside its owner's people."""
    key = OwnershipKey(entry.organisation_id, entry.device_id, entry.ownership_id)
    return read_beyond(work, key, entry.id)


def thread_view(work: Work, entry: StatusEntry, organisation: str, loaded: Loaded, form: Form | None = None) -> Thread:
    """Return the thread with its composer."""
    maker = _Maker(work, entry, organisation, loaded)
    stretch, wanted = loaded.stretch, loaded.wanted
    new_count = new_since(work, entry, wanted.since) if wanted.since else 0
    return Thread(
        entry_id=str(entry.id),
        items=tuple(maker.tree(loaded.shown)),
        count=comment_count_seen(work, entry),
        new_count=new_count,
        new_since_at=wanted.since if new_count else None,
        first_new_href=first_new_href(entry.id, wanted) if new_count else "",
        earlier_href=_href(entry, wanted, "until", stretch.until_id),
        later_href=_href(entry, wanted, "from", stretch.from_id),
        live_href=_live_href(entry, wanted),
        version=version_seen(work, entry),
        orders=_orders(entry, wanted),
        composer=_composer(work, entry, organisation, loaded, form or Form()),
    )


def _live_href(entry: StatusEntry, wanted: Wanted) -> str:
    """Return where the same stretch is fetched again."""
    asked = {name: request.args.get(name) for name in ("from", "until")}
    return place_href("entries.thread", entry.id, wanted, **asked)


def _href(entry: StatusEntry, wanted: Wanted, name: str, comment_id: UUID | None) -> str:
    if comment_id is None:
        return ""
    return place_href("entries.entry", entry.id, wanted, anchor="thread", **{name: str(comment_id)})


class _Maker:
    """Make views of one thread's comments for one reader."""

    def __init__(self, work: Work, entry: StatusEntry, organisation: str, loaded: Loaded) -> None:
        self.work = work
        self.entry = entry
        self.organisation = organisation
        self.beyond = loaded.beyond
        self.reacted = loaded.reacted
        self.called = names_called(work, loaded.lines)
        self.since = loaded.wanted.since
        self.asked_for = loaded.wanted.place.from_id
        self.above = {comment.id for comment in loaded.stretch.above}
        self.answered = loaded.answered
        self.files = loaded.files
        self.pinned = loaded.pinned
        self.references = loaded.references
        self.can_reply = may_on(work, entry, Permission.COMMENT_POST, Right.COMMENT)

    def tree(self, comments: Sequence[Comment]) -> list[CommentView | SystemLine]:
        """Hang replies on their comment; those above the first line are there to hang it on."""
        children: dict[UUID | None, list[Comment]] = {}
        known = {comment.id for comment in comments}
        spoken = [comment for comment in comments if comment.kind != CommentKind.SYSTEM]
        names = {comment.id: speaker_view(comment, self.organisation).name for comment in spoken}
        answered = {comment.parent_id for comment in comments}
        for comment in comments:
            if comment.id not in answered and self._is_slip(comment):
                continue
            parent = comment.parent_id if comment.parent_id in known else None
            children.setdefault(parent, []).append(comment)
        return [self._branch(comment, children, names) for comment in children.get(None, [])]

    def _branch(
        self, comment: Comment, children: dict[UUID | None, list[Comment]], names: dict[UUID, str]
    ) -> CommentView | SystemLine:
        if comment.kind == CommentKind.SYSTEM:
            return self._line(comment)
        replies = tuple(self._branch(one, children, names) for one in children.get(comment.id, []))
        view = self._comment(comment, names.get(comment.parent_id, "") if comment.parent_id else "")
        return replace(view, replies=replies, reply_count=len(replies), fold=self._fold(comment, children, names))

    def _fold(
        self, comment: Comment, children: dict[UUID | None, list[Comment]], names: dict[UUID, str]
    ) -> Fold | None:
        """Return what a branch says when it is folded: how many replies, how many new, and its newest word."""
        below = [one for one in _below(comment.id, children) if one.kind != CommentKind.SYSTEM]
        speaking = [one for one in below if one.state == CommentState.VISIBLE]
        if not speaking:
            return None
        newest = max(speaking, key=lambda one: (one.created_at, one.path))
        new_count = sum(self._is_new(one) for one in speaking)
        wanted = {one.id for one in below} & {self.asked_for, *self.above}
        is_open = len(below) < _FOLDED or bool(new_count or wanted or comment.id in self.above)
        return Fold(len(below), new_count, names[newest.id], plain_words(newest.body_markdown), is_open=is_open)

    def _is_slip(self, comment: Comment) -> bool:
        """Tell whether something was taken back as soon as it was said: it leaves no place, once that is for good."""
        if comment.deleted_at is None or comment.deleted_at - comment.created_at > UNDO:
            return False
        return not self._is_just(comment, comment.deleted_at)

    def _is_just(self, comment: Comment, at: datetime) -> bool:
        """Tell whether the reader did that to their own words a moment ago."""
        mine = comment.author_id is not None and comment.author_id == self.work.actor.person_id
        return mine and self.work.now - at <= UNDO and self.work.actor.seen_by is None

    def _tombstone(self, comment: Comment) -> Tombstone | None:
        if comment.state == CommentState.VISIBLE:
            return None
        at = comment.deleted_at or comment.created_at
        can_restore = comment.state == CommentState.DELETED and self._is_just(comment, at)
        return Tombstone(at=at, can_restore=can_restore)

    def _line(self, comment: Comment) -> SystemLine:
        words, about = comment.body_markdown, ""
        if comment.reason:
            words = reason_words(comment.reason)
            about = comment.reason.get("args", {}).get("comment_id", "")
        href, link_words = (comment_href(self.entry.id, UUID(about)), _("Go to the answer")) if about else ("", "")
        return SystemLine(words=words, at=comment.created_at, icon="info", href=href, link_words=link_words)

    def _comment(self, comment: Comment, to_name: str) -> CommentView:
        author = speaker_view(comment, self.organisation)
        mine = comment.author_id is not None and comment.author_id == self.work.actor.person_id
        is_visible = comment.state == CommentState.VISIBLE
        is_new = self._is_new(comment) and is_visible
        accepted_by = self.answered.accepted_by(comment.id)
        can_judge = self.answered.may_accept and is_visible and comment.audience != Audience.INTERNAL
        narrower = comment.audience not in {self.entry.audience, Audience.INTERNAL.value}
        return CommentView(
            id=str(comment.id),
            author=author,
            created_at=comment.created_at,
            body=Markup(  # noqa: S704 - sanitised when it was written (prose/markdown.py)
                marked(self.references.drawn(comment.body_html), self.called.get(comment.id, ()))
            ),
            kind=CommentKind(comment.kind).value,
            depth=comment.depth,
            parent_id=str(comment.parent_id or ""),
            to_name=to_name,
            is_internal=comment.audience == Audience.INTERNAL,
            audience=None if not narrower else self._audience(comment.audience),
            edited_at=comment.edited_at,
            body_markdown=comment.body_markdown,
            evidence=tuple(evidence_view(one) for one in self.pinned.get(comment.id, ())),
            attachments=self.files.of(comment.id),
            tombstone=self._tombstone(comment),
            report=FieldReport(**comment.report) if comment.report and is_visible else None,
            can_undo=is_visible and comment.edited_at is None and self._is_just(comment, comment.created_at),
            is_new=is_new,
            is_above=comment.id in self.above,
            href=comment_href(self.entry.id, comment.id),
            reactions=self._reactions(comment, mine=mine) if is_visible else (),
            accepted_by=accepted_by,
            can_accept=can_judge and not accepted_by,
            can_unaccept=can_judge and bool(accepted_by),
            can_reply=self.can_reply and is_visible,
            can_edit=mine and is_visible,
            can_delete=mine and is_visible,
        )

    def _reactions(self, comment: Comment, *, mine: bool) -> tuple[Reaction, ...]:
        """Return what may be pressed with its counts; at one's own words the counts alone."""
        reacted = self.reacted.get(comment.id, NO_REACTIONS)
        can_react = self.can_reply and not mine and self.work.actor.person_id is not None
        return tuple(
            Reaction(name.value, reacted.counts.get(name, 0), is_mine=name in reacted.mine, can_press=can_react)
            for name in ReactionName
            if can_react or name in reacted.counts
        )

    def _audience(self, audience: str) -> AudienceView:
        return AudienceView(Audience(audience).value, audience_words(audience, self.organisation, self.beyond))

    def _is_new(self, comment: Comment) -> bool:
        mine = comment.author_id is not None and comment.author_id == self.work.actor.person_id
        return not mine and self.since is not None and comment.created_at > self.since


def plain_words(markdown: str) -> str:
    """Return the beginning of what somebody wrote, in one line."""
    line = " ".join(markdown.split())
    return line if len(line) <= _WORDS_OF_NEWEST else line[: _WORDS_OF_NEWEST - 1] + "…"


def _below(comment_id: UUID, children: dict[UUID | None, list[Comment]]) -> Iterator[Comment]:
    for one in children.get(comment_id, []):
        yield one
        yield from _below(one.id, children)


def _orders(entry: StatusEntry, wanted: Wanted) -> tuple[FilterLink, ...]:
    words = {ThreadSort.OLDEST: _("Oldest"), ThreadSort.NEWEST: _("Newest"), ThreadSort.HELPFUL: _("Helpful")}
    return tuple(
        FilterLink(label, url_for("entries.entry", entry_id=entry.id, sort=sort.value), is_current=sort is wanted.sort)
        for sort, label in words.items()
    )


def _composer(work: Work, entry: StatusEntry, organisation: str, loaded: Loaded, form: Form) -> Composer | None:
    composer = composer_view(
        work, entry, organisation, loaded.shown, loaded.beyond, form, has_draft=Part.DRAFT in loaded.parts
    )
    if composer is None:
        return None
    signals = pickable_signals(entry.snapshot)
    return replace(composer, files=loaded.files.of(None), signals=signals, picks=picks_kept(signals))
