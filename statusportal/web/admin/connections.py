"""Connections: their list, a form made of what the adapter must be told, a live test, and how each fares."""

from uuid import UUID

from flask import Response, flash, make_response, redirect, render_template, request, url_for
from flask_babel import gettext as _

from statusportal.access.permissions import Permission
from statusportal.accounts.queries import organisations_named, organisations_page
from statusportal.connections.describing import adapter_named, adapters
from statusportal.connections.models import Connection
from statusportal.connections.queries import connection_for, connections_page, kept_secrets_of
from statusportal.connections.service import (
    change_connection,
    create_connection,
    disable_connection,
    enable_connection,
)
from statusportal.connections.testing import adapter_to_test, look_once
from statusportal.foundation.errors import Invalid, NotFound
from statusportal.foundation.ids import parse_id
from statusportal.foundation.paging import MOST, Slice
from statusportal.http import portal
from statusportal.http.policies import checked_by, needs
from statusportal.http.sentences import translated
from statusportal.http.views.connections import (
    AdapterChoice,
    ConnectionPage,
    ConnectionsPage,
    NewConnectionPage,
    TestResult,
)
from statusportal.http.views.shell import Form, Option, Pages
from statusportal.web.admin.blueprint import admin
from statusportal.web.admin.connection_forms import (
    empty_form,
    failed_form,
    option_fields,
    sent_values,
    stored_form,
    typed_draft,
)
from statusportal.web.admin.connection_parts import happened, row_of, standing, test_result
from statusportal.web.forms import picked, text


@admin.get("/connections")
@needs(Permission.CONNECTION_ADMINISTER)
def connections() -> str:
    """List connections by name."""
    wanted = Slice(cursor=request.args.get("cursor"))
    with portal.reading() as work:
        page = connections_page(work, wanted)
        owners = organisations_named(work, [row.organisation_id for row in page.items])
    rows = tuple(row_of(row, owners[row.organisation_id].name) for row in page.items)
    pages = Pages(
        next_href=url_for("admin.connections", cursor=page.next_cursor) if page.next_cursor else None,
        first_href=url_for("admin.connections") if wanted.cursor else None,
    )
    return render_template("admin/connections.html", page=ConnectionsPage(rows, pages))


@admin.get("/connections/new")
@needs(Permission.CONNECTION_ADMINISTER)
def new_connection() -> str:
    """Choose an adapter, or fill in its form."""
    adapter = request.args.get("adapter")
    if adapter is None:
        choices = tuple(
            AdapterChoice(
                one.name,
                one.name.upper() if one.name == "mqtt" else one.name.capitalize(),
                translated(one.summary),
                url_for("admin.new_connection", adapter=one.name),
            )
            for one in adapters()
        )
        return render_template("admin/new_connection.html", page=NewConnectionPage(choices))
    return render_template("admin/connection.html", page=_new_page(_known(adapter), empty_form(adapter)))


@admin.post("/connections/new", endpoint="new_connection_post")
@needs(Permission.CONNECTION_ADMINISTER)
def make_connection() -> Response:
    """Keep a new connection."""
    adapter = _known(request.args.get("adapter", ""))
    try:
        with portal.writing() as work:
            row = create_connection(work, _typed_organisation(), typed_draft(adapter, None))
    except Invalid as err:
        page = _new_page(adapter, failed_form(adapter, err))
        return make_response(render_template("admin/connection.html", page=page), 422)
    flash(_("Connection kept. It begins within a second."), "success")
    return make_response(redirect(url_for("admin.connection", connection_id=row.id), 303))


@admin.get("/connections/<connection_id>")
@checked_by(Permission.CONNECTION_ADMINISTER)
def connection(connection_id: str) -> str:
    """Show one connection: its form, and how it fares."""
    return render_template("admin/connection.html", page=_page(parse_id(connection_id)))


