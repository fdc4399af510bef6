"""Writing under an entry: comments, their edits, the steps of the lifecycle, and the entry's own words."""

from dataclasses import replace
from datetime import datetime
from http import HTTPStatus
from uuid import UUID

from flask import Response, make_response, redirect, render_template, request, url_for
from flask_babel import gettext as _
from markupsafe import Markup, escape

from statusportal.access.permissions import Permission
from statusportal.access.policy import actor_holds
from statusportal.accounts.models import Organisation
from statusportal.consent.widening import change_audience
from statusportal.discussion.models import Comment
from statusportal.discussion.queries import own_comment_for
from statusportal.discussion.service import delete_comment as take_back
from statusportal.discussion.service import edit_comment as reword
from statusportal.discussion.vocabulary import CommentKind, FieldReport
from statusportal.drafts.service import drop_draft, keep_draft
from statusportal.entries import service
from statusportal.entries.disputing import say_still_broken
from statusportal.entries.models import StatusEntry
from statusportal.entries.queries import entry_for
from statusportal.entries.service import wording_of
from statusportal.entries.vocabulary import Audience, Lifecycle
from statusportal.foundation.errors import Conflict, Invalid, Stale
from statusportal.foundation.ids import parse_id
from statusportal.http import portal
from statusportal.http.policies import authors, checked_by
from statusportal.http.saying import evidence_for, say_with
from statusportal.http.views.shell import Form
from statusportal.http.views.writing import Clash, EditPage
from statusportal.prose.markdown import render_markdown
from statusportal.web.forms import FORM_TROUBLES, filled, one_of, text, troubled, typed
from statusportal.web.talk.blueprint import entries
from statusportal.web.talk.entry_view import entry_page
from statusportal.web.talk.files import files_sent
from statusportal.web.talk.pinning import wishes_sent
from statusportal.web.talk.places import comment_href
from statusportal.web.talk.thread_view import beyond_entry
from statusportal.web.talk.words import audience_choices, entry_title
from statusportal.work import Work


@entries.post("/entries/<entry_id>/comments")
@checked_by(Permission.COMMENT_POST)
def comment(entry_id: str) -> Response:
    """Post a comment and return to it, or show what it would look like; either way nothing that was typed is lost."""
    entry_key = parse_id(entry_id)
    if text("do") == "preview":
        return _preview(entry_key)
    try:
        files = files_sent(entry_key)
        evidence = evidence_for(entry_key, wishes_sent())
        with portal.writing() as work:
            report = _report()
            posted = say_with(
                work,
                entry_key,
                request.form.get("body", ""),
                attachments=files,
                evidence=evidence,
                parent_id=_parent_id(),
                kind=CommentKind.FIELD_REPORT if report else one_of("kind", CommentKind) or CommentKind.COMMENT,
                audience=one_of("audience", Audience),
                lifecycle=one_of("lifecycle", Lifecycle),
                report=report,
            )
            drop_draft(work, entry_key)
    except (Invalid, Conflict) as err:
        form, status = troubled(err)
        with portal.reading() as work:
            page = entry_page(work, entry_for(work, entry_key), form)
            return make_response(render_template("entry.html", page=page), status)
    return _to_comment(posted)


@entries.get("/comments/<comment_id>/edit")
@authors(Permission.COMMENT_POST)
def edit_comment(comment_id: str) -> str:
    """Show the form that changes one's own words."""
    with portal.reading() as work:
        row = own_comment_for(work, parse_id(comment_id))
    return render_template(
        "edit.html",
        page=_comment_form(row.entry_id, row.id, filled({"body": row.body_markdown, "version": row.edition})),
    )


@entries.post("/comments/<comment_id>/edit")
@authors(Permission.COMMENT_POST)
def edit_comment_now(comment_id: str) -> Response:
    """Keep the new wording."""
    try:
        with portal.writing() as work:
            row = reword(work, parse_id(comment_id), request.form.get("body", ""), _version())
    except FORM_TROUBLES as err:
        form, status = troubled(err)
        with portal.reading() as work:
            row = own_comment_for(work, parse_id(comment_id))
        page = _comment_form(row.entry_id, row.id, form)
        if isinstance(err, Stale):
            page = replace(page, clash=_clash(row.body_html, row.edited_at or row.created_at))
        return make_response(render_template("edit.html", page=page), status)
    return _to_comment(row)


@entries.post("/comments/<comment_id>/delete")
@authors(Permission.COMMENT_POST)
def delete_comment(comment_id: str) -> Response:
    """Take one's own words back; the place stays."""
    with portal.writing() as work:
        row = take_back(work, parse_id(comment_id))
    return _to_comment(row)


@entries.post("/entries/<entry_id>/lifecycle")
@checked_by(Permission.ENTRY_ACKNOWLEDGE, Permission.ENTRY_MOVE)
def lifecycle(entry_id: str) -> Response:
    """Take a step."""
    wanted = one_of("lifecycle", Lifecycle)
    if wanted is None:
        raise Invalid.field("/lifecycle", _("Choose one of these."))
    with portal.writing() as work:
        service.move_lifecycle(work, parse_id(entry_id), wanted)
    return _to(entry_id)


