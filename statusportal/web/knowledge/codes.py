"""An alarm code of a model: what it means, what fixed it with its denominator, and where it happened to the reader."""

from flask import render_template, url_for

from statusportal.access.permissions import Permission
from statusportal.access.policy import actor_holds, require
from statusportal.answers.queries import answered_among
from statusportal.catalogue.models import DeviceModel
from statusportal.catalogue.queries import model_for, rules_of
from statusportal.community.queries import PublicationFilters, community_model, publications_page
from statusportal.entries.queries import entries_page
from statusportal.entries.vocabulary import EntryFilters
from statusportal.fleet.queries import words_seen
from statusportal.foundation.errors import NotFound
from statusportal.foundation.paging import Slice
from statusportal.http import portal
from statusportal.http.filters import reader_locale
from statusportal.http.policies import checked_by
from statusportal.http.views.articles import ArticleRow, CodePage, Occurrence, SharedRow
from statusportal.knowledge.queries import articles_page
from statusportal.web.knowledge.blueprint import knowledge
from statusportal.web.knowledge.words import firmware_words, fixed_view
from statusportal.web.talk.words import entry_title
from statusportal.work import Work

_MOST = 20


@knowledge.get("/models/<slug>/codes/<code>")
@checked_by(Permission.MODEL_VIEW)
def code(slug: str, code: str) -> str:
    """Show what is known about an alarm code."""
    with portal.reading() as work:
        require(work.actor, Permission.MODEL_VIEW)
        return render_template("alarm_code.html", page=_page(work, model_for(work, slug), code))


def _page(work: Work, model: DeviceModel, code: str) -> CodePage:
    papers = _papers(work, model, code)
    articles = articles_page(work, Slice(_MOST), model_id=model.id, code=code).items
    rows = entries_page(work, Slice(_MOST), EntryFilters(code=code, model_id=model.id)).items
    if papers is None and not articles and not rows:
        raise NotFound
    meaning, advice = papers or ("", "")
    names, answered = words_seen(work, [row.device for row in rows]), answered_among(work, [row.id for row in rows])
    return CodePage(
        code=code,
        model_name=model.name,
        model_slug=model.slug,
        meaning=meaning,
        advice=advice,
        articles=tuple(
            ArticleRow(
                title=one.version.title,
                href=url_for("knowledge.article", article_id=one.article.id),
                firmware=firmware_words(one.version),
                fixed=fixed_view(one.tally),
                state=one.version.state,
            )
            for one in sorted(articles, key=lambda line: -line.tally.worked)
        ),
        occurrences=tuple(
            Occurrence(
                title=entry_title(row),
                href=url_for("entries.entry", entry_id=row.id),
                device=names[row.device_id].name,
                at=row.opened_at,
                health=row.health,  # type: ignore[arg-type]  # a word of ours, kept as text
                lifecycle=row.lifecycle,
                is_answered=row.id in answered,
                is_mine=row.organisation_id in work.actor.organisations,
            )
            for row in rows
        ),
        shared=_from_owners(work, model, code),
        search_href=url_for("search.search", q=code),
    )


def _from_owners(work: Work, model: DeviceModel, code: str) -> tuple[SharedRow, ...]:
    """Return what other owners shared about it, for who belongs to the model's community."""
    if not actor_holds(work.actor, Permission.COMMUNITY_READ, None):
        return ()
    try:
        community_model(work, model_id=model.id)
    except NotFound:
        return ()
    rows = publications_page(work, model.id, Slice(_MOST), PublicationFilters(code=code)).items
    return tuple(
        SharedRow(
            title=row.title,
            href=url_for("community.publication", publication_id=row.id),
            alias=row.alias,
            at=row.shared_at,
            is_resolved=row.is_resolved,
            is_answered=row.line_count > 0,
        )
        for row in rows
    )


def _papers(work: Work, model: DeviceModel, code: str) -> tuple[str, str] | None:
    """Return what the maker says of a code in the reader's language: its meaning and advice; None for no word of it."""
    # A native condition stands under its rule's code and the machine's own.
    rules_code, _at, native = code.partition("@")
    codes = {code, native}
    is_danish, rules = reader_locale() == "da", rules_of(work, [model.id])[model.id]
    for one in rules.codes:
        if one.code in codes:
            meaning = one.meaning_da if is_danish and one.meaning_da else one.meaning_en
            return meaning, one.advice_da if is_danish and one.advice_da else one.advice_en
    for limit in rules.limits:
        if limit.code == code:
            return "", limit.advice_da if is_danish and limit.advice_da else limit.advice_en
    for rule in rules.rules:
        if rule.code == rules_code:
            return "", rule.advice_da if is_danish and rule.advice_da else rule.advice_en
    return None
