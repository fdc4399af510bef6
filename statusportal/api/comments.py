"""Threads: reading them in order, saying something, changing and taking back one's own words."""

from collections.abc import Sequence
from typing import Any

from flask import Response, request
from marshmallow import Schema, ValidationError, fields, post_load, validate

from statusportal.access.permissions import Permission
from statusportal.answers.queries import accepted_among
from statusportal.api.answers import AcceptedAnswerShape, present_accepted
from statusportal.api.attachments import AttachmentAnswer, present_attachment
from statusportal.api.entries import AuthorAnswer, author_of
from statusportal.api.evidence import EvidenceAnswer, EvidenceWish, present_evidence, wish_of
from statusportal.api.fields import Instant, PageQuery, slice_of
from statusportal.api.reactions import present_reactions
from statusportal.api.root import blueprint
from statusportal.discussion.queries import ThreadLine, comment_for, line_of_comment, revisions_of, thread_of
from statusportal.discussion.restoring import restore_comment
from statusportal.discussion.service import delete_comment, edit_comment
from statusportal.discussion.vocabulary import CommentKind, FieldReport, ThreadSort
from statusportal.enclosures.queries import attachments_of
from statusportal.entries.queries import entry_for
from statusportal.entries.vocabulary import Audience, Lifecycle
from statusportal.evidence.queries import evidence_of
from statusportal.foundation.ids import parse_id
from statusportal.http import portal
from statusportal.http.parts import ON_COMMENTS, Part, parts_of
from statusportal.http.policies import authors, checked_by
from statusportal.http.references import References
from statusportal.http.saying import evidence_for, say_with
from statusportal.mentions.naming import call_people
from statusportal.mentions.queries import names_called
from statusportal.reactions.queries import helpful_counts, reactions_to
from statusportal.reactions.vocabulary import NO_REACTIONS
from statusportal.work import Work

# More wordings than this has no comment.
_DIGITS = 9

comments = blueprint("Comments", "What people say under an entry")


class FieldReportRequest(Schema):
    """What somebody found and did at the machine."""

    found = fields.String(load_default="")
    did = fields.String(load_default="")
    parts = fields.String(load_default="")
    next = fields.String(load_default="")


class FieldReportAnswer(FieldReportRequest):
    """The four lines of a field report, and what was written beside them."""

    more = fields.String()


class CommentAnswer(Schema):
    """A comment. On the portal's own lines `reason` is the sentence as key and values."""

    id = fields.UUID()
    parent_id = fields.UUID(allow_none=True)
    depth = fields.Integer()
    kind = fields.String()
    audience = fields.String()
    author = fields.Nested(AuthorAnswer, allow_none=True)
    body_markdown = fields.String()
    body_html = fields.String()
    state = fields.String()
    reason = fields.Dict(allow_none=True)
    report = fields.Nested(FieldReportAnswer, allow_none=True)
    version = fields.Integer(attribute="edition")
    created_at = Instant()
    edited_at = Instant(allow_none=True)
    reactions = fields.Dict(keys=fields.String(), values=fields.Integer())
    my_reactions = fields.List(fields.String())
    mentions = fields.List(fields.String())
    accepted = fields.Nested(AcceptedAnswerShape, allow_none=True)
    evidence = fields.List(fields.Nested(EvidenceAnswer))
    attachments = fields.List(fields.Nested(AttachmentAnswer))
    replies = fields.Integer()


class CommentList(Schema):
    """One page of a thread, flat, in reading order."""

    items = fields.List(fields.Nested(CommentAnswer))
    next = fields.String(allow_none=True)


class ThreadQuery(PageQuery):
    """How siblings are ordered; no order breaks a branch."""

    sort = fields.Enum(ThreadSort, by_value=True, load_default=ThreadSort.OLDEST)


class CommentRequest(Schema):
    """Something to say. An official update may take a step of the lifecycle; a field report may have its four lines."""

    body = fields.String()
    parent_id = fields.UUID(load_default=None, allow_none=True)
    kind = fields.Enum(CommentKind, by_value=True, load_default=CommentKind.COMMENT)
    audience = fields.Enum(Audience, by_value=True, load_default=None)
    evidence = fields.List(fields.Nested(EvidenceWish), load_default=list, validate=validate.Length(max=100))
    attachments = fields.List(fields.UUID(), load_default=list, validate=validate.Length(max=100))
    lifecycle = fields.Enum(Lifecycle, by_value=True, load_default=None)
    report = fields.Nested(FieldReportRequest, load_default=None)

    @post_load
    def _whole(self, data: dict[str, Any], **_kwargs: Any) -> dict[str, Any]:  # noqa: ANN401 - marshmallow's signature
        """Let a field report stand for the words."""
        if "body" not in data and data["report"] is None:
            raise ValidationError("Missing data for required field.", "body")
        report = data.pop("report")
        return {"body": "", **data, "report": None if report is None else FieldReport(**report)}


class CommentChange(Schema):
    """Other words."""

    body = fields.String(required=True)


class RevisionAnswer(Schema):
    """What a comment said before an edit."""

    number = fields.Integer()
    body_markdown = fields.String()
    replaced_at = Instant()


class RevisionList(Schema):
    """Everything a comment said before, oldest first."""

    items = fields.List(fields.Nested(RevisionAnswer))


@comments.get("/entries/<entry_id>/comments")
@checked_by(Permission.ENTRY_VIEW)
@comments.arguments(ThreadQuery, location="query")
@comments.response(200, CommentList)
def list_comments(query: dict[str, Any], entry_id: str) -> dict[str, Any]:
    """Read a thread in reading order."""
    wanted = slice_of(query)
    with portal.reading() as work:
        entry = entry_for(work, parse_id(entry_id))
        helpful = helpful_counts(work, entry) if query["sort"] is ThreadSort.HELPFUL else {}
        page = thread_of(work, entry.id, query["sort"], wanted, helpful)
        return {"items": present_comments(work, page.items), "next": page.next_cursor}


