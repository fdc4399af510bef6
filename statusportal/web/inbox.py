"""The inbox of those who answer: what waits for the operator, and how the promise is kept."""

from collections.abc import Mapping
from typing import Any, cast

from flask import Blueprint, render_template, request, url_for
from flask_babel import gettext as _

from statusportal.access.permissions import Permission
from statusportal.discussion.models import Comment
from statusportal.discussion.queries import last_words
from statusportal.http import portal
from statusportal.http.policies import needs
from statusportal.http.views.inbox import InboxPage, InboxRow
from statusportal.http.views.shell import FilterLink, Health
from statusportal.inboxes.queries import clocks, inbox_page, queue_counts
from statusportal.inboxes.vocabulary import Queue, Waiting
from statusportal.prose.markdown import plain_text
from statusportal.web.paging import asked, page_links, wanted_slice
from statusportal.web.reasons import reason_words
from statusportal.work import Work

inbox_pages = Blueprint("inbox", __name__)

_LONGEST = 140


@inbox_pages.get("/inbox")
@needs(Permission.ENTRY_MOVE)
def inbox() -> str:
    """Show a queue, the worst first, then the longest wait."""
    queue = Queue(request.args["queue"]) if request.args.get("queue") in set(Queue) else Queue.WAITING
    is_mine, model = bool(request.args.get("mine")), asked("model")
    with portal.reading() as work:
        page = inbox_page(work, queue, wanted_slice(), model, is_mine=is_mine)
        counts, fared = queue_counts(work, model, is_mine=is_mine), clocks(work)
        said = last_words(work, [one.entry_id for one in page.items])
        rows = tuple(_row(work, one, said.get(one.entry_id)) for one in page.items)
    kept = {"model": model, "mine": "1" if is_mine else ""}
    shown = InboxPage(
        waiting=counts[Queue.WAITING],
        unanswered=fared.unanswered,
        late=fared.late,
        promise_s=int(fared.promise.total_seconds()),
        middle_s=int(fared.middle.total_seconds()) if fared.middle is not None else None,
        queues=_queues(queue, counts, kept),
        scopes=_scopes(queue, is_mine=is_mine),
        rows=rows,
        pages=page_links(page, "inbox.inbox", queue=queue.value, **kept),
    )
    return render_template("inbox.html", page=shown)


def _queues(current: Queue, counts: Mapping[Queue, int], kept: dict[str, str]) -> tuple[FilterLink, ...]:
    words = {
        Queue.WAITING: _("Waits for us"),
        Queue.UNANSWERED: _("No answer yet"),
        Queue.CRITICAL: _("Failures"),
        Queue.BROKEN: _("Still broken"),
        Queue.CUSTOMER: _("Waits for the customer"),
    }
    narrowed: dict[str, Any] = {name: value for name, value in kept.items() if value}
    return tuple(
        FilterLink(label, url_for("inbox.inbox", queue=queue.value, **narrowed), counts[queue], queue is current)
        for queue, label in words.items()
    )


def _scopes(queue: Queue, *, is_mine: bool) -> tuple[FilterLink, ...]:
    return (
        FilterLink(_("All models"), url_for("inbox.inbox", queue=queue.value), is_current=not is_mine),
        FilterLink(_("Models I follow"), url_for("inbox.inbox", queue=queue.value, mine=1), is_current=is_mine),
    )


def _row(work: Work, one: Waiting, comment: Comment | None) -> InboxRow:
    words = plain_text(comment.body_markdown) if comment else ""
    author = comment.author.name if comment and comment.author else (comment.guest_name or "") if comment else ""
    cut = words if len(words) <= _LONGEST else f"{words[:_LONGEST]} …"
    return InboxRow(
        title=reason_words(one.headline) if one.headline else one.title,
        href=url_for("entries.entry", entry_id=one.entry_id),
        words=f"{author}: “{cut}”" if author else "",
        organisation=one.organisation,
        device=one.device_name,
        since_at=one.since_at,
        health=cast("Health | None", one.health),
        code=one.code or "",
        late_s=int((work.now - one.due_at).total_seconds()) if one.due_at else None,
        is_disputed=one.disputed_at is not None,
    )
