"""Projections that keep the search table with the words: same transaction, so nothing deleted can still be found."""

from collections.abc import Mapping
from uuid import UUID

from sqlalchemy import select, text

from statusportal.discussion.events import CommentDeleted, CommentEdited, CommentPosted
from statusportal.discussion.models import Comment
from statusportal.discussion.vocabulary import CommentKind, CommentState
from statusportal.entries.events import EntryAudienceChanged, EntryEdited, EntryPublished
from statusportal.entries.models import StatusEntry
from statusportal.fleet.events import DeviceRenamed
from statusportal.fleet.models import Device
from statusportal.fleet.queries import ownership_holds
from statusportal.prose.markdown import plain_text
from statusportal.search.models import SearchDocument
from statusportal.search.policy import entry_of_document
from statusportal.search.terms import folded
from statusportal.search.vocabulary import DocumentKind
from statusportal.work import Work

_COLUMNS = "title_words, body_words, key_words"
_ADD = text(
    f"INSERT INTO search_text (rowid, {_COLUMNS}) VALUES (:number, :title_words, :body_words, :key_words)"  # noqa: S608 - a constant
)
_REMOVE = text(
    f"INSERT INTO search_text (search_text, rowid, {_COLUMNS}) "  # noqa: S608 - a constant
    "VALUES ('delete', :number, :title_words, :body_words, :key_words)"
)
_NUMBER_BITS = 62


def index_entry(work: Work, event: EntryPublished | EntryEdited | EntryAudienceChanged) -> None:
    """Take an entry's present words and audience into the index."""
    entry = work.session.get_one(StatusEntry, (event.organisation_id, event.entry_id))
    document = _document(work, event.organisation_id, entry.id, entry.id)
    _remove(work, document)
    document.kind = DocumentKind.ENTRY
    document.audience = entry.audience
    document.author_id = entry.author_id
    document.title = entry.title
    document.body = plain_text(entry.body_markdown)
    document.said_at = entry.opened_at
    _add(work, document, _keys(work, entry, document.key_words))


def index_comment(work: Work, event: CommentPosted | CommentEdited) -> None:
    """Take a comment's present words into the index; the portal's own lines are not what people search."""
    key = (event.organisation_id, event.entry_id, event.comment_id)
    comment = work.session.get_one(Comment, key)
    if comment.kind == CommentKind.SYSTEM or comment.state != CommentState.VISIBLE:
        return
    entry = work.session.get_one(StatusEntry, (event.organisation_id, event.entry_id))
    document = _document(work, *key)
    _remove(work, document)
    document.kind = DocumentKind.COMMENT
    document.audience = comment.audience
    document.author_id = comment.author_id
    document.title = ""
    document.body = plain_text(comment.body_markdown)
    document.said_at = comment.created_at
    _add(work, document, _keys(work, entry, document.key_words))


def forget_comment(work: Work, event: CommentDeleted) -> None:
    """Take a deleted comment's words out."""
    document = work.session.get(SearchDocument, (event.organisation_id, event.entry_id, event.comment_id))
    if document is not None:
        _remove(work, document)
        work.session.delete(document)
        work.session.flush()


def index_name(work: Work, event: DeviceRenamed) -> None:
    """Let what was said under the present owner be found by a device's new name; a former one keeps the old."""
    query = (
        select(SearchDocument, StatusEntry)
        .join(StatusEntry, entry_of_document())
        .where(SearchDocument.organisation_id == event.organisation_id, StatusEntry.device_id == event.device_id)
    )
    for document, entry in work.session.execute(query).all():
        _remove(work, document)
        _add(work, document, _keys(work, entry, document.key_words))


def rebuild_index(work: Work) -> None:
    """Write SQLite's index anew, so that no part of it holds words that went; PostgreSQL's column follows itself."""
    if _is_sqlite(work):
        work.session.execute(text("INSERT INTO search_text (search_text) VALUES ('rebuild')"))


def _document(work: Work, organisation_id: UUID, entry_id: UUID, document_id: UUID) -> SearchDocument:
    found = work.session.get(SearchDocument, (organisation_id, entry_id, document_id))
    # The last 62 bits of a version 7 id are random: SQLite's row number needs no counter.
    number = document_id.int % 2**_NUMBER_BITS
    return found or SearchDocument(organisation_id=organisation_id, entry_id=entry_id, id=document_id, number=number)


def _keys(work: Work, entry: StatusEntry, before: str | None) -> str:
    """Return the words that a thing is looked up by; a reason is found in either language.

    What is said of a time that is over keeps the name of that time.
    With the present owner's name among them, a former owner could guess it by searching for it.
    """
    device = work.session.get_one(Device, entry.device_id)
    reason = (entry.headline or {}).get("da", "")
    words = [device.serial, entry.code or "", device.model.name, device.model.slug, reason]
    if ownership_holds(work, device.id, entry.ownership_id) and device.has_words_at(work.now):
        return folded(" ".join([*words, device.name]))
    return before or folded(" ".join(words))


def _add(work: Work, document: SearchDocument, keys: str) -> None:
    document.title_words = folded(document.title)
    document.body_words = folded(document.body)
    document.key_words = keys
    work.session.add(document)
    work.session.flush()
    if _is_sqlite(work):
        work.session.execute(_ADD, _words(document))


def _remove(work: Work, document: SearchDocument) -> None:
    """Take the words out of SQLite's index, which must be told what stood there; PostgreSQL's column follows itself."""
    if _is_sqlite(work) and document in work.session:
        work.session.execute(_REMOVE, _words(document))


def _words(document: SearchDocument) -> Mapping[str, object]:
    names = ("number", "title_words", "body_words", "key_words")
    return {name: getattr(document, name) for name in names}


def _is_sqlite(work: Work) -> bool:
    return work.session.get_bind().dialect.name == "sqlite"
