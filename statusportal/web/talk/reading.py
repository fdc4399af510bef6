"""Reading an entry: the page, and the thread as it is fetched again."""

from flask import render_template
from markupsafe import Markup

from statusportal.access.permissions import Permission
from statusportal.accounts.models import Organisation
from statusportal.discussion.queries import comment_for, read_mark_of, revisions_of
from statusportal.discussion.service import mark_read
from statusportal.entries.queries import entry_for
from statusportal.foundation.ids import parse_id
from statusportal.http import portal
from statusportal.http.policies import checked_by
from statusportal.http.views.writing import CommentHistoryPage, Edition
from statusportal.prose.markdown import render_markdown
from statusportal.web.talk.blueprint import entries
from statusportal.web.talk.entry_view import entry_page
from statusportal.web.talk.places import comment_href
from statusportal.web.talk.thread_view import load_thread, thread_view
from statusportal.web.talk.words import author_view, entry_title


@entries.get("/entries/<entry_id>")
@checked_by(Permission.ENTRY_VIEW)
def entry(entry_id: str) -> str:
    """Show an entry; what was new to the reader is marked once, and read from then on."""
    with portal.reading() as work:
        row = entry_for(work, parse_id(entry_id))
        page = render_template("entry.html", page=entry_page(work, row))
        is_read = read_mark_of(work, row).is_all
    if not is_read:
        with portal.writing() as work:
            mark_read(work, row.id)
    return page


@entries.get("/entries/<entry_id>/thread")
@checked_by(Permission.ENTRY_VIEW)
def thread(entry_id: str) -> str:
    """Give the conversation alone, for the live refresh."""
    with portal.reading() as work:
        row = entry_for(work, parse_id(entry_id))
        organisation = work.session.get(Organisation, row.organisation_id)
        view = thread_view(work, row, organisation.name if organisation else "", load_thread(work, row))
        return render_template("_thread.html", thread=view)


@entries.get("/comments/<comment_id>/history")
@checked_by(Permission.ENTRY_VIEW)
def comment_history(comment_id: str) -> str:
    """Show every wording of a comment that still stands."""
    with portal.reading() as work:
        comment = comment_for(work, parse_id(comment_id))
        row = entry_for(work, comment.entry_id)
        organisation = work.session.get(Organisation, row.organisation_id)
        earlier = revisions_of(work, comment.id)
        author = author_view(comment.author, comment.author_role, organisation.name if organisation else "")
        # A wording was said when the one before it was replaced; the first one with the comment.
        said_at = [comment.created_at, *(one.replaced_at for one in earlier)]
        bodies = [*(one.body_markdown for one in earlier), comment.body_markdown]
        editions = tuple(
            Edition(
                at=at,
                author=author.name,
                body=Markup(render_markdown(body)),  # noqa: S704 - just sanitised
                is_current=place == len(bodies) - 1,
            )
            for place, (at, body) in enumerate(zip(said_at, bodies, strict=True))
        )
        page = CommentHistoryPage(
            entry_title=entry_title(row),
            back_href=comment_href(row.id, comment.id),
            author=author,
            editions=editions[::-1],
        )
    return render_template("comment_history.html", page=page)
