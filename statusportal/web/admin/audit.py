"""The audit log, for administrators. Ids become names where they still have one; erased ones stay ids."""

from flask import render_template, url_for
from flask_babel import gettext as _

from statusportal.access.permissions import Permission
from statusportal.access.vocabulary import ActorKind
from statusportal.administration.audit import ActNamed, acts_named
from statusportal.audit.queries import AuditFilters
from statusportal.http import portal
from statusportal.http.policies import needs
from statusportal.http.views.audit import AuditPage, AuditRow
from statusportal.http.views.shell import FilterLink
from statusportal.web.admin.audit_words import act_words, actor_words, code_words, kind_words
from statusportal.web.admin.blueprint import admin
from statusportal.web.paging import asked, page_links, wanted_slice


@admin.get("/audit")
@needs(Permission.AUDIT_VIEW)
def audit() -> str:
    """List who did what, the newest first."""
    act = asked("act")
    with portal.reading() as work:
        page = acts_named(work, wanted_slice(), AuditFilters(act=act or None))
    acts, kinds, actors = act_words(), kind_words(), actor_words()
    rows = tuple(_row(one, acts, kinds, actors) for one in page.items)
    return render_template(
        "admin/audit.html", page=AuditPage(rows, _filters(act), page_links(page, "admin.audit", act=act))
    )


def _row(one: ActNamed, acts: dict[str, str], kinds: dict[str, str], actors: dict[str, str]) -> AuditRow:
    record = one.record
    unknown = str(record.actor_id) if record.actor_id else record.actor_kind
    # Until a sign-in stands, nobody is signed in: who it is about is who did it.
    is_own = record.act.startswith("sign_in.") and record.actor_kind == ActorKind.SYSTEM
    codes = tuple((_code_word(name), str(value)) for name, value in record.codes.items() if value is not None)
    return AuditRow(
        at=record.at,
        actor=one.actor or (one.subject if is_own else "") or actors.get(record.actor_kind, unknown),
        act=acts.get(record.act, record.act.replace(".", " ").replace("_", " ")),
        subject=one.subject or record.subject_id,
        subject_kind=kinds.get(record.subject_kind, record.subject_kind),
        organisation=one.organisation or (str(record.organisation_id) if record.organisation_id else ""),
        codes=codes,
    )


def _code_word(name: str) -> str:
    known = code_words()
    return known.get(name, name.replace("_", " "))


def _filters(act: str) -> tuple[FilterLink, ...]:
    """Return a link for each family of acts, by the beginning of their codes."""
    families = {
        "": _("All"),
        "denied": _("Refused"),
        "sign_in": _("Sign-in"),
        "customer": _("Staff looked"),
        "staff": _("Roles"),
        "device": _("Devices"),
        "credential": _("Credentials"),
        "model": _("Models"),
    }
    return tuple(
        FilterLink(words, url_for("admin.audit", act=family or None), is_current=family == act)
        for family, words in families.items()
    )
