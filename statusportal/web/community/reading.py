"""Reading what was shared: one entry with its answers, and a model's community."""

from uuid import UUID

from flask import Response, make_response, redirect, render_template, request, url_for
from flask_babel import gettext as _

from statusportal.access.permissions import Permission
from statusportal.anonymity.knowing import count_owners
from statusportal.anonymity.vocabulary import LEAST_OWNERS
from statusportal.catalogue.models import DeviceModel
from statusportal.community.answering import answer_publication, take_answer_back
from statusportal.community.queries import (
    PublicationFilters,
    community_model,
    lines_page,
    publication_for,
    publications_page,
)
from statusportal.foundation.errors import Invalid
from statusportal.foundation.ids import parse_id
from statusportal.foundation.paging import Slice, cursor_of
from statusportal.http import portal
from statusportal.http.policies import authors, checked_by
from statusportal.http.views.community import CommunityPage, RibbonPart
from statusportal.http.views.shell import FilterLink, Pages
from statusportal.insight.communities import fleet_healths
from statusportal.insight.figures import CommunityFigures, figures_of
from statusportal.web.community.blueprint import community
from statusportal.web.community.views import code_bars, publication_page, shared_row
from statusportal.web.forms import failed
from statusportal.work import Work

_PAGE, _LINES = 25, 50


@community.get("/models/<model_slug>")
@checked_by(Permission.COMMUNITY_READ)
def of_model(model_slug: str) -> str:
    """Show what owners of a model share, what nobody has answered first."""
    with portal.reading() as work:
        model = community_model(work, slug=model_slug)
        return render_template("community.html", page=_page(work, model))


@community.get("/community/<publication_id>")
@checked_by(Permission.COMMUNITY_READ)
def publication(publication_id: str) -> str:
    """Show a shared entry with what was said under it."""
    with portal.reading() as work:
        row = publication_for(work, parse_id(publication_id))
        page = publication_page(work, row, Slice(_LINES, request.args.get("cursor")))
        return render_template("publication.html", page=page)


@community.post("/community/<publication_id>/replies")
@checked_by(Permission.COMMUNITY_REPLY)
def answer(publication_id: str) -> Response:
    """Say something under an alias, and return to it."""
    key = parse_id(publication_id)
    try:
        with portal.writing() as work:
            line = answer_publication(work, key, request.form.get("body", ""))
            is_long = lines_page(work, key, Slice(_LINES)).next_cursor is not None
    except Invalid as err:
        with portal.reading() as work:
            page = publication_page(work, publication_for(work, key), Slice(_LINES), failed(err))
            return make_response(render_template("publication.html", page=page), 422)
    # Of a long conversation, the page on which the new line is the last one.
    before = cursor_of(line.position - _LINES + 1, UUID(int=0)) if is_long else None
    return _to(publication_id, f"l-{line.id}", before)


@community.post("/community/<publication_id>/replies/<reply_id>/delete")
@authors(Permission.COMMUNITY_REPLY)
def take_back(publication_id: str, reply_id: str) -> Response:
    """Take one's own word back; its place stays."""
    with portal.writing() as work:
        take_answer_back(work, parse_id(publication_id), parse_id(reply_id))
    return _to(publication_id, f"l-{reply_id}")


def _page(work: Work, model: DeviceModel) -> CommunityPage:
    firmware, code = request.args.get("firmware"), request.args.get("code")
    wanted = Slice(_PAGE, request.args.get("cursor"))
    found = publications_page(work, model.id, wanted, PublicationFilters(firmware, code))
    figures, owners = figures_of(work, model.id), count_owners(work, model.id)
    following = None
    if found.next_cursor:
        # What is None stands in no address.
        following = url_for(
            "community.of_model", model_slug=model.slug, firmware=firmware, code=code, cursor=found.next_cursor
        )
    return CommunityPage(
        name=model.name,
        description=model.description,
        owners=owners if owners >= LEAST_OWNERS else 0,
        least=LEAST_OWNERS,
        shared=figures.shared,
        resolved=figures.resolved,
        unanswered=figures.unanswered,
        ribbon=tuple(RibbonPart(health.value, count) for health, count in fleet_healths(work, model.id)),
        filters=_filters(model, figures, firmware, code),
        items=tuple(shared_row(row) for row in found.items),
        codes=code_bars(figures, model.slug),
        pages=Pages(next_href=following),
    )


def _filters(
    model: DeviceModel, figures: CommunityFigures, firmware: str | None, code: str | None
) -> tuple[FilterLink, ...]:
    """Return a chip for everything, one for each firmware that was shared about, and one for the chosen code."""
    everything = url_for("community.of_model", model_slug=model.slug)
    is_all = firmware is None and code is None
    chips = [FilterLink(_("Not answered first"), everything, figures.shared, is_current=is_all)]
    for one in figures.firmwares:
        href = url_for("community.of_model", model_slug=model.slug, firmware=one)
        chips.append(FilterLink(_("Firmware %(version)s", version=one), href, is_current=firmware == one))
    if code is not None:
        chips.append(FilterLink(code, url_for("community.of_model", model_slug=model.slug, code=code), is_current=True))
    return tuple(chips)


def _to(publication_id: str, anchor: str, cursor: str | None = None) -> Response:
    there = url_for("community.publication", publication_id=publication_id, cursor=cursor, _anchor=anchor)
    return make_response(redirect(there, 303))
