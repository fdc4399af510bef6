"""From rows in reading order to the tree that the thread's template draws."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from flask import request, url_for
from flask_babel import gettext as _
from markupsafe import Markup

from statusportal.access.permissions import Permission
from statusportal.access.policy import actor_holds
from statusportal.access.vocabulary import Right
from statusportal.discussion.models import Comment
from statusportal.discussion.queries import ThreadLine, read_mark_of, thread_of
from statusportal.discussion.vocabulary import CommentKind, CommentState, ThreadSort
from statusportal.entries.models import StatusEntry
from statusportal.entries.queries import comment_count_seen, may_on, version_seen
from statusportal.entries.vocabulary import Audience
from statusportal.fleet.models import Ownership
from statusportal.foundation.ids import new_id
from statusportal.foundation.paging import MOST, Slice
from statusportal.http.views.entries import AudienceView, CommentView, Composer, Reaction, SystemLine, Thread, Tombstone
from statusportal.http.views.shell import FilterLink, Form, Option
from statusportal.overview.access import Beyond, read_beyond
from statusportal.reactions.queries import reactions_to
from statusportal.reactions.vocabulary import NO_REACTIONS, Reacted, ReactionName
from statusportal.web.reasons import reason_words
from statusportal.web.talk.words import audience_choices, audience_words, speaker_view
from statusportal.work import Work

# A page of a thread. What follows is one link away, so that a long thread stays quick.
_PAGES_AT_ONCE = 3


@dataclass(frozen=True, slots=True)
class Loaded:
    """A thread as it was read: its lines, where it goes on, and who reads it beside the owner's people."""

    lines: Sequence[ThreadLine]
    next_cursor: str | None
    beyond: Beyond
    reacted: Mapping[UUID, Reacted]


def load_thread(work: Work, entry: StatusEntry) -> Loaded:
    """Read what is shown at once, in the order that the address asks for."""
    sort = chosen_sort()
    lines: list[ThreadLine] = []
    cursor = request.args.get("cursor")
    for _page in range(_PAGES_AT_ONCE):
        page = thread_of(work, entry.id, sort, Slice(MOST, cursor))
        lines.extend(page.items)
        cursor = page.next_cursor
        if cursor is None:
            break
    reacted = reactions_to(work, [line.comment for line in lines])
    return Loaded(lines, cursor, beyond_entry(work, entry), reacted)


def beyond_entry(work: Work, entry: StatusEntry) -> Beyond:
    """Return who reads an entry beside its owner's people."""
    key = (entry.organisation_id, entry.device_id, entry.ownership_id)
    return read_beyond(work, work.session.get_one(Ownership, key), entry.id)


def chosen_sort() -> ThreadSort:
    """Return the order that the address asks for; the oldest first if it asks for none that exists."""
    wanted = request.args.get("sort", "")
    return ThreadSort(wanted) if wanted in set(ThreadSort) else ThreadSort.OLDEST


def thread_view(work: Work, entry: StatusEntry, organisation: str, loaded: Loaded, form: Form | None = None) -> Thread:
    """Return the thread with its composer."""
    read_at = read_mark_of(work, entry.id)
    maker = _Maker(work, entry, organisation, loaded, read_at)
    items = maker.tree([line.comment for line in loaded.lines])
    if loaded.next_cursor:
        href = url_for("entries.entry", entry_id=entry.id, sort=chosen_sort(), cursor=loaded.next_cursor)
        items.append(SystemLine(_("The conversation goes on."), work.now, href=href, link_words=_("Read on")))
    return Thread(
        entry_id=str(entry.id),
        items=tuple(items),
        count=comment_count_seen(work, entry),
        new_count=maker.new_count,
        new_since_at=read_at if maker.new_count else None,
        version=version_seen(work, entry),
        orders=_orders(entry),
        composer=_composer(work, entry, organisation, loaded, form or Form()),
    )


