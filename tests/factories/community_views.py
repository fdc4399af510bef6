"""Sample pages of the community."""

from dataclasses import replace

from markupsafe import Markup

from statusportal.http.views import community, entries
from statusportal.http.views.shell import FilterLink, Form
from tests.factories import entry_views
from tests.factories.views import ago

_WORDS = "After the cleaning at 12:00 the check sample reads 3.58 % fat. We have stopped releasing results."


def share() -> community.SharePage:
    lines = (
        community.ShareLine("1", "Mette Kragh", "MK", "customer", "Avocet", "After 12:10 at line B it reads 3.58 %."),
        community.ShareLine("2", "Birgit Vestergaard", "BV", "expert", "Nordværk", "Look at the flow, Mette."),
    )
    values = {
        "title": "Fat too high",
        "body": _WORDS,
        "t-1": "After 12:00 it reads 3.58 %.",
        "t-2": "Look at the flow.",
    }
    return community.SharePage(
        entry_id="e1",
        title_before="Fat too high at Engdal",
        body_before=_WORDS,
        model_name="Aurora M3",
        organisation="Engdal Mejeri, Videbæk",
        machine="Milk analyser 2, line B",
        serial="AM3-20417",
        began_at=ago(days=2),
        alias="Avocet",
        owners=61,
        least=5,
        is_open=True,
        health="off_spec",
        code="A-214",
        firmware="4.2.1",
        lines=lines,
        taken=(community.TakenRow("People", "an alias, in this entry alone", 9),),
        left_out=2,
        shared_href="/community/p1",
        form=Form({**values, "c-1": "1", "c-2": "1"}, {"looked": "Look at both sides first, and say so here."}),
    )


def closed() -> community.SharePage:
    return community.SharePage(
        entry_id="e1",
        title_before="Fat too high",
        body_before="",
        model_name="Aurora M3",
        organisation="Engdal Mejeri",
        machine="Milk analyser 2",
        serial="AM3-20417",
        began_at=ago(days=2),
        alias="Avocet",
        owners=3,
        least=5,
        is_open=False,
    )


def lines() -> tuple[community.CommunityLine, ...]:
    words = Markup("<p>Look at the flow during the cleaning.</p>")
    return (
        community.CommunityLine("l1", "Nordværk", "N", "expert", ago(days=1), words),
        community.CommunityLine("l2", "Heron", "H", "customer", ago(hours=3), words, remove_action="/remove"),
        community.CommunityLine("l3", "Plover", "P", "customer", ago(hours=2), is_deleted=True),
    )


def publication() -> community.PublicationPage:
    return community.PublicationPage(
        id="p1",
        model_name="Aurora M3",
        model_href="/models/aurora-m3",
        title="Fat results read too high after the midday cleaning",
        alias="Avocet",
        initials="A",
        health="off_spec",
        code="A-214",
        firmware="4.2.1",
        is_resolved=True,
        began_at=ago(days=2),
        body=Markup("<p>{}</p>").format(_WORDS),
        lines=lines(),
        entry_href="/entries/e1",
    )


def taken_back() -> community.PublicationPage:
    return community.PublicationPage("p1", "Aurora M3", "/models/aurora-m3", is_revoked=True)


def model() -> community.CommunityPage:
    def row(title: str, **more) -> community.SharedRow:
        return community.SharedRow("/community/p1", title, "Avocet", _WORDS, ago(hours=3), **more)

    return community.CommunityPage(
        name="Aurora M3",
        description="Milk analyser.",
        owners=61,
        least=5,
        shared=3,
        resolved=1,
        unanswered=1,
        ribbon=tuple(
            community.RibbonPart(health, count)
            for health, count in (("normal", 181), ("maintenance_required", 14), ("off_spec", 9), ("unknown", 10))
        ),
        filters=(
            FilterLink("Not answered first", "/models/aurora-m3", 3, is_current=True),
            FilterLink("Firmware 4.2.1", "/models/aurora-m3?firmware=4.2.1"),
        ),
        items=(
            row("Fat slowly climbs, no alarm yet", health="off_spec", firmware="4.2.1"),
            row("Which standard do you use for goat milk?", comments=9),
            row(
                "Laser warms up for 40 minutes",
                health="maintenance_required",
                code="A-033",
                comments=6,
                is_resolved=True,
            ),
        ),
        codes=(community.CodeBar("A-214", 41, 20, 1.0, "/a"), community.CodeBar("A-118", 29, 17, 0.7, "/b")),
    )


def empty_model() -> community.CommunityPage:
    return community.CommunityPage("Vega 4", "", owners=0, least=5, shared=0, resolved=0, unanswered=0)


def shared_entry() -> entries.EntryPage:
    """An entry that is shared with owners of its model, while staff ask for more."""
    asked = "Nordværk asks whether those whom you let in may read this too."
    return replace(
        entry_views.entry(),
        consent=entries.ConsentView("e1", asked, ago(hours=2), may_answer=True, may_end=True),
        community=community.EntryCommunity("e1", "Aurora M3", "/entries/e1/community", "/community/p1", lines()),
    )
