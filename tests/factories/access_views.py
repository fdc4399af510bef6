"""Samples of who can see a device, of handing it over, and of what others opened to us."""

from datetime import UTC, datetime

from statusportal.http.views import access, groups
from statusportal.http.views.shell import Form, Option, Pages
from tests.factories import link_views

NOW = datetime(2026, 11, 19, 12, 0, tzinfo=UTC)
WORDS = ("View", "Comment", "Acknowledge", "Export", "Manage")

RIGHTS = tuple(Option(word.upper(), word, "what it gives") for word in WORDS[1:])
VERBS = {word.upper(): word.lower() for word in WORDS}


def _rights(had: int) -> tuple[access.RightShown, ...]:
    return tuple(access.RightShown(word, number < had) for number, word in enumerate(WORDS))


def _seats() -> tuple[access.Seat, ...]:
    return (
        access.Seat("building", "Engdal Mejeri", "All members. Who else gets in decides: Mette Kragh.", ("MK", "SH")),
        access.Seat("wrench", "Nordværk", "4 people serve you. Each look is written down."),
        access.Seat("people", "Let in", "trykluft-vest, lene@kilde.example.", ("TV", "L")),
        access.Seat("globe", "Everybody else", "Scanning the label shows what its owner chose, and no more."),
    )


def who_sees() -> access.AccessPage:
    """Sixteen people, two of them let in, and one grant that is over."""
    return access.AccessPage(
        id="d1",
        name="Compressor, filling hall",
        model="Boreas 37",
        serial="BR37-2210",
        organisation_id="o1",
        headline="12 people can see this machine, and so can Engdal Gruppen, whoever has one of its 2 links",
        summary="6 at Engdal Mejeri, 4 at Nordværk. Everybody else sees nothing of it, on any path but a link.",
        seats=_seats(),
        tenures=_tenures(),
        now_percent=90.0,
        axis=(("1 March 2024", 0.0), ("1 January 2025", 22.5), ("1 October 2025", 45.0), ("1 June 2026", 67.5)),
        grants=_grants(),
        rights=RIGHTS,
        verbs=VERBS,
        ticked="view",
        kinds=(Option("dealer", "Dealer"),),
        modes=(Option("none", "Nobody", "only administrators"), Option("members", "Members", "everybody")),
        links_words="2 links open the whole machine now.",
        links=link_views.rows()[:3],
        links_href="/devices/d1/links",
        pages=Pages("/devices/d1/access?cursor=x", "/devices/d1/access"),
        form=Form({"to": "engdal"}, {"to": "Has the device already."}),
        mode_form=Form({"mode": "members"}),
        may_share=True,
        may_transfer=True,
    )


def _tenures() -> tuple[access.Tenure, ...]:
    return (
        access.Tenure("Vesthavn Bryggeri", "until 1 March 2024; that time stays with them alone", "gone", 0.0, 5.0),
        access.Tenure("Engdal Mejeri", "owner since 1 March 2024", "own", 5.0, 100.0),
        access.Tenure("trykluft-vest", "until 31 December 2026", "now", 60.0, 94.0),
        access.Tenure("lene@kilde.example", "until 30 November 2025", "gone", 30.0, 50.0),
        access.Tenure("hydraulik", "since 1 January 2027", "next", 95.0, 100.0),
    )


def _grants() -> tuple[access.GrantShown, ...]:
    wrong = Form({"right_COMMENT": "1", "to_at": "2020-01-01T12:00"}, {"to_at": "Must lie ahead, after the beginning."})
    return (
        access.GrantShown(
            "g1",
            "trykluft",
            "Dealer",
            "T",
            _rights(3),
            NOW,
            NOW,
            is_ended=False,
            can_end=True,
            ends_soon=True,
            change=wrong,
        ),
        access.GrantShown("g2", "lene@kilde.example", "", "L", _rights(1), NOW, None, is_ended=False, can_end=True),
        access.GrantShown("g3", "old-partner", "", "OP", _rights(1), NOW, NOW, is_ended=True, can_end=False),
    )


def groups_page() -> groups.GroupsPage:
    """Two groups of two organisations, and the form of a third."""
    return groups.GroupsPage(
        (groups.GroupRow("g1", "Compressed air", "Engdal Mejeri", 3), groups.GroupRow("g2", "Cold", "Søgaard Is", 0)),
        (Option("o1", "Engdal Mejeri"), Option("o2", "Søgaard Is")),
        Form({"name": "Cold"}, {"": "There is a group of this name already."}),
    )


def group() -> groups.GroupPage:
    """Two machines, one that could join, and a grant on them all."""
    return groups.GroupPage(
        id="g1",
        name="Compressed air",
        organisation="Engdal Mejeri",
        devices=(
            groups.GroupDevice("d1", "Compressor, filling hall", "Boreas 37", "BR37-2210"),
            groups.GroupDevice("d2", "Dryer behind the compressor of the old filling hall", "Zephyr 9", "ZP9-0031"),
        ),
        count=61,
        query="filling",
        has_more_inside=True,
        has_more_outside=True,
        others=(Option("d3", "Milk analyser 3 (AM3-19872)"),),
        grants=(
            access.GrantShown("g1", "trykluft", "Dealer", "T", _rights(3), NOW, None, is_ended=False, can_end=True),
            access.GrantShown("g2", "old-partner", "", "OP", _rights(1), NOW, NOW, is_ended=True, can_end=False),
        ),
        rights=RIGHTS,
        kinds=(Option("dealer", "Dealer"),),
        verbs=VERBS,
        ticked="view and comment",
        form=Form({"right_COMMENT": "1"}, {"to": "Write who."}),
        rename_form=Form({"name": "Compressed air"}),
    )


def empty_group() -> groups.GroupPage:
    """A new group of somebody who has no machine to put in."""
    return groups.GroupPage(id="g1", name="Air", organisation="Engdal Mejeri", verbs=VERBS, ticked="view")


def offer() -> access.TransferPage:
    """The form, with something wrong in it."""
    return access.TransferPage(
        device_id="d1",
        title="Hand over Milk analyser 3",
        summary="Nothing changes until the other side says yes.",
        machine="Aurora M3",
        serial="AM3-19872",
        seller="Engdal Mejeri",
        form=Form({}, {"organisation": "Write to whom."}),
    )


def transfer() -> access.TransferPage:
    """An offer as its receiver reads it."""
    return access.TransferPage(
        id="t1",
        device_id="",
        title="Hand over Aurora M3 AM3-19872 to Søgaard Is",
        summary="waits for an answer, from Friday 12:00",
        machine="Aurora M3",
        serial="AM3-19872",
        seller="Engdal Mejeri",
        receiver="Søgaard Is",
        steps=(
            access.Step("Offered", is_done=True, is_current=False),
            access.Step("Both said yes", is_done=False, is_current=True),
            access.Step("Handed over", is_done=False, is_current=False),
        ),
        seller_said="Engdal Mejeri offered it",
        receiver_said="waits for an answer",
        hands_history=True,
        takes_history=True,
        can_answer=True,
        can_withdraw=True,
        can_hand_history=True,
    )


def shared() -> access.SharedPage:
    """One offer and one open machine."""
    return access.SharedPage(
        (access.OfferShown("t1", "Aurora M3 AM3-19872", "Engdal Mejeri", "waits for an answer"),),
        (access.ReceivedShown("d1", "Boreas 37 BR37-2210", "Engdal Mejeri", _rights(2), NOW),),
    )


def nothing_shared() -> access.SharedPage:
    """Nobody has let us at anything."""
    return access.SharedPage()