@entries.post("/entries/<entry_id>/still-broken")
@checked_by(Permission.ENTRY_ACKNOWLEDGE)
def still_broken(entry_id: str) -> Response:
    """Say that it is still broken, whatever the machine says."""
    with portal.writing() as work:
        say_still_broken(work, parse_id(entry_id))
    return _to(entry_id)


@entries.get("/entries/<entry_id>/edit")
@authors(Permission.ENTRY_VIEW)
def edit_entry(entry_id: str) -> str:
    """Show the form that changes an entry's words and who may read it."""
    with portal.reading() as work:
        row = entry_for(work, parse_id(entry_id))
        service.require_authorship(work, row)
        words = {"title": row.title, "body": row.body_markdown, "audience": row.audience}
        form = filled({**words, "version": wording_of(row)})
        return render_template("edit.html", page=_entry_form(work, row, form))


@entries.post("/entries/<entry_id>/edit")
@authors(Permission.ENTRY_VIEW)
def edit_entry_now(entry_id: str) -> Response:
    """Keep the new words and the new audience."""
    key = parse_id(entry_id)
    try:
        with portal.writing() as work:
            row = service.edit_entry(work, key, text("title"), request.form.get("body", ""), _version())
            audience = one_of("audience", Audience)
            if audience is not None and audience != row.audience:
                change_audience(work, key, audience)
    except FORM_TROUBLES as err:
        form, status = troubled(err)
        with portal.reading() as work:
            row = entry_for(work, key)
            page = _entry_form(work, row, form)
            if isinstance(err, Stale):
                page = replace(page, clash=_clash(row.body_html, row.edited_at or row.created_at, entry_title(row)))
            return make_response(render_template("edit.html", page=page), status)
    return _to(entry_id)


def _to(entry_id: str) -> Response:
    return make_response(redirect(url_for("entries.entry", entry_id=entry_id), 303))


def _to_comment(row: Comment) -> Response:
    return make_response(redirect(comment_href(row.entry_id, row.id), 303))


def _preview(entry_key: UUID) -> Response:
    """Show what was typed as it would be read, and keep it as a draft."""
    try:
        files_sent(entry_key)
        with portal.writing() as work:
            keep_draft(work, entry_key, request.form.get("body", ""), _parent_id())
        form, status = Form(typed()), 200
    except Invalid as err:
        form, status = troubled(err)
    with portal.reading() as work:
        page = entry_page(work, entry_for(work, entry_key), form)
        composer = page.thread.composer
        if composer and status == HTTPStatus.OK:
            words = render_markdown(form.value("body"))
            shown = replace(composer, preview=Markup(words))  # noqa: S704 - just sanitised
            page = replace(page, thread=replace(page.thread, composer=shown))
        return make_response(render_template("entry.html", page=page), status)


def _report() -> FieldReport | None:
    """Return the lines of a field report, or None where none was written."""
    lines = FieldReport(text("found"), text("did"), text("parts"), text("next"))
    return None if lines == FieldReport() else lines


def _version() -> int | None:
    """Return which wording the form was filled with; a form that names none is taken as it is."""
    said = text("version")
    return int(said) if said.isascii() and said.isdigit() else None


def _clash(theirs: str, at: datetime, title: str = "") -> Clash:
    head = f"<p><b>{escape(title)}</b></p>" if title else ""
    mine = f"<p><b>{escape(text('title'))}</b></p>" if title else ""
    yours = render_markdown(request.form.get("body", ""))
    return Clash(at, Markup(head + theirs), Markup(mine + yours))  # noqa: S704 - sanitised when written, and just now


def _parent_id() -> UUID | None:
    wanted = text("parent_id")
    return parse_id(wanted) if wanted else None


def _comment_form(entry_id: UUID, comment_id: UUID, form: Form) -> EditPage:
    return EditPage(
        action=url_for("entries.edit_comment_now", comment_id=comment_id),
        back_href=comment_href(entry_id, comment_id),
        heading=_("Change your comment"),
        form=form,
        delete_action=url_for("entries.delete_comment", comment_id=comment_id),
    )


def _entry_form(work: Work, row: StatusEntry, form: Form) -> EditPage:
    organisation = work.session.get(Organisation, row.organisation_id)
    name, beyond = organisation.name if organisation else "", beyond_entry(work, row)
    choices = audience_choices(Audience.SHARED, name, beyond, internal_too=True)
    return EditPage(
        action=url_for("entries.edit_entry_now", entry_id=row.id),
        back_href=url_for("entries.entry", entry_id=row.id),
        heading=_("Change “%(title)s”", title=entry_title(row)),
        form=form,
        has_title=True,
        audiences=choices if actor_holds(work.actor, Permission.ENTRY_PUBLISH, row.organisation_id) else (),
    )
