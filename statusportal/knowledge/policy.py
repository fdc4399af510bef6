"""Who reads articles, and who writes them: owners of the model read what was published, experts write."""

from datetime import datetime

from sqlalchemy import ColumnElement, and_, false, select, true

from statusportal.access.actor import Actor
from statusportal.access.permissions import Permission
from statusportal.access.policy import declare
from statusportal.access.vocabulary import ActorKind, StaffRole
from statusportal.fleet.models import Device
from statusportal.fleet.policy import present_devices, rows_visible_to
from statusportal.knowledge.models import Article, ArticleTrial

_EXPERTS = (StaffRole.EXPERT, StaffRole.ADMIN)

declare(
    {
        Permission.ARTICLE_WRITE: _EXPERTS,
        Permission.ARTICLE_REVIEW: _EXPERTS,
        Permission.ARTICLE_PUBLISH: _EXPERTS,
    }
)


def visible_articles(actor: Actor, now: datetime) -> ColumnElement[bool]:
    """Keep what was published for a model of which the actor may look at a machine now; staff have drafts too."""
    if actor.is_operator:
        return true()
    if actor.kind is not ActorKind.PERSON or actor.link is not None or not actor.is_scoped_to(Permission.MODEL_VIEW):
        return false()
    models = select(Device.model_id).where(present_devices(actor, now))
    return and_(Article.published_number.is_not(None), Article.model_id.in_(models))


def visible_trials(actor: Actor, now: datetime) -> ColumnElement[bool]:
    """Keep how it went on machines of the actor's own organisations; others' are counted and never shown."""
    rows = rows_visible_to(actor, ArticleTrial.organisation_id, ArticleTrial.device_id, ArticleTrial.said_at, now)
    return rows if actor.is_operator else and_(ArticleTrial.organisation_id.in_(actor.organisations), rows)
