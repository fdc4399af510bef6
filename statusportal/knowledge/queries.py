"""Reading articles, each with on how many machines it helped."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import Row, ScalarSelect, Select, and_, case, func, select

from statusportal.catalogue.models import DeviceModel
from statusportal.entries.models import StatusEntry
from statusportal.fleet.models import Device, Ownership
from statusportal.fleet.policy import owned_at, present_devices
from statusportal.foundation.errors import NotFound
from statusportal.foundation.paging import Page, Slice, page_of
from statusportal.knowledge.firmware import is_in_range
from statusportal.knowledge.models import Article, ArticleOutcome, ArticleTrial, ArticleVersion
from statusportal.knowledge.policy import visible_articles, visible_trials
from statusportal.knowledge.vocabulary import ArticleState, Outcome, Tally
from statusportal.work import Work

_MOST_ON_AN_ENTRY = 20


@dataclass(frozen=True, slots=True)
class ArticleLine:
    """An article in the wording that the reader sees, its model, and how it went on those who tried it."""

    article: Article
    version: ArticleVersion
    model: DeviceModel
    tally: Tally


def article_for(work: Work, article_id: UUID) -> ArticleLine:
    """Return one article.

    Raises: NotFound when it is missing or invisible.
    """
    found = work.session.execute(_lines(work).where(Article.id == article_id)).one_or_none()
    if found is None:
        raise NotFound
    return _line(found)


def articles_page(
    work: Work, wanted: Slice, *, model_id: UUID | None = None, code: str | None = None
) -> Page[ArticleLine]:
    """List articles, newest first, of a model and about a code where these are given."""
    query = _lines(work)
    if model_id is not None:
        query = query.where(Article.model_id == model_id)
    if code is not None:
        query = query.where(Article.code == code)
    position = wanted.position(UUID)
    if position is not None:
        query = query.where(Article.id < position[0])
    rows = work.session.execute(query.order_by(Article.id.desc()).limit(wanted.limit + 1)).all()
    return page_of([_line(row) for row in rows], wanted, lambda line: (line.article.id,))


def article_titles(work: Work, article_ids: Collection[UUID]) -> dict[UUID, str]:
    """Return the titles of those of the given articles that the reader may read, in one query; of none in none."""
    if not article_ids:
        return {}
    rows = work.session.execute(_lines(work).where(Article.id.in_(article_ids))).all()
    return {line.article.id: line.version.title for line in map(_line, rows)}


def articles_about(work: Work, entry: StatusEntry) -> Sequence[ArticleLine]:
    """List what was published about the condition of an entry and its machine's firmware, in one query.

    Shape: what helped most stands first. An entry without a code has none. A firmware that nobody knows is in range.
    """
    if entry.code is None:
        return []
    query = (
        _lines(work, ArticleState.PUBLISHED)
        .where(Article.model_id == entry.device.model_id, Article.code == entry.code)
        .order_by(Article.id.desc())
        .limit(_MOST_ON_AN_ENTRY)
    )
    firmware = entry.device.firmware if entry.device.has_words_at(work.now) else ""
    lines = [_line(row) for row in work.session.execute(query)]
    fitting = [one for one in lines if is_in_range(firmware, one.version.firmware_from, one.version.firmware_to)]
    return sorted(fitting, key=lambda one: (-one.tally.worked, one.tally.did_not))


def versions_of(work: Work, article_id: UUID) -> Sequence[ArticleVersion]:
    """List the wordings of an article, newest first; owners of the model see the published one alone.

    What was corrected may have been wrong, or have told of somebody.

    Raises: NotFound when the article is missing or invisible.
    """
    article = article_for(work, article_id).article
    query = select(ArticleVersion).where(ArticleVersion.article_id == article_id)
    if not work.actor.is_operator:
        query = query.where(ArticleVersion.number == article.published_number)
    return work.session.scalars(query.order_by(ArticleVersion.number.desc())).all()


def machines_for(work: Work, model_id: UUID) -> Sequence[Device]:
    """List the machines of the reader's organisations of a model, on which an article can be tried."""
    query = (
        select(Device)
        .join(Ownership, Ownership.device_id == Device.id)
        .where(
            Ownership.organisation_id.in_(work.actor.organisations),
            owned_at(work.now),
            present_devices(work.actor, work.now),
            Device.model_id == model_id,
        )
        .order_by(Device.name, Device.id)
        .limit(200)
    )
    return work.session.scalars(query).all()


def outcomes_on(work: Work, article_id: UUID) -> dict[UUID, str]:
    """Return by machine how an article went on those that the reader may look at."""
    query = select(ArticleTrial.device_id, ArticleTrial.outcome).where(
        ArticleTrial.article_id == article_id, visible_trials(work.actor, work.now)
    )
    return dict(work.session.execute(query).all())


def _lines(work: Work, state: ArticleState | None = None) -> Select[*tuple[Any, ...]]:
    """Select articles in the wording that the reader sees: published, or for staff the latest."""
    is_published = state is ArticleState.PUBLISHED or not work.actor.is_operator
    number = Article.published_number if is_published else Article.latest_number
    return (
        select(Article, ArticleVersion, DeviceModel, *_counts())
        .join(ArticleVersion, and_(ArticleVersion.article_id == Article.id, ArticleVersion.number == number))
        .join(DeviceModel, DeviceModel.id == Article.model_id)
        .where(visible_articles(work.actor, work.now))
    )


def _counts() -> list[ScalarSelect[int]]:
    """Return columns that count an article's outcomes."""
    is_worked = ArticleOutcome.outcome == Outcome.WORKED
    wanted = (
        is_worked,
        ArticleOutcome.outcome == Outcome.DID_NOT,
        and_(is_worked, ArticleOutcome.is_by_machine),
        ArticleOutcome.outcome == Outcome.WATCHED,
    )
    return [
        select(func.coalesce(func.sum(case((one, 1), else_=0)), 0))
        .where(ArticleOutcome.article_id == Article.id)
        .correlate(Article)
        .scalar_subquery()
        for one in wanted
    ]


def _line(row: Row[*tuple[Any, ...]]) -> ArticleLine:
    article, version, model, worked, did_not, confirmed, watched = row
    return ArticleLine(article, version, model, Tally(int(worked), int(did_not), int(confirmed), int(watched)))
