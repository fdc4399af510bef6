"""What may already answer a question while somebody writes it: articles, and answered entries of the same machine."""

from flask import url_for
from flask_babel import gettext as _

from statusportal.answers.queries import answered_among
from statusportal.entries.queries import entries_of_device
from statusportal.foundation.paging import Slice
from statusportal.http.views.devices import SimilarEntry
from statusportal.knowledge.queries import ArticleLine, articles_page
from statusportal.knowledge.ranking import closeness
from statusportal.knowledge.vocabulary import ArticleState
from statusportal.overview.devices import DeviceLine
from statusportal.web.talk.words import entry_title
from statusportal.work import Work

_LOOKED_AT = 100
_SHOWN = 4


def may_answer(work: Work, line: DeviceLine, words: str) -> tuple[SimilarEntry, ...]:
    """Return what is closest to the words; without words, what helped on most machines and what was answered last."""
    found = [
        (score, _article(one)) for one in _articles(work, line) if (score := _score(words, _told(one))) is not None
    ]
    rows = entries_of_device(work, line.id, Slice(_LOOKED_AT)).items
    answered = answered_among(work, [row.id for row in rows])
    for row in rows:
        title = entry_title(row)
        score = _score(words, f"{title} {row.code or ''} {row.body_markdown}")
        if row.id in answered and score is not None:
            href = url_for("entries.entry", entry_id=row.id)
            found.append((score, SimilarEntry(title, href, _("Answered on this machine"), icon="check")))
    return tuple(one for _score_of, one in sorted(found, key=lambda pair: -pair[0])[:_SHOWN])


def _articles(work: Work, line: DeviceLine) -> list[ArticleLine]:
    lines = articles_page(work, Slice(_LOOKED_AT), model_id=line.model_id).items
    published = [one for one in lines if one.version.state == ArticleState.PUBLISHED]
    return sorted(published, key=lambda one: -one.tally.worked)


def _article(line: ArticleLine) -> SimilarEntry:
    href = url_for("knowledge.article", article_id=line.article.id)
    tally = line.tally
    said = _("Fixed by this in %(worked)s of %(tried)s", worked=tally.worked, tried=tally.tried) if tally.tried else ""
    return SimilarEntry(line.version.title, href, said, tag=line.article.code or "")


def _told(line: ArticleLine) -> str:
    return f"{line.version.title} {line.version.symptom} {line.article.code or ''}"


def _score(words: str, text: str) -> int | None:
    """Return how close a text is; None where words were written and it speaks of none of them."""
    if not words.strip():
        return 0
    return closeness(words, text) or None
