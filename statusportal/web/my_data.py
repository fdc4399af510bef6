"""My data: take it along, see what was recorded, have it erased."""

from flask import Blueprint, Response, flash, make_response, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext

from statusportal.access.permissions import Permission
from statusportal.access.policy import actor_holds
from statusportal.accounts.queries import myself, organisations_named
from statusportal.erasure import wishing
from statusportal.erasure.vocabulary import OwnWords
from statusportal.foundation.errors import Conflict, Invalid, NotFound, Sentence
from statusportal.foundation.ids import parse_id
from statusportal.foundation.paging import Slice
from statusportal.http import portal
from statusportal.http.policies import personal
from statusportal.http.sentences import translated
from statusportal.http.takeouts import send_takeout
from statusportal.http.views.my_data import MyDataPage, RecordedRow, TakeoutRow
from statusportal.http.views.shell import Form, OrganisationChoice
from statusportal.retention.queries import last_runs, recorded_about_me
from statusportal.retention.vocabulary import Kept, days_of
from statusportal.takeout import service
from statusportal.takeout.models import Takeout
from statusportal.takeout.queries import takeouts_page
from statusportal.web.forms import failed
from statusportal.web.forwarding.view import forwarding_rows
from statusportal.work import Work

my_data = Blueprint("my_data", __name__, url_prefix="/my-data")

_MINE = "it is about the person alone"
_SHOWN = 5


@my_data.get("")
@personal(_MINE)
def page() -> str:
    """Show what belongs to me."""
    return render_template("my_data.html", page=_page())


@my_data.post("/exports")
@personal(_MINE, Permission.ORGANISATION_EXPORT)
def ask() -> Response:
    """Ask for a file of mine or of an organisation's data."""
    wanted = request.form.get("organisation", "")
    try:
        with portal.writing() as work:
            service.ask_for_organisation(work, parse_id(wanted)) if wanted else service.ask_for_mine(work)
    except Conflict as err:
        flash(translated(err.detail), "error")
    else:
        flash(_("The file is being made. You can leave this page meanwhile."), "success")
    return _back()


@my_data.get("/exports/<takeout_id>/file")
@personal(_MINE, Permission.ORGANISATION_EXPORT)
def fetch(takeout_id: str) -> Response:
    """Fetch a file."""
    return send_takeout(takeout_id)


@my_data.post("/exports/<takeout_id>/revoke")
@personal(_MINE)
def revoke(takeout_id: str) -> Response:
    """Take a file back."""
    with portal.writing() as work:
        service.revoke_takeout(work, parse_id(takeout_id))
    return _back()


@my_data.post("/erasure")
@personal(_MINE)
def erase() -> Response:
    """Ask to be erased, once it is said that everything worth keeping was taken."""
    try:
        if not request.form.get("taken"):
            raise Invalid.field("/taken", Sentence("Tick this first."))
        with portal.writing() as work:
            own_words = OwnWords.GONE if request.form.get("own_words") == OwnWords.GONE else OwnWords.KEPT
            wishing.ask_to_be_erased(work, own_words)
    except Invalid as err:
        return make_response(render_template("my_data.html", page=_page(failed(err, "own_words"))), 422)
    except Conflict as err:
        flash(translated(err.detail), "error")
    return _back()


@my_data.post("/erasure/stay")
@personal(_MINE)
def stay() -> Response:
    """Stay after all."""
    with portal.writing() as work:
        try:
            wishing.take_back_erasure(work)
        except NotFound:
            return _back()
    flash(_("You stay. Nothing was erased."), "success")
    return _back()


def _back() -> Response:
    return make_response(redirect(url_for("my_data.page"), 303))


def _page(form: Form | None = None) -> MyDataPage:
    with portal.reading() as work:
        recorded = {one.kind: one.count for one in recorded_about_me(work)}
        wish = wishing.find_my_wish(work)
        runs = last_runs(work).values()
        return MyDataPage(
            first_name=myself(work).name.partition(" ")[0],
            recorded=_recorded(recorded, work),
            takeouts=_takeouts(work),
            organisations=_organisations(work),
            erase_after_days=work.settings.erase_after_days,
            due_at=wish.due_at if wish else None,
            checked_at=max((one.at for one in runs), default=None),
            words_written=recorded["entries"] + recorded["comments"],
            forwardings=tuple(one for one in forwarding_rows(work) if not one.is_ended),
            may_forward=any(
                actor_holds(work.actor, Permission.FORWARDING_ADMINISTER, one) for one in work.actor.organisations
            ),
            form=form or Form(),
        )


def _organisations(work: Work) -> tuple[OrganisationChoice, ...]:
    held = [one for one in work.actor.organisations if actor_holds(work.actor, Permission.ORGANISATION_EXPORT, one)]
    rows = sorted(organisations_named(work, held).values(), key=lambda row: row.name)
    return tuple(OrganisationChoice(str(row.id), row.name) for row in rows)


def _takeouts(work: Work) -> tuple[TakeoutRow, ...]:
    rows = takeouts_page(work, Slice(limit=_SHOWN)).items
    names = organisations_named(work, [row.organisation_id for row in rows if row.organisation_id])
    return tuple(_takeout(row, names[row.organisation_id].name if row.organisation_id in names else "") for row in rows)


def _takeout(row: Takeout, about: str) -> TakeoutRow:
    return TakeoutRow(
        id=str(row.id),
        about=about,
        state=row.state,
        asked_at=row.asked_at,
        parts_done=row.parts_done,
        parts_whole=row.parts_whole,
        size_bytes=row.size_bytes or 0,
        expires_at=row.expires_at,
    )


def _recorded(counts: dict[str, int], work: Work) -> tuple[RecordedRow, ...]:
    stands, ever = _("while the entry stands"), _("while the portal runs")
    sign_ins = _days(days_of(work.settings, Kept.SIGN_INS))
    rows = (
        ("profile", _("Name, e-mail, role"), _("so that others know who speaks"), _("until you are erased")),
        ("sign_ins", _("Sign-ins, with browser and address"), _("so that you see a stranger"), sign_ins),
        ("tokens", _("Personal tokens, as digests"), _("so that your programs get in"), _("until you are erased")),
        ("read_marks", _("How far you have read"), _("so that you see what is new"), _("until you are erased")),
        ("entries", _("Entries you wrote"), _("the conversation"), stands),
        ("comments", _("Comments you wrote"), _("the conversation"), stands),
        ("acts", _("What you did and what was done to you"), _("the log that proves who did what"), ever),
    )
    return tuple(RecordedRow(what, why, kept, counts[kind]) for kind, what, why, kept in rows)


def _days(days: int) -> str:
    words = ngettext("%(num)d day after their end", "%(num)d days after their end", days)
    return str(words if days else _("for ever"))
