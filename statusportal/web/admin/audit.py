"""The audit log, for administrators. Ids become names where they still have one; erased ones stay ids."""

from datetime import UTC, date, datetime, time, timedelta
from typing import Any, cast
from uuid import UUID

from flask import render_template, url_for
from flask_babel import gettext as _

from statusportal.access.permissions import Permission
from statusportal.access.vocabulary import ActorKind
from statusportal.accounts.queries import organisations_page
from statusportal.administration.audit import ActNamed, acts_named, id_in
from statusportal.audit.proving import count_waiting, head_of
from statusportal.audit.queries import AuditFilters
from statusportal.foundation.paging import MOST, Slice
from statusportal.http import portal
from statusportal.http.filters import reader_zone
from statusportal.http.policies import needs
from statusportal.http.views.audit import AuditPage, AuditRow, ChainState
from statusportal.http.views.shell import FilterLink, Form, Option, Role
from statusportal.web.admin.blueprint import admin
from statusportal.web.audit_words import act_words, actor_words, code_words, kind_words
from statusportal.web.looks_view import chain_state
from statusportal.web.paging import asked, page_links, wanted_slice
from statusportal.work import Work

_NARROWED_BY = ("act", "organisation", "about", "from", "to")


@admin.get("/audit")
@needs(Permission.AUDIT_VIEW)
def audit() -> str:
    """List who did what, the newest first, narrowed by kind, organisation, thing and days."""
    kept = {name: asked(name) for name in _NARROWED_BY}
    filters = _filters_of(kept)
    with portal.reading() as work:
        page = acts_named(work, wanted_slice(), filters)
        organisations = organisations_page(work, Slice(MOST)).items
        chain = _chain(work)
    taken: dict[str, Any] = {"act": filters.act, "organisation": filters.organisation_id, "subject": filters.subject_id}
    taken |= {"from": _outward(filters.since), "to": _outward(filters.until)}
    shown = AuditPage(
        rows=tuple(_row(one) for one in page.items),
        filters=_families(kept),
        pages=page_links(page, "admin.audit", **kept),
        form=Form(kept),
        organisations=tuple(Option(str(one.id), one.name) for one in organisations),
        chain=chain,
        csv_href=url_for("Audit.whole_log_as_file", format="csv", **taken),
        lines_href=url_for("Audit.whole_log_as_file", format="jsonl", **taken),
    )
    return render_template("admin/audit.html", page=shown)


def _filters_of(kept: dict[str, str]) -> AuditFilters:
    """Read what the address narrows by; what cannot be read narrows nothing."""
    return AuditFilters(
        act=kept["act"] or None,
        organisation_id=id_in(kept["organisation"]),
        subject_id=kept["about"] or None,
        since=_midnight(kept["from"]),
        until=_midnight(kept["to"], days_later=1),
    )


def _midnight(text: str, days_later: int = 0) -> datetime | None:
    """Return when a day begins for the reader, or the day after it."""
    try:
        on = date.fromisoformat(text) + timedelta(days=days_later)
    except (ValueError, OverflowError):
        return None
    return datetime.combine(on, time(), reader_zone()).astimezone(UTC)


def _outward(at: datetime | None) -> str | None:
    return at.isoformat() if at else None


def _chain(work: Work) -> ChainState:
    checked, head = chain_state(work), head_of(work)
    linked = head.position if head else 0
    return ChainState(checked.checked_at, checked.checked_to, checked.breaches, linked, count_waiting(work))


def _row(one: ActNamed) -> AuditRow:
    record = one.record
    # Until a sign-in stands, nobody is signed in: who it is about is who did it.
    is_own = record.act.startswith("sign_in.") and record.actor_kind == ActorKind.SYSTEM
    codes = tuple((_code_word(name), str(value)) for name, value in one.codes.items() if value is not None)
    return AuditRow(
        at=record.at,
        actor=one.actor or (one.subject if is_own else "") or _unnamed(record.actor_kind, record.actor_id),
        act=str(act_words().get(record.act, record.act.replace(".", " ").replace("_", " "))),
        subject=one.subject or record.subject_id,
        subject_kind=str(kind_words().get(record.subject_kind, record.subject_kind)),
        organisation=one.organisation or (str(record.organisation_id) if record.organisation_id else ""),
        codes=codes,
        role=cast("Role | None", one.actor_role),
    )


def _unnamed(kind: str, actor_id: UUID | None) -> str:
    """Name who acted by kind; a person without a name was erased, and only the id is left."""
    if kind == ActorKind.PERSON.value and actor_id:
        return str(_("erased, %(id)s", id=str(actor_id)[:8]))
    return str(actor_words().get(kind, kind))


def _code_word(name: str) -> str:
    return str(code_words().get(name, name.replace("_", " ")))


def _families(kept: dict[str, str]) -> tuple[FilterLink, ...]:
    """Return a link for each family of acts, by the beginning of their codes."""
    families = {
        "": _("All"),
        "denied": _("Refused"),
        "sign_in": _("Sign-in"),
        "customer": _("Staff looked"),
        "seen_as": _("Seen as a customer"),
        "staff": _("Roles"),
        "member": _("Members"),
        "device": _("Devices"),
        "grant": _("Grants"),
        "link": _("Links"),
        "transfer": _("Handing over"),
        "export": _("Exports"),
        "erasure": _("Erasing"),
        "forwarding": _("Forwarding"),
        "credential": _("Credentials"),
        "connection": _("Connections"),
        "model": _("Models"),
    }
    others: dict[str, Any] = {name: value for name, value in kept.items() if value and name != "act"}
    return tuple(
        FilterLink(words, url_for("admin.audit", act=family or None, **others), is_current=family == kept["act"])
        for family, words in families.items()
    )
