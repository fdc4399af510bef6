"""View models of planned work: the calendar, one piece of work, and the form of a new one."""

from dataclasses import dataclass, field

from statusportal.http.views.shell import Form, Health, Option


@dataclass(frozen=True, slots=True)
class CalendarWork:
    """Work on one day. `look` is planned, confirmed, moved, done or window; `word` says it, `note` what and when."""

    look: str
    icon: str
    word: str
    name: str
    note: str
    href: str


@dataclass(frozen=True, slots=True)
class CalendarDay:
    """A day of the month, or beside it. `label` names it in full, `short` as its number."""

    label: str
    long: str
    short: str
    works: tuple[CalendarWork, ...] = ()
    is_today: bool = False


@dataclass(frozen=True, slots=True)
class CalendarWeek:
    """Seven days from Monday on, with the week's number."""

    number: int
    days: tuple[CalendarDay, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkRow:
    """Planned work in a list: what, on which machine, when, and how far it has come."""

    id: str
    href: str
    title: str
    machines: str
    when: str
    icon: str
    word: str
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class CounterRow:
    """One counter of a machine. `done` and `warn` are percents of the way: how far it is, and where it is said ahead.

    `when` says when it is due, `note` on what that rests: an estimate says that it is one.
    """

    code: str
    health: Health
    title: str
    machine: str
    serial: str
    said: str
    done: int
    warn: int
    when: str
    note: str
    href: str
    plan_href: str


@dataclass(frozen=True, slots=True)
class MaintenancePage:
    """Template `maintenance.html`: what waits for the reader, one month, and what comes next.

    `is_cut` where more is planned than the page holds, so that it says so; `counters_cut` where there are more machines
    than were asked for theirs.
    """

    headline: str
    month: str
    zone: str
    weeks: tuple[CalendarWeek, ...]
    day_names: tuple[str, ...]
    earlier_href: str
    later_href: str
    waiting: tuple[WorkRow, ...] = ()
    coming: tuple[WorkRow, ...] = ()
    plan_href: str = ""
    is_cut: bool = False
    counters: tuple[CounterRow, ...] = ()
    counters_cut: bool = False
    follow_href: str = ""


@dataclass(frozen=True, slots=True)
class PlanPage:
    """Template `plan_work.html`: new work on `name`, with what is planned there already.

    `services` are the counters of the machine that a visit can be for, `chosen` those that are ticked.
    """

    name: str
    back_href: str
    action: str
    zone: str
    kinds: tuple[Option, ...]
    form: Form = field(default_factory=Form)
    services: tuple[Option, ...] = ()
    chosen: frozenset[str] = frozenset()
    known: tuple[WorkRow, ...] = ()
    can_plan: bool = True


@dataclass(frozen=True, slots=True)
class WorkPage:
    """Template `planned_work.html`. `effect` says what it does to the machine's status and figures.

    `machines` are (name, address); the steps that are not possible now are left out.
    """

    id: str
    row: WorkRow
    kind: str
    zone: str
    effect: str
    machines: tuple[tuple[str, str], ...]
    form: Form = field(default_factory=Form)
    entry_href: str = ""
    was: str = ""
    services: tuple[str, ...] = ()
    can_confirm: bool = False
    can_move: bool = False
    has_begun: bool = False
    can_finish: bool = False
    can_cancel: bool = False


@dataclass(frozen=True, slots=True)
class WorkNotice:
    """What is planned on a machine next, for its own page; `is_running` while it lasts."""

    words: str
    effect: str
    href: str
    is_running: bool
    icon: str = "calendar"
