"""An article: reading it, saying how it went, and for experts writing it."""

import re
from collections.abc import Callable
from uuid import UUID

from flask import Response, make_response, redirect, render_template, request, url_for
from flask_babel import gettext as _

from statusportal.access.permissions import Permission
from statusportal.access.policy import actor_holds, require
from statusportal.fleet.queries import words_seen
from statusportal.foundation.errors import Invalid
from statusportal.foundation.ids import parse_id
from statusportal.http import portal
from statusportal.http.policies import checked_by, signed_in
from statusportal.http.views.articles import ArticleEdition, ArticleForm, ArticlePage, TriedMachine
from statusportal.http.views.shell import Form
from statusportal.knowledge.queries import ArticleLine, article_for, machines_for, outcomes_on, versions_of
from statusportal.knowledge.trying import say_outcome
from statusportal.knowledge.vocabulary import ArticleState, ArticleWords, Outcome
from statusportal.knowledge.writing import (
    draft_from_answer,
    edit_article,
    publish_article,
    review_article,
    withdraw_article,
)
from statusportal.web.forms import FORM_TROUBLES, failed, filled, one_of, text, troubled
from statusportal.web.knowledge.blueprint import knowledge
from statusportal.web.knowledge.words import firmware_words, fixed_view, prose
from statusportal.work import Work

_OWN = "whoever reads an article says it for a machine of their own, and the verb asks whose that is"

_EDITION = re.compile(r"[0-9]{1,15}")


@knowledge.get("/articles/<article_id>")
@checked_by(Permission.MODEL_VIEW)
def article(article_id: str) -> str:
    """Show an article in the wording that the reader may read."""
    with portal.reading() as work:
        return render_template("article.html", page=_page(work, article_for(work, parse_id(article_id)), Form()))


@knowledge.post("/articles/<article_id>/outcome")
@signed_in(_OWN, Permission.COMMENT_POST)
def outcome(article_id: str) -> Response:
    """Say how it went on a machine of one's own."""
    key = parse_id(article_id)
    try:
        with portal.writing() as work:
            wanted = one_of("outcome", Outcome) or Outcome.WATCHED
            say_outcome(work, key, parse_id(request.form.get("device", "")), wanted)
    except Invalid as err:
        with portal.reading() as work:
            page = _page(work, article_for(work, key), failed(err))
            return make_response(render_template("article.html", page=page), 422)
    return _to(article_id)


@knowledge.post("/comments/<comment_id>/article")
@checked_by(Permission.ARTICLE_WRITE)
def draft(comment_id: str) -> Response:
    """Begin an article from an accepted answer, and go on to write it."""
    with portal.writing() as work:
        row = draft_from_answer(work, parse_id(comment_id))
    return make_response(redirect(url_for("knowledge.edit", article_id=row.id), 303))


@knowledge.get("/articles/<article_id>/edit")
@checked_by(Permission.ARTICLE_WRITE)
def edit(article_id: str) -> str:
    """Show the form that writes the draft, or the next version."""
    with portal.reading() as work:
        line = article_for(work, parse_id(article_id))
        require(work.actor, Permission.ARTICLE_WRITE)
        form = filled({name: getattr(line.version, name) for name in ArticleWords.__slots__})
        return render_template("edit_article.html", page=_form(line, form))


@knowledge.post("/articles/<article_id>/edit")
@checked_by(Permission.ARTICLE_WRITE)
def edit_now(article_id: str) -> Response:
    """Keep the wording."""
    key = parse_id(article_id)
    words = ArticleWords(**{name: _written(name) for name in ArticleWords.__slots__})
    try:
        with portal.writing() as work:
            edit_article(work, key, words)
    except Invalid as err:
        with portal.reading() as work:
            page = _form(article_for(work, key), failed(err))
            return make_response(render_template("edit_article.html", page=page), 422)
    return _to(article_id)


@knowledge.post("/articles/<article_id>/review")
@checked_by(Permission.ARTICLE_REVIEW)
def review(article_id: str) -> Response:
    """Say that somebody else's draft is right."""
    return _stand_for(article_id, review_article)


@knowledge.post("/articles/<article_id>/publish")
@checked_by(Permission.ARTICLE_PUBLISH)
def publish(article_id: str) -> Response:
    """Let every owner of the model read it."""
    return _stand_for(article_id, publish_article)


@knowledge.post("/articles/<article_id>/withdraw")
@checked_by(Permission.ARTICLE_PUBLISH)
def withdraw(article_id: str) -> Response:
    """Keep it from owners."""
    with portal.writing() as work:
        withdraw_article(work, parse_id(article_id))
    return _to(article_id)


def _stand_for(article_id: str, step: Callable[[Work, UUID, int | None], object]) -> Response:
    """Take a step with the edition that was on the page; where somebody wrote meanwhile, show what stands now."""
    key, edition = parse_id(article_id), text("edition")
    try:
        with portal.writing() as work:
            step(work, key, int(edition) if _EDITION.fullmatch(edition) else None)
    except FORM_TROUBLES as err:
        form, status = troubled(err)
        with portal.reading() as work:
            page = _page(work, article_for(work, key), form)
            return make_response(render_template("article.html", page=page), status)
    return _to(article_id)


def _page(work: Work, line: ArticleLine, form: Form) -> ArticlePage:
    version = line.version
    machines = machines_for(work, line.article.model_id)
    names, outcomes = words_seen(work, machines), outcomes_on(work, line.article.id)
    return ArticlePage(
        id=str(line.article.id),
        title=version.title,
        model_name=line.model.name,
        model_slug=line.model.slug,
        code=line.article.code or "",
        number=version.number,
        edition=version.edition,
        state=version.state,
        symptom=prose(version.symptom),
        cause=prose(version.cause),
        fix=prose(version.fix),
        firmware=firmware_words(version),
        at=version.published_at or version.written_at,
        fixed=fixed_view(line.tally),
        history=tuple(
            ArticleEdition(one.number, one.title, one.published_at or one.written_at, one.state)
            for one in versions_of(work, line.article.id)
        ),
        machines=tuple(TriedMachine(str(one.id), names[one.id].name, outcomes.get(one.id, "")) for one in machines),
        acts=tuple(_acts(work, line)),
        form=form,
    )


def _acts(work: Work, line: ArticleLine) -> list[str]:
    """Return what this reader may do with it now."""
    if not actor_holds(work.actor, Permission.ARTICLE_WRITE, None):
        return []
    version, found = line.version, ["edit"]
    if version.state == ArticleState.DRAFT and version.written_by != work.actor.person_id:
        found.append("review")
    if version.state == ArticleState.REVIEWED:
        found.append("publish")
    return [*found, "withdraw"] if line.article.published_number is not None else found


def _form(line: ArticleLine, form: Form) -> ArticleForm:
    key = line.article.id
    heading = _("Write “%(title)s”", title=line.version.title)
    action = url_for("knowledge.edit_now", article_id=key)
    return ArticleForm(action, url_for("knowledge.article", article_id=key), heading, form)


def _written(name: str) -> str:
    return request.form.get(name, "") if name in {"symptom", "cause", "fix"} else text(name)


def _to(article_id: str) -> Response:
    return make_response(redirect(url_for("knowledge.article", article_id=article_id), 303))
