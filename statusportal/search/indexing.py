"""Projections that keep the search table with the words: same transaction, so nothing deleted can still be found."""

from collections.abc import Collection, Iterator
from datetime import datetime
from uuid import UUID

from sqlalchemy import func, or_, select, update

from statusportal.answers.events import AnswerAccepted, AnswerUnaccepted
from statusportal.answers.models import AcceptedAnswer
from statusportal.discussion.events import CommentDeleted, CommentEdited, CommentPosted
from statusportal.discussion.models import Comment
from statusportal.discussion.policy import entry_of_comment
from statusportal.discussion.vocabulary import CommentKind, CommentState
from statusportal.enclosures.models import Attachment
from statusportal.entries.events import EntryAudienceChanged, EntryEdited, EntryPublished
from statusportal.entries.models import StatusEntry
from statusportal.fleet.events import DeviceRenamed
from statusportal.fleet.models import Device
from statusportal.fleet.queries import ownership_holds
from statusportal.lexicon.stems import stemmed
from statusportal.lexicon.tags import number_of, tags_of
from statusportal.lexicon.terms import folded
from statusportal.prose.markdown import plain_text
from statusportal.search.matching import add_words, remove_words, write_index_anew
from statusportal.search.models import SearchDocument
from statusportal.search.policy import entry_of_document
from statusportal.search.vocabulary import DocumentKind
from statusportal.work import Work


def index_entry(work: Work, event: EntryPublished | EntryEdited | EntryAudienceChanged) -> None:
    """Take an entry's present words and audience into the index."""
    entry = work.session.get_one(StatusEntry, (event.organisation_id, event.entry_id))
    document = _document(work, event.organisation_id, entry.id, entry.id, entry.opened_at)
    document.kind = DocumentKind.ENTRY
    document.audience = entry.audience
    document.author_id = entry.author_id
    document.title = entry.title
    document.body = plain_text(entry.body_markdown)
    _file(work, document, entry)


def index_comment(work: Work, event: CommentPosted | CommentEdited) -> None:
    """Take a comment's present words into the index, with those of its files, which have no address of their own.

    The portal's own lines are not what people search.
    """
    key = (event.organisation_id, event.entry_id, event.comment_id)
    comment = work.session.get_one(Comment, key)
    if comment.kind == CommentKind.SYSTEM or comment.state != CommentState.VISIBLE:
        return
    entry = work.session.get_one(StatusEntry, (event.organisation_id, event.entry_id))
    document = _document(work, *key, comment.created_at)
    document.kind = DocumentKind.COMMENT
    document.audience = comment.audience
    document.author_id = comment.author_id
    document.answered_at = _answered_at(work, entry)
    document.title = ""
    document.body = "\n".join([plain_text(comment.body_markdown), *_words_of_files(work, comment)])
    _file(work, document, entry)


def index_answer(work: Work, event: AnswerAccepted | AnswerUnaccepted) -> None:
    """Let an entry and what was said under it be found as answered, for as long as it has an accepted answer.

    An answer for fewer readers than the entry's settles it for them alone, so it marks nothing.
    """
    answers = (
        select(func.min(AcceptedAnswer.at))
        .join(Comment, (Comment.entry_id == AcceptedAnswer.entry_id) & (Comment.id == AcceptedAnswer.comment_id))
        .join(StatusEntry, entry_of_comment())
        .where(
            AcceptedAnswer.organisation_id == event.organisation_id,
            AcceptedAnswer.entry_id == event.entry_id,
            Comment.audience == StatusEntry.audience,
        )
    )
    documents = update(SearchDocument).where(
        SearchDocument.organisation_id == event.organisation_id, SearchDocument.entry_id == event.entry_id
    )
    work.session.execute(documents.values(answered_at=work.session.scalar(answers)))


def forget_comment(work: Work, event: CommentDeleted) -> None:
    """Take a deleted comment's words out."""
    document = work.session.get(SearchDocument, (event.organisation_id, event.entry_id, event.comment_id))
    if document is not None:
        remove_words(work, document)
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
        remove_words(work, document)
        _file(work, document, entry)


def rebuild_index(work: Work, wiped: Collection[str]) -> None:
    """Write the index anew, so that no part of it holds words that went.

    Shape: `wiped` is what took the place of words: where it stands, the stems of those words are still there.
    """
    columns = (SearchDocument.title_words, SearchDocument.body_words, SearchDocument.key_words)
    stands = or_(*(column.contains(folded(word)) for column in columns for word in wiped))
    for document in work.session.scalars(select(SearchDocument).where(stands)):
        document.stem_words = stemmed([*document.title_words.split(), *document.body_words.split()])
    work.session.flush()
    write_index_anew(work)


def _document(
    work: Work, organisation_id: UUID, entry_id: UUID, document_id: UUID, said_at: datetime
) -> SearchDocument:
    """Return the document to write, with its words out of the index; a new one under a number of its own."""
    found = work.session.get(SearchDocument, (organisation_id, entry_id, document_id))
    if found is not None:
        remove_words(work, found)
        return found
    number = number_of(said_at, document_id)
    while work.session.scalar(select(SearchDocument.id).where(SearchDocument.number == number)) is not None:
        number += 1
    return SearchDocument(
        organisation_id=organisation_id, entry_id=entry_id, id=document_id, number=number, said_at=said_at
    )


def _words_of_files(work: Work, comment: Comment) -> Iterator[str]:
    """Give the names of a comment's files, and what those that are texts say at their beginning."""
    of_comment = (
        Attachment.organisation_id == comment.organisation_id,
        Attachment.entry_id == comment.entry_id,
        Attachment.comment_id == comment.id,
    )
    query = select(Attachment.name, Attachment.excerpt).where(*of_comment).order_by(Attachment.place)
    for name, excerpt in work.session.execute(query):
        yield f"{name}\n{excerpt}".strip()


def _answered_at(work: Work, entry: StatusEntry) -> datetime | None:
    found = work.session.get(SearchDocument, (entry.organisation_id, entry.id, entry.id))
    return found.answered_at if found is not None else None


def _file(work: Work, document: SearchDocument, entry: StatusEntry) -> None:
    """Fold a document's words, say what it is filed under, and take it into the index."""
    device = work.session.get_one(Device, entry.device_id)
    document.title_words = folded(document.title)
    document.body_words = folded(document.body)
    document.key_words = _keys(work, entry, device, document.key_words)
    document.stem_words = stemmed([*document.title_words.split(), *document.body_words.split()])
    document.tag_words = tags_of(
        document.organisation_id, entry.device_id, document.audience, (device.serial, entry.code)
    )
    work.session.add(document)
    work.session.flush()
    add_words(work, document)


def _keys(work: Work, entry: StatusEntry, device: Device, before: str | None) -> str:
    """Return the words that a thing is looked up by; a reason is found in either language.

    What is said of a time that is over keeps the name of that time.
    With the present owner's name among them, a former owner could guess it by searching for it.
    """
    reason = (entry.headline or {}).get("da", "")
    words = [device.serial, entry.code or "", device.model.name, device.model.slug, reason]
    if ownership_holds(work, device.id, entry.ownership_id) and device.has_words_at(work.now):
        return folded(" ".join([*words, device.name]))
    return before or folded(" ".join(words))
