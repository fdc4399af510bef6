"""What is known about the condition of an entry, on its page at once."""

from flask import url_for

from statusportal.answers.queries import fixes_of
from statusportal.answers.vocabulary import FixState
from statusportal.entries.models import StatusEntry
from statusportal.http.views.articles import KnownFix
from statusportal.knowledge.queries import articles_about
from statusportal.web.knowledge.words import fixed_view, prose
from statusportal.web.talk.answer_view import Answered, watched_words
from statusportal.work import Work


def known_fixes(work: Work, entry: StatusEntry, answered: Answered) -> tuple[KnownFix, ...]:
    """Return the articles about an entry's condition, what helped most first; each says whether it is watched here."""
    lines = articles_about(work, entry)
    fixes = fixes_of(work, entry) if lines else ()
    watched = {fix.article_id: fix for fix in fixes if fix.state == FixState.WATCHED}
    return tuple(
        KnownFix(
            id=str(line.article.id),
            title=line.version.title,
            href=url_for("knowledge.article", article_id=line.article.id),
            fix=prose(line.version.fix),
            fixed=fixed_view(line.tally),
            apply_action=url_for("entries.apply_article_here", entry_id=entry.id) if answered.may_apply else "",
            watching=watched_words(watched[line.article.id]) if line.article.id in watched else "",
        )
        for line in lines
    )
