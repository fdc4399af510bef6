"""From rows of the community to its pages."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from functools import partial
from typing import cast
from uuid import UUID

from flask import url_for
from flask_babel import gettext as _
from markupsafe import Markup
from sqlalchemy import select

from statusportal.access.permissions import Permission
from statusportal.access.policy import actor_holds
from statusportal.accounts.models import Organisation
from statusportal.anonymity.vocabulary import LEAST_OWNERS, Taken
from statusportal.catalogue.models import DeviceModel
from statusportal.community.models import Publication, PublicationConsent, PublicationLine
from statusportal.community.queries import answers_to, lines_page, own_lines
from statusportal.community.vocabulary import Draft, LineState, PublicationState
from statusportal.entries.models import StatusEntry
from statusportal.entries.vocabulary import Audience
from statusportal.foundation.paging import Slice
from statusportal.http.views.community import (
    CodeBar,
    CommunityLine,
    EntryCommunity,
    PublicationPage,
    SharedRow,
    ShareLine,
    SharePage,
    TakenRow,
)
from statusportal.http.views.shell import STAFF_ROLES, Form, Health, Pages, Role
from statusportal.insight.communities import search_communities
from statusportal.insight.figures import CommunityFigures
from statusportal.prose.markdown import plain_text
from statusportal.web.shell import initials
from statusportal.work import Work

_EXCERPT = 160
# Below the archive's own results; the model's page has all.
_MOST_HITS = 5


def share_page(work: Work, entry: StatusEntry, draft: Draft, form: Form) -> SharePage:
    """Return both sides of what an owner is about to share."""
    organisation = work.session.get_one(Organisation, entry.organisation_id)
    return SharePage(
        entry_id=str(entry.id),
        title_before=draft.title_before,
        body_before=draft.body_before,
        model_name=entry.device.model.name,
        organisation=", ".join(part for part in (organisation.name, entry.device.site) if part),
        machine=entry.device.name,
        serial=entry.device.serial,
        began_at=entry.opened_at,
        alias=draft.alias,
        owners=draft.owners,
        least=LEAST_OWNERS,
        is_open=draft.is_open,
        health=cast("Health | None", entry.health),
        code=entry.code or "",
        firmware=entry.device.firmware,
        lines=tuple(
            ShareLine(str(one.comment_id), one.author, initials(one.author), _role(one.role), one.alias, one.before)
            for one in draft.lines
        ),
        taken=_taken(draft.counts),
        left_out=draft.left_out,
        shared_href=_shared_href(entry),
        form=form,
    )


def share_form(draft: Draft) -> dict[str, object]:
    """Fill the form with what would be shared as it stands: every comment goes along."""
    values: dict[str, object] = {"title": draft.title, "body": draft.body}
    for line in draft.lines:
        values |= {f"t-{line.comment_id}": line.after, f"c-{line.comment_id}": "1"}
    return values


def publication_page(work: Work, row: Publication, wanted: Slice, form: Form | None = None) -> PublicationPage:
    """Return a shared entry as its readers see it, with a page of its lines; of one that was taken back, its place."""
    model = work.session.get_one(DeviceModel, row.model_id)
    href = url_for("community.of_model", model_slug=model.slug)
    if row.state != PublicationState.STANDING:
        return PublicationPage(str(row.id), model.name, href, is_revoked=True)
    own, said = own_lines(work, row.id), lines_page(work, row.id, wanted)
    here = partial(url_for, "community.publication", publication_id=row.id)
    return PublicationPage(
        id=str(row.id),
        model_name=model.name,
        model_href=href,
        title=row.title,
        alias=row.alias,
        initials=initials(row.alias),
        kind=row.kind,
        health=cast("Health | None", row.health),
        code=row.code or "",
        firmware=row.firmware,
        is_resolved=row.is_resolved,
        began_at=row.began_at,
        body=Markup(row.body_html),  # noqa: S704 - sanitised when it was written (prose/markdown.py)
        lines=tuple(_line(one, own) for one in said.items),
        pages=Pages(
            next_href=here(cursor=said.next_cursor) if said.next_cursor else None,
            first_href=here() if wanted.cursor else None,
        ),
        entry_href=_entry_href(work, row.id),
        form=form or Form(),
    )


def shared_row(row: Publication) -> SharedRow:
    """Return a shared entry for a list."""
    text = plain_text(row.body_markdown)
    return SharedRow(
        href=url_for("community.publication", publication_id=row.id),
        title=row.title,
        alias=row.alias,
        excerpt=text if len(text) <= _EXCERPT else text[:_EXCERPT].rsplit(" ", 1)[0] + " …",
        last_word_at=row.last_word_at,
        kind=row.kind,
        health=cast("Health | None", row.health),
        code=row.code or "",
        firmware=row.firmware,
        comments=row.line_count,
        is_resolved=row.is_resolved,
    )


def shared_hits(work: Work, words: str) -> tuple[tuple[SharedRow, ...], int]:
    """Return the best of what other owners share that holds the words, and how many there are."""
    hits, total = search_communities(work, words, _MOST_HITS)
    # Escaped text whose only tag is mark (lexicon/excerpt.py).
    return tuple(replace(shared_row(hit.row), excerpt=Markup(hit.excerpt)) for hit in hits), total  # noqa: S704 - as said


def code_bars(figures: CommunityFigures, slug: str) -> tuple[CodeBar, ...]:
    """Return the most frequent codes, each as a share of the most frequent one."""
    most = max((one.count for one in figures.codes), default=1)
    return tuple(
        CodeBar(
            one.code,
            one.count,
            one.resolved,
            one.count / most,
            url_for("community.of_model", model_slug=slug, code=one.code),
        )
        for one in figures.codes
    )


def entry_community(work: Work, entry: StatusEntry) -> EntryCommunity | None:
    """Return an entry's way to the owners of its model, for its own people and staff; None where there is none."""
    decides = actor_holds(work.actor, Permission.ENTRY_CONSENT, entry.organisation_id)
    is_told = entry.publication_id is not None and work.actor.belongs_to(entry.organisation_id)
    if entry.audience == Audience.INTERNAL or not (decides or is_told):
        return None
    return EntryCommunity(
        entry_id=str(entry.id),
        model_name=entry.device.model.name,
        share_href=url_for("community.share", entry_id=entry.id) if decides else "",
        shared_href=_shared_href(entry),
        lines=tuple(_line(one, ()) for one in answers_to(work, entry)),
    )


