"""Claim secrets for many machines at once: on slips, on the screen, or as a table. Each is shown this once."""

import csv
import io
from collections.abc import Sequence
from enum import StrEnum

from flask import Response, make_response, render_template, url_for
from flask_babel import gettext as _

from statusportal.access.permissions import Permission
from statusportal.administration.devices import models_to_choose
from statusportal.claims.service import make_claim_secrets
from statusportal.claims.vocabulary import MadeSecret
from statusportal.foundation.errors import Faults
from statusportal.foundation.ids import new_id
from statusportal.http import portal
from statusportal.http.filters import reader_locale, reader_zone
from statusportal.http.formatting import long_date
from statusportal.http.json_provider import rfc3339
from statusportal.http.papers import pdf_answer
from statusportal.http.policies import checked_by, needs
from statusportal.http.retries import forget_answer
from statusportal.http.views.labels import ClaimSecretsPage, SlipView
from statusportal.http.views.shell import Form, Option
from statusportal.labels.drawing import claim_slips
from statusportal.labels.vocabulary import Slip
from statusportal.labels.wording import words_in
from statusportal.web.admin.blueprint import admin
from statusportal.web.forms import FORM_TROUBLES, chosen, filled, moment, text, troubled, word
from statusportal.web.shell import operator_name


class HandedAs(StrEnum):
    """How secrets leave the portal."""

    SCREEN = "screen"
    SLIPS = "slips"
    TABLE = "table"


@admin.get("/claims")
@needs(Permission.CLAIM_ISSUE)
def claims() -> str:
    """Show the form."""
    return render_template("admin/claims.html", page=_page(filled({})))


@admin.post("/claims")
@checked_by(Permission.CLAIM_ISSUE)
def make_claims() -> Response:
    """Make a secret for each machine and hand them over in the answer."""
    try:
        faults = Faults()
        model_id, ends_at = chosen(faults, "model"), moment(faults, "expires_at")
        handed_as = word(faults, "handed_as", HandedAs, HandedAs.SCREEN)
        faults.close()
        with portal.writing() as work:
            made = make_claim_secrets(work, model_id, _serials(text("serials")), ends_at)
    except FORM_TROUBLES as err:
        form, status = troubled(err)
        return make_response(render_template("admin/claims.html", page=_page(form)), status)
    forget_answer()
    return _handed(made, handed_as)


def slip_view(made: MadeSecret) -> SlipView:
    """Present a secret that was just made."""
    return SlipView(made.secret, made.model, made.serial, made.expires_at)


def slips_paper(made: Sequence[MadeSecret]) -> Response:
    """Draw slips to cut apart; they name the page to type the secret on, and no machine's address."""
    slips = [
        Slip(
            secret=one.secret,
            model=one.model,
            serial=one.serial,
            maker=operator_name(),
            works_until=long_date(one.expires_at, zone=reader_zone(), locale=reader_locale()),
        )
        for one in made
    ]
    place = url_for("claiming.claim_page", _external=True)
    return pdf_answer(claim_slips(slips, place, words_in(reader_locale())), "claim-slips.pdf", 201)


def _handed(made: Sequence[MadeSecret], handed_as: HandedAs) -> Response:
    if handed_as is HandedAs.SLIPS:
        return slips_paper(made)
    if handed_as is HandedAs.TABLE:
        return _table(made)
    page = _page(filled({}), tuple(slip_view(one) for one in made))
    return make_response(render_template("admin/claims.html", page=page), 201)


def _table(made: Sequence[MadeSecret]) -> Response:
    kept = io.StringIO()
    writer = csv.writer(kept)
    writer.writerow(("model", "serial", "secret", "expires_at"))
    writer.writerows((_cell(one.model), _cell(one.serial), one.secret, rfc3339(one.expires_at)) for one in made)
    headers = {"Content-Disposition": 'attachment; filename="claim-secrets.csv"'}
    return Response(kept.getvalue(), 201, headers, content_type="text/csv; charset=utf-8")


def _cell(words: str) -> str:
    """Keep a spreadsheet from reading a serial number as a formula."""
    return f"'{words}" if words.startswith(("=", "+", "-", "@")) else words


def _serials(pasted: str) -> list[str]:
    """Return the first column of what was pasted, one serial number a line, without a heading of that name."""
    first = [line.replace(";", ",").replace("\t", ",").split(",")[0].strip().strip('"') for line in pasted.splitlines()]
    return [serial for serial in first if serial and serial.lower() not in {"serial", "serienummer"}]


def _page(form: Form, slips: tuple[SlipView, ...] = ()) -> ClaimSecretsPage:
    with portal.reading() as work:
        models = models_to_choose(work)
    return ClaimSecretsPage(
        models=tuple(Option(str(one.id), one.name) for one in models),
        forms=(
            Option(HandedAs.SLIPS.value, _("Slips to print"), _("a PDF, four on a sheet")),
            Option(HandedAs.SCREEN.value, _("On the screen"), _("to copy")),
            Option(HandedAs.TABLE.value, _("A table"), _("CSV, for a letter of your own")),
        ),
        idempotency_key=str(new_id()),
        form=form,
        slips=slips,
    )
