"""A calendar that other programs follow: visits, windows and services that fall due, by a revocable address."""

from collections.abc import Iterator
from datetime import timedelta
from uuid import UUID

from flask import Response, make_response, url_for
from flask_babel import force_locale
from flask_babel import gettext as _
from icalendar import Calendar, Event

from statusportal.access.actor import Actor
from statusportal.accounts.models import Person
from statusportal.foundation.clock import from_ms
from statusportal.foundation.paging import MOST, Slice
from statusportal.http import portal
from statusportal.http.calendars import reader_of_calendar
from statusportal.http.policies import public
from statusportal.http.rule_sentences import rule_sentence
from statusportal.maintenance.queries import WorkSeen, works_page
from statusportal.maintenance.vocabulary import AGREED, WorkKind, WorkState
from statusportal.standings.forecasting import CounterNow, counters_running_out
from statusportal.web.maintenance.blueprint import maintenance_pages
from statusportal.web.maintenance.words import machines_words, names_of, state_word
from statusportal.work import Work

_PAST = timedelta(days=90)
_PAGES = 10


@maintenance_pages.get("/calendar/<token>.ics")
@public("the token in the address is the secret; what opens nothing is counted against its sender")
def feed(token: str) -> Response:
    """Give planned work and services due as iCalendar."""
    actor = reader_of_calendar(token)
    with portal.works().reading(actor) as work, force_locale(_locale(work, actor)):
        body = _calendar(work).to_ical()
    response = make_response(body)
    response.content_type = "text/calendar; charset=utf-8"
    return response


def _locale(work: Work, actor: Actor) -> str:
    person = work.session.get(Person, actor.person_id)
    return person.locale if person is not None else "en"


def _calendar(work: Work) -> Calendar:
    calendar = Calendar()
    calendar.add("prodid", "-//Status Portal//Maintenance//EN")
    calendar.add("version", "2.0")
    calendar.add("x-wr-calname", _("Maintenance"))
    found = list(_works(work))
    names = names_of(work, found)
    for seen in found:
        calendar.add_component(_event_of_work(work, seen, names))
    for one in counters_running_out(work).items:
        if one.expected_ms is not None:
            calendar.add_component(_event_of_counter(work, one))
    return calendar


def _works(work: Work) -> Iterator[WorkSeen]:
    """Read what was planned lately and is planned, page by page; what was called off is gone from a calendar."""
    cursor = None
    for _page in range(_PAGES):
        page = works_page(work, Slice(MOST, cursor), None, work.now - _PAST)
        yield from (one for one in page.items if one.row.state != WorkState.CANCELLED)
        cursor = page.next_cursor
        if cursor is None:
            return


def _event_of_work(work: Work, seen: WorkSeen, names: dict[UUID, str]) -> Event:
    row = seen.row
    event = Event()
    event.add("uid", f"{row.id}@status-portal")
    event.add("dtstamp", work.now)
    event.add("dtstart", row.from_at)
    event.add("dtend", row.to_at)
    event.add("summary", f"{row.title}: {machines_words(seen, names)}")
    event.add("description", f"{state_word(row)}\n{', '.join(sorted(names.get(one, '') for one in seen.device_ids))}")
    event.add("status", "CONFIRMED" if row.state in AGREED[WorkKind(row.kind)] else "TENTATIVE")
    event.add("url", url_for("maintenance.planned_work", work_id=row.id, _external=True))
    return event


def _event_of_counter(work: Work, one: CounterNow) -> Event:
    """Stand for a whole day; that it is an estimate is said where one looks."""
    event = Event()
    event.add("uid", f"{one.device_id}-{one.rule.code}@status-portal")
    event.add("dtstamp", work.now)
    day = from_ms(one.expected_ms or 0).date()
    event.add("dtstart", day)
    event.add("dtend", day + timedelta(days=1))
    due = _("Service due: %(code)s, %(name)s", code=one.rule.code, name=one.name)
    event.add("summary", _("%(what)s (estimated)", what=due) if one.is_estimate else due)
    event.add("description", rule_sentence(one.rule, one.rules))
    event.add("status", "TENTATIVE" if one.is_estimate else "CONFIRMED")
    event.add("transp", "TRANSPARENT")
    event.add("url", url_for("devices.why", device_id=one.device_id, _anchor="rules", _external=True))
    return event
