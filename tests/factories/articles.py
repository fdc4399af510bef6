"""Articles as rows, as two experts of the operator write them."""

from uuid import UUID

from statusportal.access.vocabulary import StaffRole
from statusportal.knowledge.queries import article_for
from statusportal.knowledge.vocabulary import ArticleWords
from statusportal.knowledge.writing import draft_article, publish_article, review_article
from statusportal.work import Works
from tests.factories.accounts import make_staff_actor


def make_article(works: Works, model_id: UUID) -> str:
    """Publish an article about the model, and return its id."""
    experts = [make_staff_actor(works, StaffRole.EXPERT) for _ in range(2)]
    words = ArticleWords(title="Too hot", symptom="", cause="", fix="Wait.")
    with works.writing(experts[0]) as work:
        article = draft_article(work, model_id, "temperature_high", words)
    with works.writing(experts[1]) as work:
        edition = article_for(work, article.id).version.edition
        review_article(work, article.id, edition)
        publish_article(work, article.id, edition)
    return str(article.id)
