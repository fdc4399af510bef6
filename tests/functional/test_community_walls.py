"""The walls of what owners share and of articles: a query without a condition shows no draft and no other's model."""

import pytest
from sqlalchemy import text
from sqlalchemy.exc import ProgrammingError

from statusportal.access.actor import SYSTEM
from statusportal.access.vocabulary import StaffRole
from statusportal.knowledge.queries import article_for
from statusportal.knowledge.vocabulary import ArticleWords
from statusportal.knowledge.writing import draft_article, edit_article, publish_article, review_article
from tests.factories.accounts import actor_for, make_staff_actor
from tests.factories.community import Community

TABLES = ("publication", "publication_line", "article", "article_version", "article_outcome")


def wording(fix):
    return ArticleWords("Hot", "Hot at Engdal", "", fix, "", "")


class Written:
    """A shared entry, an article that was published and is being changed, one that is a draft, and an outcome."""

    def __init__(self, works):
        self.scene = Community(works)
        self.scene.share()
        writer, reviewer = (make_staff_actor(works, StaffRole.EXPERT) for _ in range(2))
        with works.writing(writer) as work:
            read, _draft = (draft_article(work, self.scene.model.id, None, wording("Cool it.")).id for _ in range(2))
        with works.writing(reviewer) as work:
            edition = article_for(work, read).version.edition
            review_article(work, read, edition)
            publish_article(work, read, edition)
        with works.writing(writer) as work:
            edit_article(work, read, wording("Cool it at Engdal."))
        with works.writing(SYSTEM) as work:
            outcome = "INSERT INTO article_outcome SELECT id, id, 'worked', true FROM article"
            work.session.execute(text(outcome))


def counts(works, actor):
    with works.reading(actor) as work:
        ask = "SELECT count(*) FROM {}"
        return {table: work.session.execute(text(ask.format(table))).scalar_one() for table in TABLES}


def test_query_without_a_condition_shows_what_owners_of_the_model_may_read(works):
    if works.engine.dialect.name != "postgresql":
        return
    scene = Written(works).scene
    strangers = counts(works, actor_for(works, scene.stranger))
    others = actor_for(works, scene.others[0])

    assert set(strangers.values()) == {0}
    assert [counts(works, others)[table] for table in TABLES[2:]] == [1, 1, 1]
    assert counts(works, others)["publication_line"] == counts(works, SYSTEM)["publication_line"] > 0
    assert [counts(works, SYSTEM)[table] for table in TABLES[2:]] == [2, 3, 2]
    with works.writing(others) as work:
        changed = [
            work.session.execute(text(statement)).rowcount
            for statement in ("UPDATE article_version SET fix = ''", "UPDATE article_outcome SET outcome = 'did_not'")
        ]
        with pytest.raises(ProgrammingError, match="row-level security"), work.session.begin_nested():
            work.session.execute(text("INSERT INTO article_outcome SELECT id, model_id, 'worked', true FROM article"))
    assert changed == [0, 0]
