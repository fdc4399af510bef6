"""Second proofs of others: an organisation that asks for them, and a person who lost theirs."""

from flask import Response, flash, make_response, redirect, url_for
from flask_babel import gettext as _

from statusportal.access.permissions import Permission
from statusportal.foundation.ids import parse_id
from statusportal.http import portal
from statusportal.http.policies import checked_by
from statusportal.proofs import recovering, requiring
from statusportal.proofs.vocabulary import Means
from statusportal.web.admin.blueprint import admin
from statusportal.web.forms import picked


@admin.post("/organisations/<organisation_id>/second-proof")
@checked_by(Permission.PROOF_ADMINISTER)
def ask_for_second_proof(organisation_id: str) -> Response:
    """Ask everybody of an organisation for a second proof, or ask no more."""
    found, is_asked = parse_id(organisation_id), picked("do", "ask", "stop") == "ask"
    verb = requiring.ask_for_second_proof if is_asked else requiring.ask_no_more
    with portal.writing() as work:
        verb(work, found)
    if is_asked:
        flash(_("From now on everybody here needs a second proof. Who has none is led to set one up."), "success")
    else:
        flash(_("A password is enough again."), "success")
    return make_response(redirect(url_for("admin.organisation", organisation_id=found), 303))


@admin.post("/people/<person_id>/second-proof/reset")
@checked_by(Permission.PROOF_ADMINISTER)
def reset_second_proof(person_id: str) -> Response:
    """Take away what a person lost, and end their sessions."""
    found = parse_id(person_id)
    with portal.writing() as work:
        recovering.reset_second_proofs(work, found)
    flash(_("Taken away. They sign in by password, are told, and can set up a new one."), "success")
    return make_response(redirect(url_for("admin.person", person_id=found), 303))


def means_words(means: Means) -> str:
    """Call a person's second proof by words; empty when there is a password only."""
    words = _("Passkey") if means.passkeys else _("App code")
    return str(words) if means.is_enough else ""
