"""The page of who can see a device, put together: people in their groups, one time axis, the grants."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from uuid import UUID

from flask import url_for
from flask_babel import gettext as _
from flask_babel import ngettext

from statusportal.access.vocabulary import Right, SharingMode
from statusportal.fleet.queries import words_seen
from statusportal.fleet.vocabulary import BEGINNING, GrantState
from statusportal.http.filters import reader_locale, reader_zone
from statusportal.http.formatting import long_date
from statusportal.http.views.access import AccessPage, GrantShown, Seat, Tenure, TenureKind
from statusportal.http.views.shell import Form
from statusportal.overview.access import Given, WhoSees, who_sees
from statusportal.sharing.queries import open_links_of
from statusportal.web.devices.access_words import (
    kind_choices,
    kind_word,
    mode_choices,
    right_choices,
    rights_shown,
    verbs_by_field,
)
from statusportal.web.devices.grant_form import change_form, ticked_words
from statusportal.web.forms import filled
from statusportal.web.paging import page_links, wanted_slice
from statusportal.web.sharing.making_view import link_row
from statusportal.web.shell import initials, operator_name
from statusportal.work import Work

_SHOWN = 8
_LINKS = 20
_AHEAD = timedelta(days=60)
_LEAST = timedelta(days=90)
_STEPS = 4
_SOON = timedelta(days=30)


def access_page(
    work: Work, device_id: UUID, form: Form | None = None, changed: Mapping[UUID, Form] | None = None
) -> AccessPage:
    """Put the page together; a form that came back, `changed` by its grant, stands in place of its empty one."""
    seen = who_sees(work, device_id, wanted_slice())
    pages = page_links(seen.ended, "devices.access", device_id=str(seen.device.id))
    shown = [*([] if pages.first_href else seen.given), *seen.ended.items]
    words = words_seen(work, [seen.device])[seen.device.id]
    axis = _Axis(seen, work.now)
    mode = seen.sharing.mode if seen.sharing else SharingMode.MEMBERS.value
    return AccessPage(
        id=str(seen.device.id),
        name=words.name,
        model=seen.device.model.name,
        serial=seen.device.serial,
        organisation_id=str(seen.owner.id),
        headline=_headline(seen),
        summary=_summary(seen),
        seats=(_own_seat(seen), _operator_seat(seen), _guest_seat(seen), _label_seat()),
        tenures=axis.lanes(),
        now_percent=axis.percent(work.now),
        axis=axis.marks(),
        grants=tuple(_grant(one, work.now, (changed or {}).get(one.grant.id)) for one in shown),
        pages=pages,
        rights=right_choices(),
        kinds=kind_choices(),
        modes=mode_choices(),
        links_words=_links_words(seen),
        links=tuple(link_row(one) for one in open_links_of(work, seen.ownership, _LINKS)),
        links_href=url_for("links.of_device", device_id=seen.device.id) if seen.may_link else "",
        form=form or Form(),
        verbs=verbs_by_field(),
        ticked=ticked_words(form or Form()),
        mode_form=filled({"mode": mode}),
        is_confidential=seen.ownership.confidential_at is not None,
        may_share=seen.may_share,
        may_transfer=seen.may_transfer,
    )


def _headline(seen: WhoSees) -> str:
    people: str = ngettext("%(num)d person can see this machine", "%(num)d people can see this machine", seen.people)
    groups = [*_organisations(seen), *([seen.above] if seen.above else []), *_link_holders(seen)]
    if not groups:
        return people
    words: str = _("%(people)s, and so can %(names)s", people=people, names=", ".join(groups))
    return words


def _summary(seen: WhoSees) -> str:
    words: str = _(
        "%(own)s at %(owner)s, %(staff)s at %(operator)s. Everybody else sees nothing of it, on any path but a link.",
        own=len(seen.own),
        owner=seen.owner.name,
        staff=seen.staff,
        operator=operator_name(),
    )
    return words


def _own_seat(seen: WhoSees) -> Seat:
    deciding = [one.name for one in seen.own if one.decides]
    all_see = len(seen.own) == seen.own_total
    who = _("All members.") if all_see else _("%(seen)s of %(all)s members.", seen=len(seen.own), all=seen.own_total)
    if seen.ownership.confidential_at is not None:
        who = _("Confidential: administrators, and whoever is let in by name.")
    decides = _("Who else gets in decides: %(names)s.", names=", ".join(deciding)) if deciding else ""
    shown = tuple(initials(one.name) for one in seen.own[:_SHOWN])
    return Seat("building", seen.owner.name, f"{who} {decides}".strip(), shown)


def _operator_seat(seen: WhoSees) -> Seat:
    words = ngettext("%(num)d person serves you.", "%(num)d people serve you.", seen.staff)
    return Seat("wrench", operator_name(), f"{words} {_('Each look is written down.')}", (), "engineer")


def _guest_seat(seen: WhoSees) -> Seat:
    names = [one.name for one in seen.standing]
    words = ", ".join(dict.fromkeys(names)) + "." if names else _("Nobody now.")
    if seen.above:
        words += " " + _("%(name)s reads its sites.", name=seen.above)
    return Seat("people", _("Let in"), words, tuple(initials(name) for name in dict.fromkeys(names)))


def _label_seat() -> Seat:
    return Seat("globe", _("Everybody else"), _("Scanning the label shows what its owner chose, and no more."))


def _organisations(seen: WhoSees) -> list[str]:
    return list(dict.fromkeys(one.name for one in seen.standing if one.grant.to_organisation_id is not None))


def _link_holders(seen: WhoSees) -> list[str]:
    holders = ngettext("whoever has its %(num)d link", "whoever has one of its %(num)d links", seen.open_links)
    return [holders] if seen.open_links else []


def _links_words(seen: WhoSees) -> str:
    if not seen.open_links:
        return str(_("No link opens the whole machine now."))
    words: str = ngettext(
        "%(num)d link opens the whole machine now.", "%(num)d links open the whole machine now.", seen.open_links
    )
    return words


def _grant(one: Given, now: datetime, changed: Form | None) -> GrantShown:
    row = one.grant
    is_ended = one.state is GrantState.ENDED
    can_change = not is_ended and row.opens_at is None and not one.is_of_group
    return GrantShown(
        id=str(row.id),
        name=one.name,
        kind=kind_word(row.to_kind),
        initials=initials(one.name.replace("-", " ")),
        rights=rights_shown(Right(row.rights)),
        from_at=row.from_at,
        to_at=row.revoked_at or row.to_at,
        is_ended=is_ended,
        can_end=not is_ended and not one.is_of_group,
        ends_soon=row.to_at is not None and row.to_at - now <= _SOON,
        change=(changed or change_form(Right(row.rights), row.to_at)) if can_change else None,
    )


class _Axis:
    """One axis of time for the owner and everybody who was let in, in percent from left to right."""

    def __init__(self, seen: WhoSees, now: datetime) -> None:
        self._seen, self._now = seen, now
        self._given = [*seen.given, *seen.ended.items]
        begun = seen.ownership.from_at
        starts = [one.grant.from_at for one in self._given] + ([begun] if begun > BEGINNING else [])
        self._from = min([*starts, now - _LEAST])
        self._to = now + max(_AHEAD, (now - self._from) / 8)

    def percent(self, at: datetime) -> float:
        share = (min(max(at, self._from), self._to) - self._from) / (self._to - self._from)
        return round(100 * share, 1)

    def lanes(self) -> tuple[Tenure, ...]:
        own = self._seen.ownership
        since = own.from_at if own.from_at > BEGINNING else None
        note = _("owner since %(day)s", day=_day(since)) if since else _("owner from the beginning")
        end = self.percent(own.to_at or self._to)
        owner = Tenure(self._seen.owner.name, note, "own", self.percent(own.from_at), end)
        return (*self._former(), owner, *(self._lane(one) for one in self._given))

    def _former(self) -> tuple[Tenure, ...]:
        """Return the lane of whoever handed the device over: their time is theirs, unless both chose otherwise."""
        former = self._seen.former
        if former is None:
            return ()
        until = _day(former.until)
        note = (
            _("until %(day)s; you read it, as both chose", day=until)
            if former.is_read
            else _("until %(day)s; that time stays with them alone", day=until)
        )
        return (Tenure(former.name, note, "gone", 0.0, self.percent(former.until)),)

    def _lane(self, one: Given) -> Tenure:
        row = one.grant
        end = row.revoked_at or row.to_at
        kinds: dict[GrantState, TenureKind] = {
            GrantState.NOW: "now",
            GrantState.AHEAD: "next",
            GrantState.ENDED: "gone",
        }
        note = _("until %(day)s", day=_day(end)) if end else _("since %(day)s", day=_day(row.from_at))
        return Tenure(one.name, note, kinds[one.state], self.percent(row.from_at), self.percent(end or self._to))

    def marks(self) -> tuple[tuple[str, float], ...]:
        step = (self._now - self._from) / _STEPS
        return tuple(
            (_day(self._from + step * number), self.percent(self._from + step * number)) for number in range(_STEPS)
        )


def _day(at: datetime) -> str:
    return long_date(at.astimezone(UTC), zone=reader_zone(), locale=reader_locale())
