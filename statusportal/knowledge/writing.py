"""Verbs of writing: draft, edit, review, publish, withdraw. What owners read was read by two experts before."""

from uuid import UUID

from sqlalchemy import select

from statusportal.access.permissions import Permission
from statusportal.access.policy import require
from statusportal.answers.models import AcceptedAnswer, AppliedFix
from statusportal.audit.service import record_act
from statusportal.catalogue.queries import model_for
from statusportal.discussion.queries import comment_for
from statusportal.entries.queries import entry_for
from statusportal.foundation.errors import Conflict, Faults, Invalid, Sentence, Stale
from statusportal.foundation.ids import new_id
from statusportal.knowledge.events import ArticlePublished, ArticleWithdrawn
from statusportal.knowledge.models import Article, ArticleVersion
from statusportal.knowledge.queries import ArticleLine, article_for
from statusportal.knowledge.silencing import refuse_guessing, refuse_telling, silent_words
from statusportal.knowledge.trying import note_fix_row
from statusportal.knowledge.vocabulary import ArticleState, ArticleWords
from statusportal.prose.checking import text_checked, title_checked
from statusportal.work import Work

_LONGEST_FIRMWARE = 60
_LONGEST_CODE = 80


def draft_article(work: Work, model_id: UUID, code: str | None, words: ArticleWords) -> Article:
    """Begin an article about a model, and about one of its codes where that is given.

    Raises: Forbidden; NotFound for a model that is not there; Invalid with pointers.
    """
    require(work.actor, Permission.ARTICLE_WRITE)
    model = model_for(work, model_id)
    faults = Faults()
    about = faults.line("/code", code, most=_LONGEST_CODE) if code else None
    faults.close()
    return _add(work, model.id, about, _checked(work, words), None)


def draft_from_answer(work: Work, comment_id: UUID) -> Article:
    """Begin an article from an accepted answer, with what names its owner taken out; a second time it is the same one.

    Raises: NotFound; Forbidden; Conflict where the comment is no accepted answer.
    """
    comment = comment_for(work, comment_id)
    require(work.actor, Permission.ARTICLE_WRITE)
    entry = entry_for(work, comment.entry_id)
    if work.session.get(AcceptedAnswer, (entry.organisation_id, entry.id, comment.id)) is None:
        raise Conflict(Sentence("Accept the answer first: an article is made of an accepted answer."))
    known = work.session.scalars(select(Article).where(Article.source_comment_id == comment.id).limit(1)).first()
    if known is not None:
        return known
    words, code = silent_words(work, entry, comment)
    article = _add(work, entry.device.model_id, code, words, comment.id)
    fixes = select(AppliedFix).where(
        AppliedFix.organisation_id == entry.organisation_id,
        AppliedFix.entry_id == entry.id,
        AppliedFix.comment_id == comment.id,
    )
    for fix in work.session.scalars(fixes.order_by(AppliedFix.id)):
        note_fix_row(work, fix, article.id)
    return article


def edit_article(work: Work, article_id: UUID, words: ArticleWords) -> ArticleVersion:
    """Change a draft, or begin the next version of what was reviewed or published; owners read on what they read.

    Raises: NotFound, Forbidden, Invalid with pointers.
    """
    line = _locked(work, article_id)
    require(work.actor, Permission.ARTICLE_WRITE)
    checked, version = _checked(work, words), line.version
    if version.state != ArticleState.DRAFT:
        line.article.latest_number = version.number + 1
        version = _version(work, line.article, line.article.latest_number, checked)
    else:
        for name in ArticleWords.__slots__:
            setattr(version, name, getattr(checked, name))
        version.written_by, version.written_at = work.actor.person_id, work.now
    record_act(work, "article.edited", "article", article_id, number=version.number)
    work.session.flush()
    return version


