"""What an article tells of nobody: the words it begins with, and a last look before owners of the model read it.

Source: docs/adr/0056-sharing-without-a-name.md.
"""

from sqlalchemy import select

from statusportal.anonymity.knowing import (
    count_owners,
    known_of,
    known_of_others,
    known_of_thread,
    names_of_others,
    operators_name,
)
from statusportal.anonymity.masks import Masker
from statusportal.anonymity.readying import told_about
from statusportal.anonymity.vocabulary import LEAST_OWNERS
from statusportal.catalogue.models import DeviceModel
from statusportal.discussion.models import Comment
from statusportal.entries.models import StatusEntry
from statusportal.foundation.errors import Conflict, Sentence
from statusportal.knowledge.models import Article, ArticleVersion
from statusportal.knowledge.vocabulary import ArticleWords
from statusportal.work import Work


def silent_words(work: Work, entry: StatusEntry, comment: Comment) -> tuple[ArticleWords, str | None]:
    """Return the words and the code that an article of an answer begins with, all that is known taken out."""
    known = [*known_of(work, entry.organisation_id), *known_of_thread(work, entry), *known_of_others(work)]
    firmware = entry.device.firmware if entry.device.has_words_at(work.now) else ""
    masker, (firmware, code) = told_about(work, entry.device.model, known, (firmware, entry.code or ""))
    words = ArticleWords(
        title=masker.mask(entry.title).text or code,
        symptom=masker.mask(f"{entry.title}\n\n{entry.body_markdown}").text,
        cause="",
        fix=masker.mask(comment.body_markdown).text,
        firmware_from=firmware,
        firmware_to=firmware,
    )
    return words, code or None


def refuse_telling(work: Work, article: Article, version: ArticleVersion) -> None:
    """Refuse words that tell whose machine an article is about, by name, or that name any other customer.

    Raises: Conflict.
    """
    model = work.session.get_one(DeviceModel, article.model_id)
    known = names_of_others(work)
    entry = _source_of(work, article)
    if entry is not None:
        known += [*known_of(work, entry.organisation_id), *known_of_thread(work, entry)]
    masker = Masker.of(known, [model.name, model.slug, operators_name(work)])
    texts = [str(getattr(version, name)) for name in ArticleWords.__slots__]
    told = {one: None for text in [*texts, article.code or ""] for one in masker.still_told(text)}
    if told:
        raise Conflict(Sentence("These words tell whose machine it was: %(words)s.", words=", ".join(told)))


def refuse_guessing(work: Work, article: Article) -> None:
    """Refuse to show an article of somebody's answer to so few owners that they could guess whose it was.

    Raises: Conflict.
    """
    if article.source_comment_id is not None and count_owners(work, article.model_id) < LEAST_OWNERS:
        least = Sentence(
            "An article of an answer is published once %(least)s organisations own this model.", least=LEAST_OWNERS
        )
        raise Conflict(least)


def _source_of(work: Work, article: Article) -> StatusEntry | None:
    """Return the entry whose answer an article was made of, also where that was taken back since."""
    source = (
        select(StatusEntry)
        .join(
            Comment,
            (Comment.organisation_id == StatusEntry.organisation_id) & (Comment.entry_id == StatusEntry.id),
        )
        .where(Comment.id == article.source_comment_id)
    )
    return work.session.scalars(source).one_or_none()