@comments.post("/entries/<entry_id>/comments")
@checked_by(Permission.COMMENT_POST, Permission.COMMENT_UPDATE, Permission.COMMENT_INTERNAL)
@comments.arguments(CommentRequest)
@comments.response(201, CommentAnswer)
def say(wanted: dict[str, Any], entry_id: str) -> tuple[dict[str, Any], int, dict[str, str]]:
    """Say something under an entry, or in reply to a comment."""
    entry_key = parse_id(entry_id)
    evidence = evidence_for(entry_key, [wish_of(one) for one in wanted.pop("evidence")])
    with portal.writing() as work:
        comment = say_with(work, entry_key, wanted.pop("body"), evidence=evidence, **wanted)
        answer = present_comments(work, [ThreadLine(comment, 0)])[0]
    return answer, 201, {"Location": f"/api/v1/comments/{comment.id}"}


@comments.get("/comments/<comment_id>")
@checked_by(Permission.ENTRY_VIEW)
@comments.response(200, CommentAnswer)
def read_comment(comment_id: str) -> tuple[dict[str, Any], int, dict[str, str]]:
    """Read one comment."""
    with portal.reading() as work:
        answer = present_comments(work, [line_of_comment(work, parse_id(comment_id))])[0]
    return answer, 200, _etag(answer)


@comments.patch("/comments/<comment_id>")
@authors(Permission.COMMENT_POST)
@comments.arguments(CommentChange)
@comments.response(200, CommentAnswer)
def change_comment(wanted: dict[str, Any], comment_id: str) -> tuple[dict[str, Any], int, dict[str, str]]:
    """Change my own words; what stood before stays readable. With If-Match only the wording that was read."""
    with portal.writing() as work:
        call_people(work, edit_comment(work, parse_id(comment_id), wanted["body"], _expected()))
        answer = present_comments(work, [line_of_comment(work, parse_id(comment_id))])[0]
    return answer, 200, _etag(answer)


@comments.delete("/comments/<comment_id>")
@authors(Permission.COMMENT_POST)
@comments.response(204)
def take_back(comment_id: str) -> Response:
    """Take my own words back; the place and the replies stay."""
    with portal.writing() as work:
        delete_comment(work, parse_id(comment_id))
    return Response(status=204)


@comments.post("/comments/<comment_id>/restore")
@authors(Permission.COMMENT_POST)
@comments.response(200, CommentAnswer)
def bring_back(comment_id: str) -> dict[str, Any]:
    """Let my words stand again that I deleted some seconds ago."""
    with portal.writing() as work:
        restore_comment(work, parse_id(comment_id))
        return present_comments(work, [line_of_comment(work, parse_id(comment_id))])[0]


@comments.get("/comments/<comment_id>/revisions")
@checked_by(Permission.ENTRY_VIEW)
@comments.response(200, RevisionList)
def list_revisions(comment_id: str) -> dict[str, Any]:
    """Read what a comment said before each edit."""
    with portal.reading() as work:
        comment = comment_for(work, parse_id(comment_id))
        return {"items": revisions_of(work, comment.id)}


def present_comments(work: Work, lines: Sequence[ThreadLine]) -> list[dict[str, Any]]:
    """Present a page of comments; each room that hangs something on a comment is asked once for all of them."""
    ids = [line.comment.id for line in lines]
    parts = parts_of(work, {(line.comment.organisation_id, line.comment.entry_id) for line in lines}, ON_COMMENTS)
    reacted = reactions_to(work, [line.comment for line in lines]) if Part.REACTIONS in parts else {}
    accepted = accepted_among(work, ids) if Part.ANSWERS in parts else {}
    files = attachments_of(work, ids) if Part.FILES in parts else {}
    pins = evidence_of(work, ids) if Part.EVIDENCE in parts else {}
    called = names_called(work, [line.comment for line in lines])
    references = References(work, [line.comment.body_html for line in lines], lambda entry: entry.title)
    return [
        {
            **_present(line),
            "body_html": references.drawn(line.comment.body_html),
            "mentions": called.get(line.comment.id, []),
            **present_reactions(reacted.get(line.comment.id, NO_REACTIONS)),
            "evidence": [present_evidence(one) for one in pins.get(line.comment.id, ())],
            "attachments": [present_attachment(one) for one in files.get(line.comment.id, ())],
            "accepted": present_accepted(accepted[line.comment.id]) if line.comment.id in accepted else None,
        }
        for line in lines
    ]


def _present(line: ThreadLine) -> dict[str, Any]:
    row = line.comment
    plain = (
        "id",
        "parent_id",
        "depth",
        "kind",
        "audience",
        "body_markdown",
        "state",
        "reason",
        "report",
        "edition",
    )
    return {
        **{name: getattr(row, name) for name in (*plain, "created_at", "edited_at")},
        "author": author_of(row),
        "replies": line.reply_count,
    }


def _expected() -> int | None:
    """Return the wording that If-Match names: None for any, and one that never was for a tag of somebody else's."""
    if "If-Match" not in request.headers or "*" in request.if_match:
        return None
    tags = [tag for tag in request.if_match.as_set(include_weak=True) if tag.isascii() and tag.isdigit()]
    return int(tags[0]) if len(tags) == 1 and len(tags[0]) <= _DIGITS else 0


def _etag(answer: dict[str, Any]) -> dict[str, str]:
    return {"ETag": f'"{answer["edition"]}"'}
