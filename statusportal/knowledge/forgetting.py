"""What an article holds of an answer whose words are gone: nothing, and what owners read of it is read over first."""

from uuid import UUID

from sqlalchemy import Select, literal, select

from statusportal.audit.service import record_act
from statusportal.catalogue.models import DeviceModel
from statusportal.discussion.events import CommentDropped
from statusportal.knowledge.events import ArticleWithdrawn
from statusportal.knowledge.models import Article, ArticleVersion
from statusportal.knowledge.vocabulary import ArticleState
from statusportal.work import Work, beyond_walls


def forget_source(work: Work, event: CommentDropped) -> None:
    """Let go of an answer's words once nobody can have them back."""
    with beyond_walls(work):
        forget_sources(work, select(literal(event.comment_id)))


def forget_sources(work: Work, comment_ids: Select[UUID]) -> None:
    """Blank what was made of comments that are gone. What was published is a draft again: experts say what may stay."""
    for article in work.session.scalars(select(Article).where(Article.source_comment_id.in_(comment_ids))).all():
        published, article.published_number, article.source_comment_id = article.published_number, None, None
        article.latest_number = published or article.latest_number
        versions = select(ArticleVersion).where(ArticleVersion.article_id == article.id)
        for version in work.session.scalars(versions).all():
            if version.number > article.latest_number:
                work.session.delete(version)
                continue
            version.state, version.reviewed_by, version.reviewed_at = ArticleState.DRAFT, None, None
            version.published_at = None
            if version.number != published:
                version.title = work.session.get_one(DeviceModel, article.model_id).name
                version.symptom = version.cause = version.fix = ""
        if published is not None:
            record_act(work, "article.withdrawn", "article", article.id)
            work.emit(ArticleWithdrawn(article_id=article.id, model_id=article.model_id))
    work.session.flush()
