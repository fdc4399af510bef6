"""Sample entries, threads and composers."""

from datetime import timedelta

from markupsafe import Markup

from statusportal.http.views import answers, entries, shell, writing
from tests.factories import article_views
from tests.factories.views import NOW, ago, chart, readers, signals, similar

METTE = entries.Author("Mette Kragh", "MK", "customer", "Engdal Mejeri, owner")
AISHA = entries.Author("Aisha Rahman", "AR", "support", "Nordværk")
BIRGIT = entries.Author("Birgit Vestergaard", "BV", "expert", "Aurora M3")
JONAS = entries.Author("Jonas Lindqvist", "JL", "engineer", "Nordværk, on site")
REACTIONS = (entries.Reaction("helpful", 3), entries.Reaction("worked", 4, is_mine=True))


def comment(number: int, author: entries.Author, words: str, **more) -> entries.CommentView:
    defaults = {"created_at": ago(days=2, hours=-number / 4), "reactions": REACTIONS, "can_reply": True}
    return entries.CommentView(
        id=str(number), author=author, body=Markup("<p>{}</p>").format(words), **{**defaults, **more}
    )


def deep(depth: int, number: int = 20) -> entries.CommentView:
    replies = (deep(depth + 1, number + 1),) if depth < 7 else ()
    author = (METTE, AISHA, BIRGIT)[depth % 3]
    return comment(number, author, f"An answer at depth {depth}.", depth=depth, to_name="Mette Kragh", replies=replies)


EVIDENCE = entries.Evidence(
    "B",
    "",
    "0.5 above the upper limit",
    points=(40.1, 40.4, 41.0),
    high=40.5,
    label="Cuvette temperature",
    unit="°C",
    at=ago(days=2),
    to_at=ago(days=1),
    value=40.1,
    last_value=41.0,
    rows=((ago(days=2), 40.1), (ago(days=1), 41.0)),
)
FILES = tuple(
    entries.Attachment(name, f"/f/{name}", 408, image, id=name, kind=kind, file_href=f"/f/{name}", excerpt=words)
    for name, kind, image, words in (
        ("relay.jpg", "image", "/static/none.jpg", ""),
        ("start.mp4", "video", "", ""),
        ("flow.log", "text", "", "12:31:08 flow 1.9 l/min"),
        ("paper.pdf", "pdf", "", ""),
    )
)


def thread_items() -> tuple[entries.CommentView | entries.SystemLine, ...]:
    report = entries.FieldReport(
        "Inlet filter half blocked.",
        "Changed it, six check samples.",
        "M3-114 inlet filter",
        "Look after 40 cleanings.",
    )
    internal = comment(6, AISHA, "Goodwill agreed, see contract.", is_internal=True, reactions=())
    return (
        entries.SystemLine("Cuvette temperature left its limits: 40.6 °C at 12:14.", ago(days=2), "off_spec"),
        comment(
            1,
            METTE,
            "Three check samples in a row read too high. Is it the machine or the cleaning?",
            evidence=(EVIDENCE,),
            replies=(deep(1),),
            reply_count=7,
            can_edit=True,
            can_delete=True,
            edited_at=ago(days=1),
        ),
        comment(
            5,
            METTE,
            "",
            tombstone=entries.Tombstone(ago(days=1), "It showed another customer’s serial number.", "/log"),
        ),
        internal,
        comment(7, JONAS, "", report=report, kind="field_report", accepted_by="Mette Kragh", attachments=FILES),
        comment(8, METTE, "", tombstone=entries.Tombstone(ago(hours=20))),
        comment(
            9,
            BIRGIT,
            "The manual is being changed.",
            is_new=True,
            can_accept=True,
            audience=entries.AudienceView("organisation", "Engdal Mejeri and Nordværk"),
        ),
    )


def composer() -> entries.Composer:
    choice = entries.AudienceChoice
    return entries.Composer(
        "e1",
        "e1:",
        (
            choice("model", "Aurora M3 owners, you as “Avocet”", 61),
            choice("organisation", "Engdal Mejeri and Nordværk", 10),
            choice("internal", "staff only", 4),
        ),
        kinds=(shell.Option("comment", "Comment"), shell.Option("update", "Official update")),
        files=FILES,
        signals=(shell.Option("flow", "Sample flow"),),
    )


def thread() -> entries.Thread:
    return entries.Thread(
        "e1",
        thread_items(),
        count=10,
        new_count=1,
        new_since_at=ago(days=1),
        version=41,
        orders=(
            shell.FilterLink("Oldest", "?sort=oldest", is_current=True),
            shell.FilterLink("Newest", "?sort=newest"),
        ),
        composer=composer(),
    )


