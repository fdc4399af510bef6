"""Articles: what accepted answers taught, by model, firmware and alarm code, and on how many machines it helped."""

from typing import Any

from flask import Response
from marshmallow import Schema, fields, validate

from statusportal.access.permissions import Permission
from statusportal.api.fields import Instant, PageQuery, slice_of
from statusportal.api.root import blueprint
from statusportal.entries.queries import entry_for
from statusportal.foundation.ids import parse_id
from statusportal.http import portal
from statusportal.http.policies import Reach, checked_by, needs, signed_in
from statusportal.knowledge.queries import ArticleLine, article_for, articles_about, articles_page, versions_of
from statusportal.knowledge.trying import say_outcome
from statusportal.knowledge.vocabulary import ArticleWords, Outcome
from statusportal.knowledge.writing import (
    draft_article,
    draft_from_answer,
    edit_article,
    publish_article,
    review_article,
    withdraw_article,
)

articles = blueprint("Articles", "What is known about a model's alarm codes, and whether it helps")

_OWN = "whoever reads an article says it for a machine of their own, and the verb asks whose that is"


class ArticleTallyAnswer(Schema):
    """On how many machines it worked, of how many where that is known; `confirmed` say so themselves."""

    worked = fields.Integer()
    did_not = fields.Integer()
    tried = fields.Integer()
    confirmed = fields.Integer()
    watched = fields.Integer()


class ArticleWordsRequest(Schema):
    """What an article says, in Markdown; the firmware range includes both ends, and an empty end is open."""

    title = fields.String(required=True)
    symptom = fields.String(load_default="")
    cause = fields.String(load_default="")
    fix = fields.String(required=True)
    firmware_from = fields.String(load_default="")
    firmware_to = fields.String(load_default="")


class ArticleRequest(ArticleWordsRequest):
    """A new article about a model, and about one of its codes if it has one."""

    model = fields.UUID(required=True)
    code = fields.String(load_default=None, validate=validate.Length(max=80))


class EditionRequest(Schema):
    """Which edition I read and stand for."""

    edition = fields.Integer(load_default=None, validate=validate.Range(min=0, max=2**48))


class ModelOfArticle(Schema):
    """The model that an article is about."""

    id = fields.UUID()
    slug = fields.String()
    name = fields.String()


class ArticleAnswer(Schema):
    """An article in the version that I may read: the published one, or for the operator's people the latest."""

    id = fields.UUID()
    model = fields.Nested(ModelOfArticle)
    code = fields.String(allow_none=True)
    number = fields.Integer()
    edition = fields.Integer()
    state = fields.String()
    title = fields.String()
    symptom = fields.String()
    cause = fields.String()
    fix = fields.String()
    firmware_from = fields.String()
    firmware_to = fields.String()
    written_at = Instant()
    published_at = Instant(allow_none=True)
    tally = fields.Nested(ArticleTallyAnswer)


class ArticleList(Schema):
    """One page of articles, newest first."""

    items = fields.List(fields.Nested(ArticleAnswer))
    next = fields.String(allow_none=True)


class ArticleVersionAnswer(ArticleWordsRequest):
    """One wording."""

    number = fields.Integer()
    state = fields.String()
    written_at = Instant()
    published_at = Instant(allow_none=True)


class ArticleVersionList(Schema):
    """Every wording that I may read, newest first."""

    items = fields.List(fields.Nested(ArticleVersionAnswer))


class ArticlesQuery(PageQuery):
    """What narrows a list of articles."""

    model = fields.UUID(load_default=None)
    code = fields.String(load_default=None, validate=validate.Length(max=80))


class ArticleOutcomeRequest(Schema):
    """How it went on a machine of mine."""

    device = fields.UUID(required=True)
    outcome = fields.Enum(Outcome, by_value=True, required=True)


@articles.get("/articles")
@needs(Permission.MODEL_VIEW)
@articles.arguments(ArticlesQuery, location="query")
@articles.response(200, ArticleList)
def list_articles(query: dict[str, Any]) -> dict[str, Any]:
    """List articles about the models of my machines; the operator's people see all, with drafts."""
    with portal.reading() as work:
        page = articles_page(work, slice_of(query), model_id=query["model"], code=query["code"])
        return {"items": [present_article(line) for line in page.items], "next": page.next_cursor}


@articles.post("/articles")
@needs(Permission.ARTICLE_WRITE)
@articles.arguments(ArticleRequest)
@articles.response(201, ArticleAnswer)
def draft(wanted: dict[str, Any]) -> tuple[dict[str, Any], int, dict[str, str]]:
    """Begin an article, as a draft."""
    model_id, code = wanted.pop("model"), wanted.pop("code")
    with portal.writing() as work:
        article = draft_article(work, model_id, code, ArticleWords(**wanted))
        answer = present_article(article_for(work, article.id))
    return answer, 201, {"Location": f"/api/v1/articles/{article.id}"}


