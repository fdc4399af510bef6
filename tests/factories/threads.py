"""Long threads, written in one go: as many comments as wanted, each where its path says."""

from collections.abc import Iterable
from uuid import UUID

from statusportal.accounts.models import Person
from statusportal.discussion.models import Comment
from statusportal.discussion.tree import depth_of
from statusportal.discussion.vocabulary import CommentKind, CommentState
from statusportal.entries.models import StatusEntry
from statusportal.foundation.ids import new_id
from statusportal.prose.markdown import render_markdown
from statusportal.work import Work


def fill_thread(work: Work, entry: StatusEntry, author: Person, said: Iterable[tuple[str, str]]) -> dict[str, UUID]:
    """Write comments, each a path and its words, a parent before its replies; return the ids by the words."""
    by_path: dict[str, UUID] = {}
    ids: dict[str, UUID] = {}
    for path, words in said:
        by_path[path] = ids[words] = new_id()
        work.session.add(
            Comment(
                organisation_id=entry.organisation_id,
                entry_id=entry.id,
                id=by_path[path],
                parent_id=by_path.get(path.rpartition(".")[0]),
                path=path,
                depth=depth_of(path),
                kind=CommentKind.COMMENT,
                audience=entry.audience,
                state=CommentState.VISIBLE,
                author_id=author.id,
                author_role="customer",
                body_markdown=words,
                body_html=render_markdown(words),
                created_at=work.now,
            )
        )
    entry.comment_count += len(ids)
    work.session.flush()
    return ids
