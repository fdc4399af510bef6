"""What is kept for how long, and the proof that what was due for deletion went."""

from flask import render_template
from flask_babel import gettext as _
from flask_babel import ngettext

from statusportal.access.permissions import Permission
from statusportal.forwarding.service import LOG_KEPT
from statusportal.http import portal
from statusportal.http.policies import needs
from statusportal.http.views.erasures import KeptRow, RetentionPage, RunRow
from statusportal.retention.queries import deleted_so_far, last_runs, runs_page
from statusportal.retention.vocabulary import Kept, days_of
from statusportal.web.admin.blueprint import admin
from statusportal.web.paging import page_links, wanted_slice
from statusportal.work import Work


@admin.get("/retention")
@needs(Permission.RETENTION_VIEW)
def retention() -> str:
    """Show each kind of record with its time, and each look that deleted what was due."""
    with portal.reading() as work:
        runs = runs_page(work, wanted_slice())
        page = RetentionPage(
            kept=(*_ending(work), *_standing()),
            runs=tuple(RunRow(_kind_word(Kept(row.kind)), row.at, row.until_at, row.deleted) for row in runs.items),
            pages=page_links(runs, "admin.retention"),
        )
    return render_template("admin/retention.html", page=page)


def _ending(work: Work) -> tuple[KeptRow, ...]:
    """Return the kinds that end after a time of the operator's choice."""
    last, deleted = last_runs(work), deleted_so_far(work)
    return tuple(
        KeptRow(
            what=_kind_word(kind),
            kept=_days(days_of(work.settings, kind)),
            checked_at=last[kind].at if kind in last else None,
            deleted=deleted[kind],
        )
        for kind in Kept
    )


def _standing() -> tuple[KeptRow, ...]:
    """Return the kinds that end with something else, or not at all."""
    return (
        KeptRow(_("Deliveries of forwarded data, as a list"), _days(LOG_KEPT.days)),
        KeptRow(_("Entries, comments and status"), _("until who wrote them, or the organisation, is erased")),
        KeptRow(_("The audit log, without names"), _("while the portal runs")),
        KeptRow(_("The ledger of erasures, without names"), _("while the portal runs")),
    )


def _kind_word(kind: Kept) -> str:
    words = {
        Kept.SAMPLES: _("Values of machines"),
        Kept.SIGN_INS: _("Sign-ins, after their end"),
        Kept.TAKEOUTS: _("That a file of data was made"),
    }
    return str(words[kind])


def _days(days: int) -> str:
    return str(ngettext("%(num)d day", "%(num)d days", days)) if days else str(_("for ever"))