def _shared_href(entry: StatusEntry) -> str:
    if entry.publication_id is None:
        return ""
    return url_for("community.publication", publication_id=entry.publication_id)


def _entry_href(work: Work, publication_id: UUID) -> str:
    """Lead the owner's people, and staff, to the entry; the walls give nobody else the row."""
    query = select(PublicationConsent.entry_id).where(PublicationConsent.publication_id == publication_id)
    if not work.actor.is_operator:
        query = query.where(PublicationConsent.organisation_id.in_(sorted(work.actor.organisations)))
    entry_id = work.session.scalar(query)
    return url_for("entries.entry", entry_id=entry_id) if entry_id else ""


def _line(row: PublicationLine, own: Collection[UUID]) -> CommunityLine:
    is_deleted = row.state != LineState.VISIBLE
    action = url_for("community.take_back", publication_id=row.publication_id, reply_id=row.id)
    return CommunityLine(
        id=str(row.id),
        alias=row.alias,
        initials=initials(row.alias),
        role=_role(row.role),
        said_at=row.said_at,
        body=Markup(row.body_html),  # noqa: S704 - sanitised when it was written (prose/markdown.py)
        is_deleted=is_deleted,
        remove_action=action if row.id in own and row.is_reply and not is_deleted else "",
    )


def _role(role: str | None) -> Role:
    """Return the badge that stays: which of the operator's people, else a customer."""
    return cast("Role", role if role in STAFF_ROLES else "customer")


def _taken(counts: Mapping[Taken, int]) -> tuple[TakenRow, ...]:
    groups: Sequence[tuple[str, str, tuple[Taken, ...]]] = (
        (_("Organisation and place"), _("a word for what was there"), (Taken.ORGANISATION, Taken.PLACE)),
        (_("People"), _("an alias, in this entry alone"), (Taken.PERSON,)),
        (_("Serial number and own name"), _("a word for what was there"), (Taken.MACHINE,)),
        (_("Addresses, telephone and links"), _("a word for what was there"), (Taken.ADDRESS, Taken.NUMBER)),
        (_("File names"), _("a word for what was there"), (Taken.FILE,)),
        (_("Dates"), _("a word for what was there"), (Taken.DATE,)),
        (_("Times"), _("the hour"), (Taken.TIME,)),
    )
    return tuple(TakenRow(what, becomes, sum(counts.get(one, 0) for one in kinds)) for what, becomes, kinds in groups)
