"""What was learned from what people said: an answer is accepted and applied, and becomes an article."""

from uuid import UUID

from statusportal.answers.accepting import accept_answer
from statusportal.answers.fixing import apply_answer
from statusportal.cli.demo_fleet.content import AcceptedTable, LearnedTable
from statusportal.cli.demo_fleet.world import World, actor_named
from statusportal.knowledge.vocabulary import ArticleWords
from statusportal.knowledge.writing import draft_from_answer, edit_article, publish_article, review_article
from statusportal.work import Works


def accept(works: Works, world: World, entry_id: UUID, comment_id: UUID, table: AcceptedTable) -> None:
    """Accept an answer, and let who did the work say so: from then on the machine is watched."""
    with works.writing(actor_named(works, world, table.by)) as work:
        accept_answer(work, comment_id)
    if table.applied_by:
        with works.writing(actor_named(works, world, table.applied_by)) as work:
            apply_answer(work, entry_id, comment_id)


def learn(works: Works, world: World, comment_id: UUID, table: LearnedTable) -> None:
    """Make an article of an accepted answer, have it reviewed, and publish it."""
    words = ArticleWords(table.title, table.symptom, table.cause, table.fix, table.firmware_from, table.firmware_to)
    with works.writing(actor_named(works, world, table.by)) as work:
        article_id = draft_from_answer(work, comment_id).id
        edition = edit_article(work, article_id, words).edition
    with works.writing(actor_named(works, world, table.reviewed_by)) as work:
        review_article(work, article_id, edition)
    with works.writing(actor_named(works, world, table.by)) as work:
        publish_article(work, article_id, edition)
