"""The machines whose status cannot be derived because of an error."""

from flask import render_template, url_for

from statusportal.access.permissions import Permission
from statusportal.http import portal
from statusportal.http.policies import needs
from statusportal.http.views.derivation import AsideRow, DerivationPage
from statusportal.passage.queries import devices_aside
from statusportal.web.admin.blueprint import admin
from statusportal.web.paging import page_links, wanted_slice


@admin.get("/derivation")
@needs(Permission.DERIVATION_VIEW)
def derivation() -> str:
    """Show each machine that is set aside, and when it is tried again."""
    with portal.reading() as work:
        found = devices_aside(work, wanted_slice())
        rows = tuple(
            AsideRow(
                name=row.device.name_at(work.now),
                serial=row.device.serial,
                href=url_for("admin.device", device_id=row.device.id),
                since=row.error.since,
                error=row.error.kind,
                error_id=str(row.error.error_id),
                failed_again=row.error.attempts,
                retry_at=row.error.retry_at,
            )
            for row in found.items
        )
        page = DerivationPage(rows, page_links(found, "admin.derivation"))
    return render_template("admin/derivation.html", page=page)