class _Maker:
    """Make views of one thread's comments for one reader."""

    def __init__(
        self, work: Work, entry: StatusEntry, organisation: str, loaded: Loaded, read_at: datetime | None
    ) -> None:
        self.work = work
        self.entry = entry
        self.organisation = organisation
        self.beyond = loaded.beyond
        self.reacted = loaded.reacted
        self.read_at = read_at
        self.can_reply = may_on(work, entry, Permission.COMMENT_POST, Right.COMMENT)
        self.new_count = 0

    def tree(self, comments: Sequence[Comment]) -> list[CommentView | SystemLine]:
        """Hang replies on their comment. A reply whose comment is on another page stands by itself."""
        children: dict[UUID | None, list[Comment]] = {}
        known = {comment.id for comment in comments}
        spoken = [comment for comment in comments if comment.kind != CommentKind.SYSTEM]
        names = {comment.id: speaker_view(comment, self.organisation).name for comment in spoken}
        for comment in comments:
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
        return replace(view, replies=replies, reply_count=len(replies))

    def _line(self, comment: Comment) -> SystemLine:
        words = comment.body_markdown
        if comment.reason:
            words = reason_words(comment.reason)
        return SystemLine(words=words, at=comment.created_at, icon="info")

    def _comment(self, comment: Comment, to_name: str) -> CommentView:
        author = speaker_view(comment, self.organisation)
        mine = comment.author_id is not None and comment.author_id == self.work.actor.person_id
        is_visible = comment.state == CommentState.VISIBLE
        is_new = self._is_new(comment, mine=mine) and is_visible
        self.new_count += is_new
        narrower = comment.audience not in {self.entry.audience, Audience.INTERNAL.value}
        return CommentView(
            id=str(comment.id),
            author=author,
            created_at=comment.created_at,
            body=Markup(comment.body_html),  # noqa: S704 - sanitised when it was written (prose/markdown.py)
            kind=CommentKind(comment.kind).value,
            depth=comment.depth,
            parent_id=str(comment.parent_id or ""),
            to_name=to_name,
            is_internal=comment.audience == Audience.INTERNAL,
            audience=None if not narrower else self._audience(comment.audience),
            edited_at=comment.edited_at,
            body_markdown=comment.body_markdown,
            tombstone=None if is_visible else Tombstone(at=comment.deleted_at or comment.created_at),
            is_new=is_new,
            reactions=self._reactions(comment, mine=mine) if is_visible else (),
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

    def _is_new(self, comment: Comment, *, mine: bool) -> bool:
        return not mine and self.read_at is not None and comment.created_at > self.read_at


def _orders(entry: StatusEntry) -> tuple[FilterLink, ...]:
    words = {ThreadSort.OLDEST: _("Oldest"), ThreadSort.NEWEST: _("Newest")}
    return tuple(
        FilterLink(
            label, url_for("entries.entry", entry_id=entry.id, sort=sort.value), is_current=sort is chosen_sort()
        )
        for sort, label in words.items()
    )


def _composer(work: Work, entry: StatusEntry, organisation: str, loaded: Loaded, form: Form) -> Composer | None:
    if not may_on(work, entry, Permission.COMMENT_POST, Right.COMMENT):
        return None
    parent = _parent(loaded, form.value("parent_id") or request.args.get("reply", ""))
    widest = parent.audience if parent else entry.audience
    holds_internal = actor_holds(work.actor, Permission.COMMENT_INTERNAL, entry.organisation_id)
    # Who was let in talks to everybody who reads it: the owner's own circle is not theirs to choose.
    is_theirs = work.actor.belongs_to(entry.organisation_id)
    audiences = audience_choices(widest, organisation, loaded.beyond, internal_too=holds_internal)
    kinds = [Option("comment", _("Comment"))]
    if actor_holds(work.actor, Permission.COMMENT_UPDATE, entry.organisation_id):
        kinds += [Option("update", _("Official update")), Option("field_report", _("Field report"))]
    return Composer(
        entry_id=str(entry.id),
        draft_key=f"entry:{entry.id}",
        audiences=audiences if is_theirs else audiences[:1],
        parent_id=str(parent.id) if parent else "",
        to_name=speaker_view(parent, organisation).name if parent and parent.kind != CommentKind.SYSTEM else "",
        kinds=tuple(kinds),
        form=form,
        idempotency_key=str(new_id()),
    )


def _parent(loaded: Loaded, wanted: str) -> Comment | None:
    return next((line.comment for line in loaded.lines if str(line.comment.id) == wanted), None)
