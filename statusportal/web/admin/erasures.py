"""Erasing at somebody's word: whose waits, what was done, and ordering it for a person or an organisation."""

from collections.abc import Callable, Mapping, Sequence
from uuid import UUID

from flask import Response, flash, make_response, redirect, render_template, request, url_for
from flask_babel import gettext as _

from statusportal.access.permissions import Permission
from statusportal.access.policy import require
from statusportal.accounts.queries import organisation_for, organisations_named, people_named, person_for
from statusportal.erasure import wishing
from statusportal.erasure.erasing import subject_of
from statusportal.erasure.models import ErasureRecord, ErasureWish
from statusportal.erasure.queries import done_page, find_wish_about, members_of_it_alone, waiting_wishes_page
from statusportal.erasure.vocabulary import ErasureKind, OwnWords
from statusportal.foundation.errors import Faults, Sentence
from statusportal.foundation.ids import parse_id
from statusportal.foundation.paging import Slice
from statusportal.http import portal
from statusportal.http.policies import checked_by, needs
from statusportal.http.views.erasures import DoneErasure, ErasePage, ErasuresPage, WaitingErasure
from statusportal.http.views.shell import Form
from statusportal.identity.proving import has_fresh_proof
from statusportal.web.admin.blueprint import admin
from statusportal.web.forms import FORM_TROUBLES, troubled, word
from statusportal.web.paging import page_links, wanted_slice
from statusportal.work import Work

_SHOWN = 20


@admin.get("/erasures")
@needs(Permission.PERSON_ERASE)
def erasures() -> str:
    """List whose erasing waits, and what was done."""
    with portal.reading() as work:
        waiting = waiting_wishes_page(work, wanted_slice())
        page = ErasuresPage(
            waiting=_waiting(work, waiting.items),
            waiting_pages=page_links(waiting, "admin.erasures"),
            done=tuple(_done_row(row) for row in done_page(work, Slice(limit=_SHOWN)).items),
            days=work.settings.erase_after_days,
        )
    return render_template("admin/erasures.html", page=page)


@admin.post("/erasures/<wish_id>/withdraw")
@checked_by(Permission.PERSON_ERASE)
def withdraw_erasure(wish_id: str) -> Response:
    """Withdraw an erasing before it is due."""
    with portal.writing() as work:
        wishing.withdraw_erasure(work, parse_id(wish_id))
    flash(_("Withdrawn. Nothing was erased."), "success")
    return make_response(redirect(url_for("admin.erasures"), 303))


@admin.get("/people/<person_id>/erasure")
@checked_by(Permission.PERSON_ERASE)
def erase_person(person_id: str) -> str:
    """Say what erasing a person takes and leaves, and offer it."""
    with portal.reading() as work:
        return render_template("admin/erase.html", page=_page_of_person(work, parse_id(person_id)))


@admin.post("/people/<person_id>/erasure")
@checked_by(Permission.PERSON_ERASE)
def order_person(person_id: str) -> Response:
    """Have a person erased at their word."""
    return _order(parse_id(person_id), wishing.order_erasure_of_person, _page_of_person)


@admin.get("/organisations/<organisation_id>/erasure")
@checked_by(Permission.ORGANISATION_ERASE)
def erase_organisation(organisation_id: str) -> str:
    """Say what erasing an organisation takes and leaves, and offer it."""
    with portal.reading() as work:
        return render_template("admin/erase.html", page=_page_of_organisation(work, parse_id(organisation_id)))


@admin.post("/organisations/<organisation_id>/erasure")
@checked_by(Permission.ORGANISATION_ERASE)
def order_organisation(organisation_id: str) -> Response:
    """Have an organisation erased at its word."""
    return _order(parse_id(organisation_id), wishing.order_erasure_of_organisation, _page_of_organisation)


def _order(
    subject_id: UUID,
    order: Callable[[Work, UUID, OwnWords], object],
    page_of: Callable[[Work, UUID, Form | None], ErasePage],
) -> Response:
    """Order an erasing and go to the list; what was wrong stands on the page that offered it."""
    try:
        own_words = _asked()
        with portal.writing() as work:
            order(work, subject_id, own_words)
    except FORM_TROUBLES as err:
        form, status = troubled(err)
        with portal.reading() as work:
            return make_response(render_template("admin/erase.html", page=page_of(work, subject_id, form)), status)
    flash(_("Ordered. Until it is due it can be withdrawn here."), "success")
    return make_response(redirect(url_for("admin.erasures"), 303))


def _asked() -> OwnWords:
    faults = Faults()
    own_words = word(faults, "own_words", OwnWords, OwnWords.KEPT)
    if not request.form.get("sure"):
        faults.note("/sure", Sentence("Tick this first."))
    faults.close()
    return own_words


def _page_of_person(work: Work, person_id: UUID, form: Form | None = None) -> ErasePage:
    row = person_for(work, person_id)
    require(work.actor, Permission.PERSON_ERASE)
    return ErasePage(
        name=row.name,
        back_href=url_for("admin.person", person_id=row.id),
        action=url_for("admin.order_person", person_id=row.id),
        days=work.settings.erase_after_days,
        wish=_found(work, find_wish_about(work, row.id)),
        needs_proof=not has_fresh_proof(work),
        form=form or Form({"own_words": OwnWords.KEPT.value}),
    )


def _page_of_organisation(work: Work, organisation_id: UUID, form: Form | None = None) -> ErasePage:
    row = organisation_for(work, organisation_id)
    require(work.actor, Permission.ORGANISATION_ERASE)
    return ErasePage(
        name=row.name,
        back_href=url_for("admin.organisation", organisation_id=row.id),
        action=url_for("admin.order_organisation", organisation_id=row.id),
        is_organisation=True,
        people=len(members_of_it_alone(work, row.id)),
        days=work.settings.erase_after_days,
        wish=_found(work, find_wish_about(work, row.id)),
        needs_proof=not has_fresh_proof(work),
        form=form or Form({"own_words": OwnWords.KEPT.value}),
    )


def _found(work: Work, wish: ErasureWish | None) -> WaitingErasure | None:
    return _waiting(work, [wish])[0] if wish else None


def _waiting(work: Work, rows: Sequence[ErasureWish]) -> tuple[WaitingErasure, ...]:
    people = people_named(work, [one for row in rows for one in (row.person_id, row.ordered_by) if one])
    erased = [row.erased_organisation_id for row in rows if row.erased_organisation_id]
    organisations = {one: row.name for one, row in organisations_named(work, erased).items()}
    return tuple(_waiting_row(row, {**people, **organisations}) for row in rows)


def _waiting_row(row: ErasureWish, names: Mapping[UUID, str]) -> WaitingErasure:
    is_organisation = row.erased_organisation_id is not None
    subject_id = subject_of(row)
    return WaitingErasure(
        id=str(row.id),
        name=names.get(subject_id, ""),
        href=url_for("admin.erase_organisation", organisation_id=subject_id)
        if is_organisation
        else url_for("admin.erase_person", person_id=subject_id),
        is_organisation=is_organisation,
        keeps_words=row.own_words == OwnWords.KEPT,
        asked_at=row.asked_at,
        due_at=row.due_at,
        ordered_by=names.get(row.ordered_by, "") if row.ordered_by else "",
    )


def _done_row(row: ErasureRecord) -> DoneErasure:
    return DoneErasure(
        is_organisation=row.kind == ErasureKind.ORGANISATION,
        keeps_words=row.own_words == OwnWords.KEPT,
        asked_at=row.at,
    )
