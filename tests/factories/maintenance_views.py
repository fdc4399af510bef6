"""Sample view models of planned work."""

from statusportal.http.views import maintenance
from statusportal.http.views.shell import Form, Option

WAITING = maintenance.WorkRow(
    id="w1",
    href="/maintenance/w1",
    title="Inlet filter",
    machines="Milk analyser 1, reception",
    when="27 November 2026, 09:00–10:00 CET",
    icon="dash",
    word="Planned, waits for an answer",
)
WINDOW = maintenance.WorkRow(
    id="w2",
    href="/maintenance/w2",
    title="The power is off",
    machines="6 machines",
    when="28 November 2026, 07:00–12:00 CET",
    icon="clock",
    word="Window planned",
)
KINDS = (
    Option("visit", "Visit", "Somebody comes. The other side confirms the time."),
    Option("window", "Window", "The machine may misbehave. It holds at once."),
)


def calendar() -> maintenance.MaintenancePage:
    looks = (("done", "worked"), ("confirmed", "check"), ("moved", "move"), ("planned", "dash"), ("window", "clock"))
    days = {
        3 + 5 * place: maintenance.CalendarWork(look, icon, look, "Laboratory UPS", "08:00, battery", f"/{look}")
        for place, (look, icon) in enumerate(looks)
    }
    return maintenance.MaintenancePage(
        headline="2 pieces of work are planned. One waits for your answer.",
        month="November 2026",
        zone="Europe/Copenhagen",
        weeks=tuple(
            maintenance.CalendarWeek(44 + week, tuple(_day(7 * week + place + 1, days) for place in range(7)))
            for week in range(4)
        ),
        day_names=("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"),
        earlier_href="?month=2026-10",
        later_href="?month=2026-12",
        waiting=(WAITING,),
        coming=(WAITING, WINDOW),
        plan_href="/plan",
        is_cut=True,
        counters=counters(),
        counters_cut=True,
        follow_href="/profile/tokens",
    )


def counters() -> tuple[maintenance.CounterRow, ...]:
    def one(code: str, health: str, said: str, done: int, when: str, note: str) -> maintenance.CounterRow:
        return maintenance.CounterRow(
            code=code,
            health=health,
            title="Maintenance required when run hours has counted 3,600 h since the last service.",
            machine="Compressor, filling hall",
            serial="BR37-2210",
            said=said,
            done=done,
            warn=88,
            when=when,
            note=note,
            href="/why",
            plan_href="/plan",
        )

    return (
        one(
            "OIL",
            "maintenance_required",
            "3,384 h of 3,600 h",
            94,
            "in 9 d",
            "about 28 November, as fast as it counts now",
        ),
        one("YEARLY", "normal", "45 d of 182 d", 25, "in 137 d", "5 April 2027"),
        one("HOSE", "normal", "1,100 h of 2,000 h", 55, "cannot be said", "the machine is silent"),
    )


def _day(number: int, works: dict[int, maintenance.CalendarWork]) -> maintenance.CalendarDay:
    found = (works[number],) if number in works else ()
    return maintenance.CalendarDay(f"day {number}", f"Day {number}", str(number), found, is_today=number == 18)


def nothing_planned() -> maintenance.MaintenancePage:
    return maintenance.MaintenancePage("No work is planned.", "November 2026", "UTC", (), (), "?a", "?b")


def plan() -> maintenance.PlanPage:
    wrong = Form(
        {"kind": "window", "title": "", "from": "2026-11-20T09:00"}, {"to": "Must be later.", "title": "Empty."}
    )
    services = (
        Option("OIL", "OIL", "Maintenance required when run hours has counted 3,600 h since the last service."),
    )
    known = (WAITING, WINDOW)
    place = ("Milk analyser 1", "/d1", "/d1/maintenance", "UTC")
    return maintenance.PlanPage(*place, KINDS, wrong, services, frozenset({"OIL"}), known)


def visit() -> maintenance.WorkPage:
    return maintenance.WorkPage(
        id="w1",
        row=WAITING,
        kind="Visit",
        zone="Europe/Copenhagen",
        effect="Until it is confirmed, everything counts as ever: status, entries and availability.",
        machines=(("Milk analyser 1", "/d1"),),
        form=Form({"from": "2026-11-27T09:00", "to": "2026-11-27T10:00"}),
        entry_href="/entries/w1",
        was="26 November 2026, 09:00–10:00 CET",
        services=("OIL",),
        can_confirm=True,
        can_move=True,
        can_cancel=True,
    )


def running_window() -> maintenance.WorkPage:
    return maintenance.WorkPage(
        id="w2",
        row=WINDOW,
        kind="Window",
        zone="UTC",
        effect="What the machine says in this time is recorded.",
        machines=(("Milk analyser 1", "/d1"), ("Laboratory UPS", "/d2")),
        form=Form({}, {"": "A step from done to done is not possible."}),
        can_move=True,
        has_begun=True,
        can_finish=True,
    )


def notice() -> maintenance.WorkNotice:
    return maintenance.WorkNotice("Work goes on: 08:00–12:00 CET. Oil.", "It is recorded.", "/w1", is_running=True)