def lifecycle() -> tuple[entries.LifecycleStep, ...]:
    step = entries.LifecycleStep
    return (
        step("open", ago(days=2), state="done"),
        step("acknowledged", ago(days=2, minutes=-7), state="done"),
        step("investigating", ago(days=2, minutes=-33), state="done"),
        step("identified", ago(days=1), state="done"),
        step("monitoring", ago(hours=19), state="current"),
        step("resolved", note="Friday 15:00, if all stays well"),
    )


def official() -> entries.OfficialUpdate:
    return entries.OfficialUpdate(
        "Jonas Lindqvist",
        ago(hours=19),
        Markup("<p>The machine is repaired and you can release results again.</p>"),
        "Nothing. Run as usual.",
        "Jonas Lindqvist",
        NOW + timedelta(days=1),
        (entries.EarlierUpdate(ago(days=1), "Jonas", "Parts are on the van.", "#c-2"),),
    )


def machine_events() -> tuple[entries.MachineEvent, ...]:
    words = "Cuvette temperature is 40.6 °C, above the limit of 40.5 °C."
    return (
        entries.MachineEvent(ago(days=2), ago(days=1), words, "A-214", "off_spec", 86_400),
        entries.MachineEvent(ago(hours=20), None, words, "A-214", "off_spec"),
    )


def answer() -> answers.Answer:
    """Return an answer that the machine confirmed."""
    return answers.Answer(
        "New inlet filter and new tubing behind it.",
        "Jonas Lindqvist",
        "Mette Kragh",
        "#c-7",
        "Inside the limits for 19 h 43 min, through 3 cleanings and 212 samples.",
        points=(40.0, 40.1, 39.9, 40.0),
        low=39.5,
        high=40.5,
    )


def entry() -> entries.EntryPage:
    return entries.EntryPage(
        id="e1",
        title="Fat results read too high after the midday cleaning",
        kind="condition",
        device_id="d1",
        device_name="Milk analyser 2, line B",
        health="off_spec",
        lifecycle="monitoring",
        audience=entries.AudienceView("model", "Aurora M3 owners, anonymised"),
        thread=thread(),
        author=METTE,
        created_at=ago(days=2),
        code="A-214",
        lasted_s=96660,
        body=Markup("<p>It began after the cleaning.</p>"),
        steps=lifecycle(),
        now=entries.Now("normal", "Now: measuring normally.", "Cuvette 40.0 °C, for 19 h 43 min.", ago(seconds=3)),
        official=official(),
        answer=answer(),
        watching="Clear since yesterday 15:00. It is resolved Friday 15:00, if all stays well.",
        events=entries.MachineEvents(3, ago(days=2), ago(hours=19), machine_events()),
        around=article_views.around(),
        snapshot=entries.Snapshot(ago(days=2), signals()[:4], chart(frozen=True), "4.2.1", ("A-214", "A-118")),
        readers=readers(),
        similar=similar(),
        people=(METTE, AISHA, BIRGIT),
        people_note="First answer after 9 minutes.",
        next_lifecycles=(shell.Option("resolved", "Resolved"),),
        can_dispute=True,
        edit_href="/entries/e1/edit",
    )


def edit() -> writing.EditPage:
    return writing.EditPage(
        action="/entries/e1/edit",
        back_href="/entries/e1",
        heading="Change this entry",
        form=shell.Form(
            {"title": "Fat", "body": "Words", "audience": "organisation"},
            {"title": "A title says what is seen.", "body": "Too long."},
        ),
        has_title=True,
        audiences=composer().audiences,
        delete_action="/x",
    )


def attachment() -> entries.AttachmentPage:
    words = "12:31:08 flow 1.9 l/min\n" * 40
    return entries.AttachmentPage(
        FILES[2], "Fat results read too high", "/entries/e1", "9f" * 32, ago(days=1), words=words, is_whole=False
    )


def comment_history() -> writing.CommentHistoryPage:
    edition = writing.Edition
    return writing.CommentHistoryPage(
        "Fat results read too high",
        "/entries/e1",
        METTE,
        (
            edition(ago(hours=2), "Mette Kragh", Markup("<p>Now.</p>"), is_current=True),
            edition(ago(days=1), "Mette Kragh", Markup("<p>Then.</p>")),
        ),
    )


def me_too() -> answers.MeTooPage:
    """Return the page on which one says it for a machine of one's own."""
    return answers.MeTooPage(
        entry_id="e1",
        entry_title="Fat results read too high",
        affected=answers.MeTooView(7, 1, ("6 on firmware 4.2",)),
        machines=(
            answers.MeTooMachine("d1", "Milk analyser 1, reception", "MA-3817", is_said=True),
            answers.MeTooMachine("d3", "Milk analyser 3, laboratory", "MA-4410"),
        ),
        site_types=(shell.Option("laboratory", "laboratory"), shell.Option("production", "production")),
    )
