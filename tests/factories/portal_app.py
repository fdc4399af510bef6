"""A small Flask app that draws every template from sample view models, under the content policy of the portal."""

from collections.abc import Callable
from pathlib import Path

from flask import Flask, render_template, request
from flask_babel import Babel
from markupsafe import Markup
from werkzeug.routing import BuildError

from statusportal.http import headers
from statusportal.http.filters import register_filters
from statusportal.http.views import erasures as erasures_page
from statusportal.http.views import groups, proofs, shell
from statusportal.http.views.derivation import DerivationPage
from statusportal.web.bundle import asset_url, sprite
from tests.factories import (
    access_views,
    admin_views,
    article_views,
    availability_views,
    community_views,
    derivation_views,
    entry_views,
    erasure_views,
    forwarding_views,
    label_views,
    link_views,
    looks_views,
    maintenance_views,
    my_data_views,
    news_views,
    person_views,
    provider_views,
    rule_views,
    seeing_views,
    views,
    why_views,
)

WEB = Path(__file__).parents[2] / "statusportal" / "web"
PAGES: dict[str, tuple[str, Callable[[], object], bool]] = {
    # address: template, view model, seen by staff
    "my-devices": ("my_devices.html", views.my_devices, False),
    "no-devices": ("my_devices.html", views.no_devices, True),
    "device": ("device.html", views.device, False),
    "silent-device": ("device.html", views.silent_device, True),
    "me-too": ("me_too.html", entry_views.me_too, False),
    "article": ("article.html", article_views.article, False),
    "article-draft": ("article.html", article_views.draft, True),
    "edit-article": ("edit_article.html", article_views.edit, True),
    "alarm-code": ("alarm_code.html", article_views.code, False),
    "my-data": ("my_data.html", my_data_views.my_data, False),
    "my-data-leaving": ("my_data.html", my_data_views.leaving, False),
    "forwardings": ("forwardings.html", forwarding_views.forwardings, False),
    "no-forwardings": ("forwardings.html", forwarding_views.no_forwardings, False),
    "forwarding": ("forwarding.html", forwarding_views.forwarding, False),
    "forwarding-ended": ("forwarding.html", forwarding_views.ended, False),
    "access": ("access.html", access_views.who_sees, False),
    "groups": ("groups.html", access_views.groups_page, False),
    "no-groups": ("groups.html", groups.GroupsPage, False),
    "group": ("group.html", access_views.group, False),
    "empty-group": ("group.html", access_views.empty_group, False),
    "hand-over": ("transfer.html", access_views.offer, False),
    "transfer": ("transfer.html", access_views.transfer, False),
    "shared": ("shared.html", access_views.shared, False),
    "nothing-shared": ("shared.html", access_views.nothing_shared, False),
    "entry": ("entry.html", entry_views.entry, False),
    "shared-with-owners": ("entry.html", community_views.shared_entry, False),
    "share": ("share.html", community_views.share, False),
    "share-closed": ("share.html", community_views.closed, False),
    "publication": ("publication.html", community_views.publication, False),
    "publication-taken-back": ("publication.html", community_views.taken_back, True),
    "community": ("community.html", community_views.model, False),
    "community-empty": ("community.html", community_views.empty_model, True),
    "edit": ("edit.html", entry_views.edit, False),
    "attachment": ("attachment.html", entry_views.attachment, False),
    "comment-history": ("comment_history.html", entry_views.comment_history, False),
    "sign-in": (
        "sign_in.html",
        lambda: shell.SignInPage(
            shell.Form({"email": "a@b.example"}, {"": "The address and the password do not fit together."}),
            providers=(shell.Option("/sign-in/at/nordvaerk", "Nordværk account"),),
            has_elsewhere=True,
        ),
        False,
    ),
    "sign-in-elsewhere": ("sign_in_elsewhere.html", provider_views.elsewhere, False),
    "link-identity": ("link_identity.html", provider_views.linking, False),
    "join-by-identity": ("link_identity.html", provider_views.joining, False),
    "provider": ("admin/provider.html", provider_views.provider, True),
    "new-provider": ("admin/provider.html", provider_views.new_provider, False),
    "second-step": (
        "second_step.html",
        lambda: proofs.SecondStepPage(shell.Form({}, {"": "This code does not fit."})),
        False,
    ),
    "how-i-sign-in": (
        "how_i_sign_in.html",
        lambda: proofs.HowISignInPage(
            has_app=True,
            recovery_codes=10,
            passkeys=(proofs.PasskeyRow("1", "Work phone", views.NOW, views.NOW),),
            codes=("abcd-efgh-jkmn-pqrs",) * 10,
            identities=(provider_views.IDENTITY,),
            linkable=(provider_views.LINKABLE,),
        ),
        False,
    ),
    "owing-a-proof": (
        "how_i_sign_in.html",
        lambda: proofs.HowISignInPage(
            has_app=False, recovery_codes=0, is_owed=True, is_passkey_possible=False, reset_at=views.NOW
        ),
        False,
    ),
    "confirm-otherwise": (
        "confirm.html",
        lambda: shell.ConfirmPage(
            shell.Form({}, {"code": "Does not fit."}),
            "/",
            has_password=False,
            has_code=True,
            has_passkey=True,
            provider="Work",
        ),
        False,
    ),
    "confirm-passkey": ("confirm_passkey.html", lambda: proofs.PasskeyPage("spc_x", '{"challenge": "eA"}'), False),
    "add-passkey": (
        "add_passkey.html",
        lambda: proofs.PasskeyPage("spc_x", '{"challenge": "eA"}', shell.Form({}, {"name": "Must not be empty."})),
        False,
    ),
    "show-passkey": ("show_passkey.html", lambda: proofs.PasskeyPage("spc_x", '{"challenge": "eA"}'), False),
    "add-app": (
        "add_app.html",
        lambda: proofs.AddAppPage(
            "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP",
            "otpauth://totp/x",
            Markup('<svg viewBox="0 0 9 9"><path d="M0 0h9v9z"/></svg>'),
            shell.Form({}, {"code": "Does not fit."}),
        ),
        False,
    ),
    "confirm": (
        "confirm.html",
        lambda: shell.ConfirmPage(shell.Form({}, {"password": "Is not your present password."}), "/profile"),
        False,
    ),
    "error-403": (
        "error.html",
        lambda: shell.ErrorPage(403, granters=(shell.Granter("Søren Holm", "customer_admin", "Engdal Mejeri"),)),
        False,
    ),
    "error-404": ("error.html", lambda: shell.ErrorPage(404), False),
    "error-429": ("error.html", lambda: shell.ErrorPage(429, retry_after_s=40), False),
    "error-500": ("error.html", lambda: shell.ErrorPage(500, reference="8F2C"), False),
    "ask-which": ("ask.html", admin_views.ask_which, False),
    "ask": ("ask.html", admin_views.ask, True),
    "notifications": ("notifications.html", news_views.told, False),
    "no-notifications": ("notifications.html", news_views.nothing_told, False),
    "stop": ("stop.html", news_views.stop, False),
    "stopped": ("stop.html", news_views.stopped, False),
    "daily-stop": ("stop.html", news_views.daily_stop, False),
    "inbox": ("inbox.html", news_views.waiting, True),
    "empty-inbox": ("inbox.html", news_views.nothing_waits, True),
    "search": ("search.html", admin_views.found, False),
    "search-nothing": ("search.html", admin_views.not_found, False),
    "search-before": ("search.html", admin_views.before_search, False),
    "profile": ("profile.html", person_views.profile, False),
    "tokens": ("tokens.html", person_views.tokens, False),
    "forgotten": ("forgotten.html", shell.ForgottenPage, False),
    "forgotten-asked": ("forgotten.html", lambda: shell.ForgottenPage(is_asked=True), False),
    "forgotten-no-mail": ("forgotten.html", lambda: shell.ForgottenPage(sends_mail=False), False),
    "reset": ("reset.html", lambda: shell.ResetPage(shell.Form({}, {"new": "Use 12 characters or more."})), False),
    "used-reset": ("reset.html", lambda: shell.ResetPage(is_open=False), False),
    "invitation": ("accept_invitation.html", person_views.invitation, False),
    "used-invitation": ("accept_invitation.html", person_views.used_invitation, False),
    "admin-people": ("admin/people.html", admin_views.people_page, True),
    "admin-person": ("admin/person.html", admin_views.person, True),
    "admin-organisations": ("admin/organisations.html", admin_views.organisations, True),
    "admin-organisation": ("admin/organisation.html", admin_views.organisation, True),
    "admin-models": ("admin/models.html", admin_views.models_page, True),
    "admin-model": ("admin/model.html", admin_views.model, True),
    "admin-rule": ("admin/rule.html", rule_views.limit_rule, True),
    "admin-rule-wrong": ("admin/rule.html", rule_views.wrong_rule, True),
    "admin-rule-codes": ("admin/rule.html", rule_views.codes_rule, True),
    "admin-rule-combined": ("admin/rule.html", rule_views.combined_rule, True),
    "admin-rule-window": ("admin/rule.html", rule_views.window_rule, True),
    "admin-rule-counter": ("admin/rule.html", rule_views.counter_rule, True),
    "admin-rule-native": ("admin/rule.html", rule_views.native_rule, True),
    "admin-new-rule": ("admin/new_rule.html", rule_views.new_rule, True),
    "admin-model-file": ("admin/model_file.html", rule_views.file_tried, True),
    "admin-model-file-wrong": ("admin/model_file.html", rule_views.file_wrong, True),
    "admin-model-version": ("admin/model_version.html", rule_views.version, True),
    "admin-model-versions": ("admin/model_versions.html", rule_views.versions, True),
    "own-limits": ("own_limits.html", rule_views.own_limits, False),
    "no-own-limits": ("own_limits.html", rule_views.no_own_limits, False),
    "admin-devices": ("admin/devices.html", admin_views.admin_devices, True),
    "admin-device": ("admin/device.html", admin_views.admin_device, True),
    "admin-new-device": ("admin/device.html", admin_views.new_device, True),
    "admin-credentials": ("admin/credentials.html", admin_views.credentials_page, True),
    "admin-audit": ("admin/audit.html", admin_views.audit_page, True),
    "admin-erasures": ("admin/erasures.html", erasure_views.erasures, True),
    "admin-no-erasures": ("admin/erasures.html", erasures_page.ErasuresPage, True),
    "admin-erase-person": ("admin/erase.html", erasure_views.erase_person, True),
    "admin-erase-organisation": ("admin/erase.html", erasure_views.erase_organisation, True),
    "admin-erase-waits": ("admin/erase.html", erasure_views.waiting_already, True),
    "admin-derivation": ("admin/derivation.html", derivation_views.some, True),
    "admin-no-derivation": ("admin/derivation.html", DerivationPage, True),
    "admin-retention": ("admin/retention.html", erasure_views.retention, True),
    "availability": ("availability.html", availability_views.of_device, False),
    "availability-unheard": ("availability.html", availability_views.of_unheard, True),
    "fleet-availability": ("fleet_availability.html", availability_views.of_fleet, True),
    "maintenance": ("maintenance.html", maintenance_views.calendar, False),
    "no-maintenance": ("maintenance.html", maintenance_views.nothing_planned, True),
    "plan-work": ("plan_work.html", maintenance_views.plan, False),
    "planned-visit": ("planned_work.html", maintenance_views.visit, False),
    "running-window": ("planned_work.html", maintenance_views.running_window, True),
    "why": ("why.html", why_views.why_page, False),
    "looks": ("looks.html", looks_views.looks, False),
    "no-looks": ("looks.html", looks_views.no_looks, False),
    "admin-looks": ("admin/looks.html", looks_views.looks, False),
    "admin-connections": ("admin/connections.html", admin_views.connections_page, True),
    "admin-new-connection": ("admin/new_connection.html", admin_views.new_connection, True),
    "admin-connection": ("admin/connection.html", admin_views.connection, True),
    "admin-labels": ("admin/labels.html", label_views.sheet, True),
    "admin-no-labels": ("admin/labels.html", label_views.no_sheet, True),
    "admin-claims": ("admin/claims.html", label_views.claims, True),
    "admin-device-label": ("admin/device_label.html", label_views.device_label, True),
    "admin-own-label": ("admin/device_label.html", label_views.own_label, False),
    "claim": ("claim.html", label_views.claim, False),
    "claim-slip": ("claim.html", label_views.mistyped_claim, False),
    "scanned": ("scanned.html", label_views.scanned, False),
    "scanned-nothing": ("scanned.html", label_views.scanned_nothing, False),
    "customers": ("support/customers.html", admin_views.customers, True),
    "customer": ("support/customer.html", admin_views.customer, True),
    "shared-entry": ("shared/entry.html", link_views.shared_entry, False),
    "shared-device": ("shared/device.html", link_views.shared_device, False),
    "link-ended": ("shared/ended.html", lambda: None, False),
    "links": ("links.html", link_views.links_of_device, False),
    "send-a-link": ("links.html", link_views.send_a_link, True),
    "see-as": ("support/see_as.html", seeing_views.begin, True),
    "visits": ("visits.html", seeing_views.visits, False),
    "seen-as": ("my_devices.html", views.my_devices, False),
    "offline": ("offline.html", lambda: None, False),
}


