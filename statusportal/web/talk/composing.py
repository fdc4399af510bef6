"""The composer of a thread: filled with what was typed, with what is quoted, or with what was begun before."""

from collections.abc import Sequence

from flask import request
from flask_babel import gettext as _

from statusportal.access.permissions import Permission
from statusportal.access.policy import actor_holds
from statusportal.access.vocabulary import Right
from statusportal.discussion.models import Comment
from statusportal.discussion.vocabulary import CommentKind
from statusportal.drafts.models import Draft
from statusportal.drafts.queries import draft_of
from statusportal.entries.models import StatusEntry
from statusportal.entries.queries import may_on
from statusportal.entries.vocabulary import STEPS, Lifecycle
from statusportal.foundation.ids import new_id
from statusportal.http.filters import reader_locale
from statusportal.http.views.entries import Composer
from statusportal.http.views.shell import Form, Option
from statusportal.http.words import lifecycle_word
from statusportal.overview.access import Beyond
from statusportal.web.talk.words import audience_choices, speaker_view
from statusportal.work import Work


def composer_view(
    work: Work,
    entry: StatusEntry,
    organisation: str,
    shown: Sequence[Comment],
    beyond: Beyond,
    form: Form,
    *,
    has_draft: bool,
) -> Composer | None:
    """Return the composer, for who may talk here. A parent that may not be answered any more is left out."""
    if not may_on(work, entry, Permission.COMMENT_POST, Right.COMMENT):
        return None
    form = form if form.values else _begun(draft_of(work, entry) if has_draft else None, shown)
    wanted = "" if form.error("parent_id") else form.value("parent_id")
    parent = next((one for one in shown if str(one.id) == wanted and one.kind != CommentKind.SYSTEM), None)
    holds_internal = actor_holds(work.actor, Permission.COMMENT_INTERNAL, entry.organisation_id)
    # Who was let in talks to everybody who reads it: the owner's own circle is not theirs to choose.
    is_theirs = work.actor.belongs_to(entry.organisation_id)
    widest = parent.audience if parent else entry.audience
    audiences = audience_choices(widest, organisation, beyond, internal_too=holds_internal)
    is_workers = actor_holds(work.actor, Permission.COMMENT_UPDATE, entry.organisation_id)
    return Composer(
        entry_id=str(entry.id),
        draft_key=f"{work.actor.person_id}:entry:{entry.id}",
        audiences=audiences if is_theirs else audiences[:1],
        parent_id=str(parent.id) if parent else "",
        to_name=speaker_view(parent, organisation).name if parent else "",
        kinds=_kinds(is_workers=is_workers),
        steps=_steps(entry) if is_workers else (),
        form=form,
        idempotency_key=str(new_id()),
    )


def quoted(markdown: str) -> str:
    """Return words as a quotation, with room for an answer below."""
    return "\n".join(f"> {line}".rstrip() for line in markdown.splitlines()) + "\n\n"


def _begun(draft: Draft | None, shown: Sequence[Comment]) -> Form:
    """Return what the address quotes behind what was begun before, on whatever device."""
    reply = request.args.get("reply", "")
    body = draft.body if draft else ""
    if request.args.get("quote"):
        words = next((one.body_markdown for one in shown if str(one.id) == reply), "")
        body = "\n\n".join(part for part in (body, quoted(words) if words else "") if part)
    parent = reply or (str(draft.parent_id) if draft and draft.parent_id else "")
    return Form({"body": body, "parent_id": parent, **({"draft": "kept"} if draft else {})})


def _kinds(*, is_workers: bool) -> tuple[Option, ...]:
    workers = (Option("update", _("Official update")), Option("field_report", _("Field report")))
    return (Option("comment", _("Comment")), *(workers if is_workers else ()))


def _steps(entry: StatusEntry) -> tuple[Option, ...]:
    """Return the steps that an official update may take at once."""
    possible = STEPS[Lifecycle(entry.lifecycle)] - {Lifecycle(entry.lifecycle)}
    words = reader_locale()
    return tuple(Option(one.value, lifecycle_word(one.value, locale=words)) for one in Lifecycle if one in possible)
