"""Raise the walls of what owners share and of articles: whoever has had a machine of the model, and no draft for them.

What staff wrote and nobody published holds customers' words, and so does a wording that was replaced.
"""

from statusportal.migrations.walls import (
    NOBODY,
    OF_MY_MODELS,
    OF_MY_TRIALS,
    PUBLISHED_TO_ME,
    READ_AS_PUBLISHED,
    UNDER_MY_ARTICLES,
    UNDER_MY_PUBLICATIONS,
    open_wall,
    open_wall_for_counting,
    open_wall_for_reading,
    raise_wall,
)

revision = "0055"
down_revision = "0054"


def upgrade() -> None:
    """Let owners write in their communities, and read articles, of which only the outcomes are theirs to tell."""
    raise_wall("publication", OF_MY_MODELS)
    raise_wall("article", NOBODY)
    open_wall_for_reading("article", PUBLISHED_TO_ME)
    for table in ("publication_line", "article_version", "article_outcome"):
        raise_wall(table, NOBODY)
    open_wall("publication_line", UNDER_MY_PUBLICATIONS)
    open_wall_for_reading("article_version", READ_AS_PUBLISHED)
    open_wall("article_outcome", OF_MY_TRIALS)
    open_wall_for_counting("article_outcome", UNDER_MY_ARTICLES)