def make_app() -> Flask:
    app = Flask("preview", static_folder=str(WEB / "static"), template_folder=str(WEB / "templates"))
    app.secret_key = "preview"
    app.config["BABEL_TRANSLATION_DIRECTORIES"] = str(WEB / "translations")
    Babel(app, locale_selector=lambda: request.args.get("lang", "en"), timezone_selector=lambda: "UTC")
    register_filters(app, lambda: views.NOW)
    app.jinja_env.globals.update(asset_url=asset_url, sprite=sprite, csrf_token=lambda: "token")
    app.url_build_error_handlers.append(_any_address)
    app.add_url_rule("/preview/<name>", "page", _page)
    headers.init_app(app)
    return app


def _page(name: str) -> str:
    template, make, is_staff = PAGES[name]
    alone = {"sign_in.html", "accept_invitation.html", "forgotten.html", "reset.html", "scanned.html"}
    alone |= {"sign_in_elsewhere.html"}
    is_anonymous = template in alone or template.startswith("shared/")
    return render_template(
        template,
        page=make(),
        me=None if is_anonymous else views.me(staff=is_staff),
        seen_as=seeing_views.frame() if name == "seen-as" else None,
        portal=shell.Portal("Nordværk", "Nordværk A/S, Skjern"),
        locale=request.args.get("lang", "en"),
        theme=request.args.get("theme", "system"),
    )


def _any_address(error: BuildError, endpoint: str, values: dict[str, object]) -> str:
    return "/" + endpoint.replace(".", "/")
