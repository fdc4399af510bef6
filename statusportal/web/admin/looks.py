"""What was done with an organisation's things, for those who look after it."""

from flask import render_template, url_for

from statusportal.access.permissions import Permission
from statusportal.accounts.queries import organisation_for
from statusportal.administration.looking import acts_of_organisation
from statusportal.foundation.ids import parse_id
from statusportal.http import portal
from statusportal.http.policies import checked_by
from statusportal.http.views.audit import LooksPage
from statusportal.web.admin.blueprint import admin
from statusportal.web.looks_view import chain_state, looks_by_day, part_asked, part_links
from statusportal.web.paging import page_links, wanted_slice


@admin.get("/organisations/<organisation_id>/looks")
@checked_by(Permission.AUDIT_OWN)
def looks(organisation_id: str) -> str:
    """Show who of the operator looked, and what was done with machines, people and grants."""
    part, found = part_asked(), parse_id(organisation_id)
    with portal.reading() as work:
        page = acts_of_organisation(work, found, wanted_slice(), part)
        days, checked = looks_by_day(page), chain_state(work)
        name = organisation_for(work, found).name
    whole = f"/api/v1/organisations/{found}/audit/export"
    shown = LooksPage(
        name=name,
        days=days,
        back_href=url_for("admin.organisation", organisation_id=found),
        filters=part_links("admin.looks", part, organisation_id=str(found)),
        pages=page_links(page, "admin.looks", organisation_id=str(found), part=part.value),
        chain=checked,
        csv_href=f"{whole}?format=csv",
        lines_href=f"{whole}?format=jsonl",
    )
    return render_template("admin/looks.html", page=shown)
