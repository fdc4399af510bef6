"""Single sign-on of an organisation: its identity provider, tried out, switched on, and made the only way in."""

from dataclasses import dataclass
from uuid import UUID

from flask import Response, flash, make_response, redirect, render_template, request, url_for
from flask_babel import gettext as _

from statusportal.access.permissions import Permission
from statusportal.accounts.vocabulary import OrganisationKind
from statusportal.federation import configuring
from statusportal.federation.queries import count_identities, find_provider, redirect_uri
from statusportal.federation.vocabulary import ProviderDraft
from statusportal.foundation.errors import Invalid
from statusportal.foundation.ids import parse_id
from statusportal.http import portal
from statusportal.http.federation import tried
from statusportal.http.policies import checked_by
from statusportal.http.sentences import translated
from statusportal.http.views.providers import ProviderPage, TrialShown
from statusportal.http.views.shell import Form
from statusportal.web.admin.blueprint import admin
from statusportal.web.forms import FORM_TROUBLES, filled, text, troubled
from statusportal.work import Work


@dataclass(frozen=True, slots=True)
class _Sent:
    """What came back of the page's acts: the form as it was sent, and what trying out said."""

    form: Form | None = None
    trial: TrialShown | None = None


@admin.get("/organisations/<organisation_id>/provider")
@checked_by(Permission.PROVIDER_ADMINISTER)
def provider(organisation_id: str) -> str:
    """Show what is set up, and what the provider must be told."""
    with portal.reading() as work:
        page = _page(work, parse_id(organisation_id), _Sent())
    return render_template("admin/provider.html", page=page)


@admin.post("/organisations/<organisation_id>/provider")
@checked_by(Permission.PROVIDER_ADMINISTER)
def keep_provider(organisation_id: str) -> Response:
    """Keep what the form says."""
    found = parse_id(organisation_id)
    try:
        with portal.writing() as work:
            configuring.keep_provider(work, found, _draft())
    except FORM_TROUBLES as err:
        form, status = troubled(_by_field(err) if isinstance(err, Invalid) else err, "client_secret")
        return _again(found, _Sent(form=form), status)
    flash(_("Kept. Try it before you tell your people."), "success")
    return _back(found)


@admin.post("/organisations/<organisation_id>/provider/try")
@checked_by(Permission.PROVIDER_ADMINISTER)
def try_provider(organisation_id: str) -> Response:
    """Fetch what a sign-in would need, and say plainly what is wrong."""
    found = parse_id(organisation_id)
    trial = tried(found)
    shown = TrialShown(translated(trial.fault) if trial.fault else "", tuple(map(translated, trial.notes)))
    return _again(found, _Sent(trial=shown), 200)


@admin.post("/organisations/<organisation_id>/provider/required")
@checked_by(Permission.PROVIDER_ADMINISTER)
def ask_for_provider(organisation_id: str) -> Response:
    """Make it the only way in, or let passwords in again."""
    found = parse_id(organisation_id)
    is_asked = request.form.get("do") == "ask"
    verb = configuring.ask_for_provider if is_asked else configuring.ask_for_provider_no_more
    try:
        with portal.writing() as work:
            verb(work, found)
    except FORM_TROUBLES as err:
        flash(troubled(err)[0].error(""), "error")
    else:
        flash(_("From now on it is the only way in.") if is_asked else _("Passwords let in again."), "success")
    return _back(found)


@admin.post("/organisations/<organisation_id>/provider/remove")
@checked_by(Permission.PROVIDER_ADMINISTER)
def remove_provider(organisation_id: str) -> Response:
    """Take it away, with everything it knew and opened."""
    found = parse_id(organisation_id)
    try:
        with portal.writing() as work:
            configuring.remove_provider(work, found)
    except FORM_TROUBLES as err:
        flash(troubled(err)[0].error(""), "error")
    else:
        flash(_("Taken away. Nobody comes in by it any more."), "success")
    return _back(found)


def _draft() -> ProviderDraft:
    return ProviderDraft(
        name=text("name"),
        issuer=text("issuer"),
        client_id=text("client_id"),
        client_secret=text("client_secret") or None,
        scopes=text("scopes").split(),
        domains=text("domains").replace(",", " ").split(),
        is_enabled="is_enabled" in request.form,
    )


def _by_field(error: Invalid) -> Invalid:
    """Let what is wrong with one of several words stand at the one field that holds them all."""
    return Invalid([type(one)(f"/{one.pointer.split('/')[1]}", one.detail) for one in error.errors])


def _back(organisation_id: UUID) -> Response:
    return make_response(redirect(url_for("admin.provider", organisation_id=organisation_id), 303))


def _again(organisation_id: UUID, sent: _Sent, status: int) -> Response:
    with portal.reading() as work:
        page = _page(work, organisation_id, sent)
        return make_response(render_template("admin/provider.html", page=page), status)


def _page(work: Work, organisation_id: UUID, sent: _Sent) -> ProviderPage:
    organisation = configuring.require_provider_right(work, organisation_id)
    row = find_provider(work, organisation.id)
    stands = {
        "name": row.name if row else organisation.name,
        "issuer": row.issuer if row else "",
        "client_id": row.client_id if row else "",
        "scopes": " ".join(row.scopes) if row else "openid email profile",
        "domains": " ".join(row.domains) if row else "",
        "is_enabled": row.is_enabled if row else False,
    }
    return ProviderPage(
        organisation_id=str(organisation.id),
        organisation=organisation.name,
        redirect_uri=redirect_uri(work, organisation),
        sign_in_address=work.settings.link(f"/sign-in/at/{organisation.slug}"),
        form=sent.form or filled(stands),
        exists=row is not None,
        is_enabled=row is not None and row.is_enabled,
        has_secret=row is not None and row.sealed_secret is not None,
        is_required=organisation.is_provider_required,
        is_operator=organisation.kind == OrganisationKind.OPERATOR.value,
        linked=count_identities(work, organisation.id),
        trial=sent.trial,
    )