@articles.post("/comments/<comment_id>/article")
@checked_by(Permission.ARTICLE_WRITE)
@articles.response(201, ArticleAnswer)
def draft_of_answer(comment_id: str) -> tuple[dict[str, Any], int, dict[str, str]]:
    """Begin an article from an accepted answer; what names its owner is taken out."""
    with portal.writing() as work:
        article = draft_from_answer(work, parse_id(comment_id))
        answer = present_article(article_for(work, article.id))
    return answer, 201, {"Location": f"/api/v1/articles/{article.id}"}


@articles.get("/articles/<article_id>")
@checked_by(Permission.MODEL_VIEW)
@articles.response(200, ArticleAnswer)
def read_article(article_id: str) -> dict[str, Any]:
    """Read one article."""
    with portal.reading() as work:
        return present_article(article_for(work, parse_id(article_id)))


@articles.put("/articles/<article_id>")
@checked_by(Permission.ARTICLE_WRITE)
@articles.arguments(ArticleWordsRequest)
@articles.response(200, ArticleAnswer)
def change(wanted: dict[str, Any], article_id: str) -> dict[str, Any]:
    """Change a draft, or begin the next version of what was reviewed or published."""
    with portal.writing() as work:
        edit_article(work, parse_id(article_id), ArticleWords(**wanted))
        return present_article(article_for(work, parse_id(article_id)))


@articles.delete("/articles/<article_id>")
@checked_by(Permission.ARTICLE_PUBLISH)
@articles.response(204)
def withdraw(article_id: str) -> Response:
    """Keep an article from owners; its history stays."""
    with portal.writing() as work:
        withdraw_article(work, parse_id(article_id))
    return Response(status=204)


@articles.post("/articles/<article_id>/review")
@checked_by(Permission.ARTICLE_REVIEW)
@articles.arguments(EditionRequest)
@articles.response(200, ArticleAnswer)
def review(wanted: dict[str, Any], article_id: str) -> dict[str, Any]:
    """Say that a draft of somebody else's is right, in the edition that I read."""
    with portal.writing() as work:
        review_article(work, parse_id(article_id), wanted["edition"])
        return present_article(article_for(work, parse_id(article_id)))


@articles.post("/articles/<article_id>/publish")
@checked_by(Permission.ARTICLE_PUBLISH)
@articles.arguments(EditionRequest)
@articles.response(200, ArticleAnswer)
def publish(wanted: dict[str, Any], article_id: str) -> dict[str, Any]:
    """Let every owner of the model read what was reviewed, in the edition that I read."""
    with portal.writing() as work:
        publish_article(work, parse_id(article_id), wanted["edition"])
        return present_article(article_for(work, parse_id(article_id)))


@articles.get("/articles/<article_id>/versions")
@checked_by(Permission.MODEL_VIEW)
@articles.response(200, ArticleVersionList)
def list_versions(article_id: str) -> dict[str, Any]:
    """List the wordings of an article that I may read."""
    with portal.reading() as work:
        return {"items": versions_of(work, parse_id(article_id))}


@articles.put("/articles/<article_id>/outcome")
@signed_in(_OWN, Permission.COMMENT_POST)
@articles.arguments(ArticleOutcomeRequest)
@articles.response(200, ArticleTallyAnswer)
def tell_outcome(wanted: dict[str, Any], article_id: str) -> Any:  # noqa: ANN401 - marshmallow reads it
    """Say whether it worked on a machine of mine; it is counted without telling whose machine it was."""
    with portal.writing() as work:
        say_outcome(work, parse_id(article_id), wanted["device"], wanted["outcome"])
        return article_for(work, parse_id(article_id)).tally


@articles.get("/entries/<entry_id>/articles")
@checked_by(Permission.ENTRY_VIEW, reach=Reach.ROW)
@articles.response(200, ArticleList)
def list_articles_of_entry(entry_id: str) -> dict[str, Any]:
    """List what is known about the condition of an entry, what helped most first."""
    with portal.reading() as work:
        entry = entry_for(work, parse_id(entry_id))
        return {"items": [present_article(line) for line in articles_about(work, entry)], "next": None}


def present_article(line: ArticleLine) -> dict[str, Any]:
    """Present an article with its count."""
    words = ("title", "symptom", "cause", "fix", "firmware_from", "firmware_to", "edition")
    version = {name: getattr(line.version, name) for name in (*words, "number", "state", "written_at", "published_at")}
    return {"id": line.article.id, "model": line.model, "code": line.article.code, **version, "tally": line.tally}
