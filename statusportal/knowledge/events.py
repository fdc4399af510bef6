"""What happened to articles."""

from dataclasses import dataclass
from uuid import UUID

from statusportal.foundation.events import Event


@dataclass(frozen=True, slots=True, kw_only=True)
class ArticlePublished(Event):
    """Every owner of the model may read a version from now on."""

    article_id: UUID
    model_id: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class ArticleWithdrawn(Event):
    """Only staff may read it from now on."""

    article_id: UUID
    model_id: UUID
