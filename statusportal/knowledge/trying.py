"""Verbs of trying: how an article went on a machine, by its owner's word or by its own."""

from uuid import UUID, uuid4

from sqlalchemy import delete, or_, select

from statusportal.access.permissions import Permission
from statusportal.access.policy import actor_holds
from statusportal.access.vocabulary import Right
from statusportal.answers.events import FixMoved
from statusportal.answers.fixing import apply_article
from statusportal.answers.models import AppliedFix
from statusportal.answers.vocabulary import FixState
from statusportal.entries.queries import entry_for, require_on
from statusportal.fleet.queries import find_present_device, ownership_at
from statusportal.foundation.errors import Invalid, Sentence
from statusportal.foundation.ids import new_id
from statusportal.knowledge.models import Article, ArticleOutcome, ArticleTrial
from statusportal.knowledge.queries import article_for
from statusportal.knowledge.vocabulary import Outcome
from statusportal.work import Work, beyond_walls

_OF_FIX = {
    FixState.WATCHED: Outcome.WATCHED,
    FixState.CONFIRMED: Outcome.WORKED,
    FixState.RELAPSED: Outcome.DID_NOT,
}


def say_outcome(work: Work, article_id: UUID, device_id: UUID, outcome: Outcome) -> ArticleTrial:
    """Say how an article went on a machine of one's own; the last word counts, also against the machine's.

    Raises: NotFound for an invisible article; Invalid for a machine that is not one's own, or of another model.
    """
    line = article_for(work, article_id)
    device = find_present_device(work, device_id)
    owner = ownership_at(work, device_id, work.now) if device else None
    is_own = owner is not None and owner.organisation_id in work.actor.organisations
    if device is None or owner is None or not is_own:
        raise Invalid.field("/device", Sentence("is not a machine of yours"))
    if not actor_holds(work.actor, Permission.COMMENT_POST, owner.organisation_id):
        raise Invalid.field("/device", Sentence("is not a machine of yours"))
    if device.model_id != line.article.model_id:
        raise Invalid.field("/device", Sentence("is not of the model that the article is about"))
    if outcome is Outcome.WATCHED:
        raise Invalid.field("/outcome", Sentence("must be worked or did_not"))
    return _keep(work, article_id, (owner.organisation_id, device.id, owner.id), outcome, None)


def apply_to(work: Work, entry_id: UUID, article_id: UUID) -> AppliedFix:
    """Note that what an article says was done on the machine of an entry, which is watched from now on.

    Raises: NotFound; Forbidden; Conflict where no machine stands behind the entry; Invalid for one of another model.
    """
    line, entry = article_for(work, article_id), entry_for(work, entry_id)
    require_on(work, entry, Permission.FIX_APPLY, Right.MANAGE)
    if line.article.model_id != entry.device.model_id:
        raise Invalid.field("/article", Sentence("is about another model"))
    return apply_article(work, entry_id, article_id)


def note_fix(work: Work, event: FixMoved) -> None:
    """Count what became of a fix for the articles that it came of, or that came of it."""
    fix = work.session.get(AppliedFix, (event.organisation_id, event.entry_id, event.fix_id))
    if fix is None:
        _forget(work, event)
        return
    came_of = [Article.id == fix.article_id] if fix.article_id else []
    told = [Article.source_comment_id == fix.comment_id] if fix.comment_id else []
    # A draft is told by nobody, and yet what became of its fix counts once it is published.
    with beyond_walls(work):
        article_ids = work.session.scalars(select(Article.id).where(or_(*came_of, *told))).all()
    for article_id in article_ids:
        note_fix_row(work, fix, article_id)


def note_fix_row(work: Work, fix: AppliedFix, article_id: UUID) -> None:
    """Count a fix for one article."""
    key = (fix.organisation_id, fix.device_id, fix.ownership_id)
    _keep(work, article_id, key, _OF_FIX[FixState(fix.state)], fix.id)


def _keep(
    work: Work, article_id: UUID, key: tuple[UUID, UUID, UUID], outcome: Outcome, fix_id: UUID | None
) -> ArticleTrial:
    organisation_id, device_id, ownership_id = key
    trial = work.session.scalars(
        select(ArticleTrial).where(
            ArticleTrial.organisation_id == organisation_id,
            ArticleTrial.article_id == article_id,
            ArticleTrial.device_id == device_id,
            ArticleTrial.ownership_id == ownership_id,
        )
    ).one_or_none()
    if trial is None:
        trial = ArticleTrial(
            organisation_id=organisation_id,
            id=new_id(),
            article_id=article_id,
            device_id=device_id,
            ownership_id=ownership_id,
            publication_id=uuid4(),
        )
        work.session.add(trial)
    trial.outcome, trial.fix_id, trial.said_by, trial.said_at = outcome, fix_id, work.actor.person_id, work.now
    # The wall lets an outcome through for the trial that stands behind it.
    work.session.flush()
    public = work.session.get(ArticleOutcome, (article_id, trial.publication_id))
    if public is None:
        public = ArticleOutcome(article_id=article_id, id=trial.publication_id)
        work.session.add(public)
    public.outcome, public.is_by_machine = outcome, fix_id is not None
    work.session.flush()
    return trial


def _forget(work: Work, event: FixMoved) -> None:
    """Count a fix no more that was taken back."""
    query = select(ArticleTrial).where(
        ArticleTrial.organisation_id == event.organisation_id, ArticleTrial.fix_id == event.fix_id
    )
    for trial in work.session.scalars(query).all():
        public = ArticleOutcome.article_id == trial.article_id, ArticleOutcome.id == trial.publication_id
        work.session.execute(delete(ArticleOutcome).where(*public))
        work.session.delete(trial)
