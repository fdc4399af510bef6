"""Words that are gone from a thread are gone from the article that was made of them, and owners read it no more."""

import pytest
from sqlalchemy import select

from statusportal.access.actor import SYSTEM
from statusportal.access.vocabulary import StaffRole
from statusportal.discussion.events import CommentDropped
from statusportal.discussion.models import Comment
from statusportal.erasure.erasing import erase_person
from statusportal.erasure.vocabulary import OwnWords
from statusportal.knowledge.forgetting import forget_source
from statusportal.knowledge.models import Article, ArticleVersion
from statusportal.knowledge.queries import article_for
from statusportal.knowledge.vocabulary import ArticleWords
from statusportal.knowledge.writing import draft_article, edit_article, publish_article, review_article
from tests.factories.accounts import make_staff_actor
from tests.factories.community import Community

OWN = "I turned the lower valve."


def wording(fix):
    return ArticleWords("Hot", OWN, "", fix)


class Told:
    """Two articles made of one answer: one is a draft, one was published in its second version and is written on."""

    def __init__(self, works):
        self.works, self.scene = works, Community(works)
        self.writer, self.reviewer = (make_staff_actor(works, StaffRole.EXPERT) for _ in range(2))
        with works.writing(self.writer) as work:
            self.draft, self.read = (draft_article(work, self.scene.model.id, None, wording(OWN)).id for _ in range(2))
        with works.writing(SYSTEM) as work:
            said = select(Comment).where(Comment.author_id == self.scene.member.id)
            self.comment = work.session.scalars(said).one()
            for one in (self.draft, self.read):
                work.session.get_one(Article, one).source_comment_id = self.comment.id
        self.publish()
        with works.writing(self.writer) as work:
            edit_article(work, self.read, wording("Turn the valve."))
        self.publish()
        with works.writing(self.writer) as work:
            edit_article(work, self.read, wording(OWN))

    def publish(self):
        with self.works.writing(self.reviewer) as work:
            edition = article_for(work, self.read).version.edition
            review_article(work, self.read, edition)
            publish_article(work, self.read, edition)

    def erase(self):
        with self.works.writing(SYSTEM) as work:
            erase_person(work, self.scene.member.id, OwnWords.GONE)

    def drop(self):
        named = {"organisation_id": self.comment.organisation_id, "entry_id": self.comment.entry_id}
        with self.works.writing(SYSTEM) as work:
            forget_source(work, CommentDropped(**named, comment_id=self.comment.id))


@pytest.mark.parametrize("way", ["erase", "drop"])
def test_words_that_are_gone_are_gone_from_articles(works, way):
    told = Told(works)
    getattr(told, way)()

    with works.reading(SYSTEM) as work:
        versions = select(ArticleVersion).order_by(ArticleVersion.number)
        left = {
            article_id: [
                (one.number, one.state, one.fix)
                for one in work.session.scalars(versions.where(ArticleVersion.article_id == article_id))
            ]
            for article_id in (told.draft, told.read)
        }
        articles = [work.session.get_one(Article, one) for one in (told.draft, told.read)]
    assert left == {told.draft: [(1, "draft", "")], told.read: [(1, "draft", ""), (2, "draft", "Turn the valve.")]}
    assert [(one.latest_number, one.published_number, one.source_comment_id) for one in articles] == [
        (1, None, None),
        (2, None, None),
    ]
