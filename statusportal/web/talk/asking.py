"""Asking and reporting: a new entry on a device's time line, with what the machine adds by itself."""

from flask import Response, make_response, redirect, render_template, request, url_for
from flask_babel import gettext as _

from statusportal.access.permissions import Permission
from statusportal.access.policy import actor_holds
from statusportal.access.vocabulary import Right
from statusportal.catalogue.queries import rules_of
from statusportal.entries.service import publish_entry, usual_audience
from statusportal.entries.vocabulary import Audience, EntryKind
from statusportal.fleet.queries import ownership_at, require_right
from statusportal.foundation.errors import Forbidden, Invalid
from statusportal.foundation.ids import new_id, parse_id
from statusportal.foundation.paging import MOST, Slice
from statusportal.foundation.vocabulary import Health as State
from statusportal.http import portal
from statusportal.http.policies import checked_by
from statusportal.http.views.asking import AskDevice, AskPage
from statusportal.http.views.devices import Connectivity
from statusportal.http.views.entries import AudienceChoice
from statusportal.http.views.shell import Form, Health, Option
from statusportal.overview.access import read_beyond
from statusportal.overview.devices import DeviceLine, device_overview, my_devices
from statusportal.telemetry.queries import last_values_of
from statusportal.web.devices.live_view import signal_values
from statusportal.web.forms import failed, filled, one_of, text
from statusportal.web.talk.answered_view import may_answer
from statusportal.web.talk.blueprint import entries
from statusportal.web.talk.words import audience_choices
from statusportal.work import Work

_HEALTHS: tuple[Health, ...] = ("maintenance_required", "off_spec", "check_function", "failure")


@entries.get("/ask")
@checked_by(Permission.ENTRY_ASK)
def ask_which() -> str:
    """Choose the machine that it is about."""
    with portal.reading() as work:
        lines = my_devices(work, Slice(MOST)).items
    return render_template("ask.html", page=AskPage(devices=tuple(_choice(line) for line in lines)))


@entries.get("/devices/<device_id>/ask")
@checked_by(Permission.ENTRY_ASK)
def ask(device_id: str) -> str:
    """Show the form."""
    with portal.reading() as work:
        return render_template("ask.html", page=_page(work, device_id, filled({})))


@entries.get("/devices/<device_id>/ask/answered")
@checked_by(Permission.ENTRY_ASK)
def answered(device_id: str) -> str:
    """Give what may already answer the words that are being written, for the live refresh of the form."""
    with portal.reading() as work:
        page = _page(work, device_id, filled({"title": request.args.get("title", "")}))
    return render_template("_answered.html", page=page)


@entries.post("/devices/<device_id>/ask")
@checked_by(Permission.ENTRY_ASK, Permission.ENTRY_PUBLISH)
def ask_now(device_id: str) -> Response:
    """Publish the entry and go to it."""
    try:
        with portal.writing() as work:
            entry = publish_entry(
                work,
                parse_id(device_id),
                one_of("kind", EntryKind) or EntryKind.QUESTION,
                text("title"),
                request.form.get("body", ""),
                one_of("audience", Audience),
                one_of("health", State),
            )
    except Invalid as err:
        with portal.reading() as work:
            return make_response(render_template("ask.html", page=_page(work, device_id, failed(err))), 422)
    return make_response(redirect(url_for("entries.entry", entry_id=entry.id), 303))


def _page(work: Work, device_id: str, form: Form) -> AskPage:
    found = device_overview(work, parse_id(device_id))
    line = found.now
    if line is None:
        raise Forbidden(Permission.ENTRY_ASK.value, "customer_admin")
    actor = work.actor
    if line.organisation_id is not None:
        require_right(work, Permission.ENTRY_ASK, Right.COMMENT, line.id, line.organisation_id, work.now)
    publishes = actor_holds(actor, Permission.ENTRY_PUBLISH, line.organisation_id)
    kinds = [Option("question", _("Question"), _("something is odd, or you want to know"))]
    if publishes:
        kinds += [
            Option("field_update", _("Field update"), _("what you found and did")),
            Option("maintenance", _("Maintenance"), _("planned or done")),
        ]
    internal_too = actor_holds(actor, Permission.COMMENT_INTERNAL, line.organisation_id)
    rules = rules_of(work, [line.model_id])[line.model_id]
    return AskPage(
        devices=(),
        device=_choice(line),
        form=form,
        kinds=tuple(kinds),
        healths=_HEALTHS if actor_holds(actor, Permission.ENTRY_DECLARE_HEALTH, line.organisation_id) else (),
        audiences=_audiences(work, line, internal_too=internal_too),
        adds=signal_values(rules, last_values_of(work, line.id), ()),
        similar=may_answer(work, line, form.value("title")),
        idempotency_key=str(new_id()),
        draft_key=f"{work.actor.person_id}:ask:{line.id}",
        then=(
            _("It stands on the machine's page at once."),
            _("The people who look after this machine see it."),
            _("Answers appear under it, and stay findable for the next time."),
        ),
    )


def _audiences(work: Work, line: DeviceLine, *, internal_too: bool) -> tuple[AudienceChoice, ...]:
    """Return whom an entry may be for, the usual first; who was let in has no choice, theirs is for both."""
    ownership = ownership_at(work, line.id, work.now)
    if ownership is None or not work.actor.belongs_to(ownership.organisation_id):
        return ()
    usual, beyond = usual_audience(work, ownership.id), read_beyond(work, ownership)
    return audience_choices(usual, line.organisation_name, beyond, internal_too=internal_too)


def _choice(line: DeviceLine) -> AskDevice:
    return AskDevice(
        id=str(line.id),
        label=line.name,
        health=line.health.value,
        connectivity=Connectivity(line.connectivity.value, line.last_sample_at),
        href=url_for("entries.ask", device_id=line.id),
        detail=" · ".join(part for part in (line.model_name, line.serial, line.site) if part),
    )