def review_article(work: Work, article_id: UUID, edition: int | None) -> ArticleVersion:
    """Say that a draft is right and tells of nobody, in the edition that one read. Who wrote it does not.

    Raises: NotFound; Forbidden; Conflict where nothing waits for a review, one's own words do, or a word tells whose
    machine it was; Invalid without an edition; Stale when it has another one.
    """
    article = _locked(work, article_id)
    version = article.version
    require(work.actor, Permission.ARTICLE_REVIEW)
    if version.state != ArticleState.DRAFT or not version.fix:
        raise Conflict(Sentence("No draft waits for a review."))
    if version.written_by == work.actor.person_id:
        raise Conflict(Sentence("Somebody else reviews what you wrote."))
    _expect(version, edition)
    refuse_telling(work, article.article, version)
    version.state, version.reviewed_by, version.reviewed_at = ArticleState.REVIEWED, work.actor.person_id, work.now
    record_act(work, "article.reviewed", "article", article_id, number=version.number)
    work.session.flush()
    return version


def publish_article(work: Work, article_id: UUID, edition: int | None) -> ArticleVersion:
    """Let every owner of the model read what was reviewed, in the edition that one read.

    Raises: NotFound; Forbidden; Conflict where nothing was reviewed, a word tells whose machine it was, or too few
    own the model; Invalid without an edition; Stale when it has another one.
    """
    line = _locked(work, article_id)
    require(work.actor, Permission.ARTICLE_PUBLISH)
    if line.version.state != ArticleState.REVIEWED:
        raise Conflict(Sentence("Only what was reviewed is published."))
    _expect(line.version, edition)
    refuse_telling(work, line.article, line.version)
    refuse_guessing(work, line.article)
    line.version.state, line.version.published_at = ArticleState.PUBLISHED, work.now
    line.article.published_number = line.version.number
    record_act(work, "article.published", "article", article_id, number=line.version.number)
    work.session.flush()
    work.emit(ArticlePublished(article_id=article_id, model_id=line.article.model_id))
    return line.version


def withdraw_article(work: Work, article_id: UUID) -> None:
    """Keep an article from owners; its history and what it helped stay.

    Raises: NotFound, Forbidden.
    """
    line = _locked(work, article_id)
    require(work.actor, Permission.ARTICLE_PUBLISH)
    if line.article.published_number is None:
        return
    line.article.published_number = None
    record_act(work, "article.withdrawn", "article", article_id)
    work.session.flush()
    work.emit(ArticleWithdrawn(article_id=article_id, model_id=line.article.model_id))


def _locked(work: Work, article_id: UUID) -> ArticleLine:
    """Return an article that nobody else changes until this work ends.

    Raises: NotFound.
    """
    work.session.execute(select(Article.id).where(Article.id == article_id).with_for_update())
    return article_for(work, article_id)


def _expect(version: ArticleVersion, edition: int | None) -> None:
    """Let nobody stand for words that they have not read.

    Raises: Invalid without an edition; Stale when it has another one.
    """
    if edition is None:
        raise Invalid.field("/edition", Sentence("must name the edition that you read"))
    if edition != version.edition:
        raise Stale(version.edition)


def _add(work: Work, model_id: UUID, code: str | None, words: ArticleWords, source_id: UUID | None) -> Article:
    article = Article(
        id=new_id(),
        model_id=model_id,
        code=code,
        latest_number=1,
        source_comment_id=source_id,
        created_at=work.now,
    )
    work.session.add(article)
    work.session.flush()
    _version(work, article, 1, words)
    record_act(work, "article.drafted", "article", article.id)
    return article


def _version(work: Work, article: Article, number: int, words: ArticleWords) -> ArticleVersion:
    version = ArticleVersion(
        article_id=article.id,
        number=number,
        state=ArticleState.DRAFT,
        **{name: getattr(words, name) for name in ArticleWords.__slots__},
        written_by=work.actor.person_id,
        written_at=work.now,
    )
    work.session.add(version)
    work.session.flush()
    return version


def _checked(work: Work, words: ArticleWords) -> ArticleWords:
    faults = Faults()
    title = title_checked(words.title)
    texts = {name: text_checked(work, f"/{name}", getattr(words, name)) for name in ("symptom", "cause", "fix")}
    span = {
        name: faults.line(f"/{name}", getattr(words, name), most=_LONGEST_FIRMWARE) if getattr(words, name) else ""
        for name in ("firmware_from", "firmware_to")
    }
    if not texts["fix"]:
        faults.note("/fix", Sentence("must not be empty"))
    faults.close()
    return ArticleWords(title=title, **texts, **span)
