"""Sharing an entry with the other owners of its model: look at both sides, decide, take back."""

from uuid import UUID

from flask import Response, flash, make_response, redirect, render_template, request, url_for
from flask_babel import gettext as _

from statusportal.access.permissions import Permission
from statusportal.community.drafting import draft_of
from statusportal.community.sharing import revoke_publication, share_entry
from statusportal.community.vocabulary import MOST_TAKEN_OUT, Draft, SharedWords
from statusportal.entries.queries import entry_for
from statusportal.foundation.errors import Invalid
from statusportal.foundation.ids import parse_id
from statusportal.http import portal
from statusportal.http.policies import checked_by
from statusportal.http.sentences import at_field
from statusportal.http.views.shell import Form
from statusportal.web.community.blueprint import community
from statusportal.web.community.views import share_form, share_page
from statusportal.web.forms import filled, picked, text
from statusportal.work import Work


@community.get("/entries/<entry_id>/community")
@checked_by(Permission.ENTRY_CONSENT)
def share(entry_id: str) -> str:
    """Show what others would see next to what is there."""
    with portal.reading() as work:
        draft = draft_of(work, parse_id(entry_id))
        return _drawn(work, entry_id, draft, filled(share_form(draft)))


@community.post("/entries/<entry_id>/community")
@checked_by(Permission.ENTRY_CONSENT)
def share_now(entry_id: str) -> Response:
    """Take more words out and look again, or share exactly what is on the page."""
    key = parse_id(entry_id)
    if picked("act", "look", "share") == "look":
        with portal.reading() as work:
            return make_response(_again(work, key, {}))
    try:
        with portal.writing() as work:
            row = share_entry(work, key, _words())
            if "looked" not in request.form:
                raise Invalid.field("/looked", _("Look at both sides first, and say so here."))
    except Invalid as err:
        with portal.reading() as work:
            return make_response(_again(work, key, _errors(err)), 422)
    return make_response(redirect(url_for("community.publication", publication_id=row.id), 303))


@community.post("/entries/<entry_id>/community/revoke")
@checked_by(Permission.ENTRY_CONSENT)
def revoke(entry_id: str) -> Response:
    """Take it back and return to the entry."""
    with portal.writing() as work:
        revoke_publication(work, parse_id(entry_id))
    flash(_("It is taken back. Nobody finds it any more."))
    return make_response(redirect(url_for("entries.entry", entry_id=entry_id), 303))


def _words() -> SharedWords:
    """Read what the page shows: the comments that are ticked, in the words of their fields."""
    lines = {parse_id(one): request.form.get(f"t-{one}", "") for one in _chosen()}
    return SharedWords(text("title"), request.form.get("body", ""), lines)


def _chosen() -> list[str]:
    return [name.removeprefix("c-") for name in request.form if name.startswith("c-")]


def _errors(error: Invalid) -> dict[str, str]:
    """Say what is wrong at its field, a comment's at its own."""
    fields = {f"/comments/{place}/body": f"t-{one}" for place, one in enumerate(_chosen())}
    found = [(fields.get(one.pointer, one.pointer.lstrip("/")), at_field(one.detail)) for one in error.errors]
    return dict(found)


def _again(work: Work, entry_id: UUID, errors: dict[str, str]) -> str:
    """Show the page with what was typed, masked again: with the further words, and with what crept in by hand."""
    more = [word.strip() for word in request.form.get("take_out", "").split("\n") if word.strip()]
    if len(more) > MOST_TAKEN_OUT:
        errors = {**errors, "take_out": _("Write at most %(count)s lines.", count=MOST_TAKEN_OUT)}
    draft = draft_of(work, entry_id, more[:MOST_TAKEN_OUT])
    fields = [name for name in request.form if name in {"title", "body"} or name.startswith("t-")]
    values: dict[str, object] = {name: draft.masker.mask(request.form[name]).text for name in fields}
    values |= {name: "1" for name in request.form if name.startswith("c-") or name == "looked"}
    values["take_out"] = request.form.get("take_out", "")
    kept = filled(values)
    return _drawn(work, str(entry_id), draft, Form(kept.values, errors))


def _drawn(work: Work, entry_id: str, draft: Draft, form: Form) -> str:
    entry = entry_for(work, parse_id(entry_id))
    return render_template("share.html", page=share_page(work, entry, draft, form))