@admin.post("/connections/<connection_id>", endpoint="change_connection")
@checked_by(Permission.CONNECTION_ADMINISTER)
def change(connection_id: str) -> Response:
    """Keep what was typed."""
    key = parse_id(connection_id)
    row = _row(key)
    try:
        with portal.writing() as work:
            change_connection(work, key, typed_draft(row.adapter, row), row.version)
    except Invalid as err:
        page = _page(key, failed_form(row.adapter, err))
        return make_response(render_template("admin/connection.html", page=page), 422)
    flash(_("Connection kept. It begins within a second."), "success")
    return make_response(redirect(url_for("admin.connection", connection_id=key), 303))


@admin.post("/connections/<connection_id>/run")
@checked_by(Permission.CONNECTION_ADMINISTER)
def run_connection(connection_id: str) -> Response:
    """Start or stop a connection."""
    key = parse_id(connection_id)
    with portal.writing() as work:
        if picked("do", "stop", "start") == "stop":
            disable_connection(work, key)
            flash(_("Stopped. What it knows is kept."), "success")
        else:
            enable_connection(work, key)
            flash(_("It begins within a second."), "success")
    return make_response(redirect(url_for("admin.connection", connection_id=key), 303))


@admin.post("/connections/test", defaults={"connection_id": None})
@admin.post("/connections/<connection_id>/test")
@checked_by(Permission.CONNECTION_ADMINISTER)
def test_connection(connection_id: str | None) -> Response:
    """Look once at what was typed, and show it; nothing is stored."""
    row = _row(parse_id(connection_id)) if connection_id else None
    adapter = row.adapter if row else _known(request.args.get("adapter", ""))
    try:
        with portal.reading() as work:
            owner = row.organisation_id if row else _typed_organisation()
            made = adapter_to_test(work, owner, typed_draft(adapter, row), row.id if row else None)
    except Invalid as err:
        form = failed_form(adapter, err)
        page = _page(row.id, form) if row else _new_page(adapter, form)
        return make_response(render_template("admin/connection.html", page=page), 422)
    seen = test_result(look_once(made), portal.works().clock.now())
    form = Form(sent_values(adapter))
    page = _page(row.id, form, seen) if row else _new_page(adapter, form, seen)
    return make_response(render_template("admin/connection.html", page=page))


def _known(adapter: str) -> str:
    try:
        return adapter_named(adapter).name
    except Invalid as err:
        raise NotFound from err


def _row(connection_id: UUID) -> Connection:
    with portal.reading() as work:
        return connection_for(work, connection_id)


def _typed_organisation() -> UUID:
    try:
        return UUID(text("organisation"))
    except ValueError as err:
        raise Invalid.field("/organisation", _("Choose an organisation.")) from err


def _new_page(adapter: str, form: Form, test: TestResult | None = None) -> ConnectionPage:
    with portal.reading() as work:
        owners = organisations_page(work, Slice(limit=MOST)).items
    return ConnectionPage(
        id="",
        name="",
        adapter=adapter,
        adapter_label=translated(adapter_named(adapter).summary),
        form=form,
        options=option_fields(adapter, frozenset()),
        organisations=tuple(Option(str(one.id), one.name) for one in owners),
        test=test,
    )


def _page(connection_id: UUID, form: Form | None = None, test: TestResult | None = None) -> ConnectionPage:
    with portal.reading() as work:
        row = connection_for(work, connection_id)
        owner = organisations_named(work, [row.organisation_id])[row.organisation_id]
        kept = kept_secrets_of(work, row)
        happenings = happened(work, row)
    return ConnectionPage(
        id=str(row.id),
        name=row.name,
        adapter=row.adapter,
        adapter_label=translated(adapter_named(row.adapter).summary),
        form=form or stored_form(row),
        options=option_fields(row.adapter, kept),
        organisations=(Option(str(owner.id), owner.name),),
        test=test,
        **standing(row),
        **happenings,
    )
