"""Sample views of forwarding."""

from datetime import timedelta

from statusportal.http.views import shell
from statusportal.http.views.forwardings import DeliveryRow, ForwardingPage, ForwardingRow, ForwardingsPage
from tests.factories.views import NOW, ago

RUNNING = ForwardingRow(
    id="1",
    name="Kilde Energi",
    organisation="Engdal Mejeri",
    state="running",
    what="Values of 1 machine",
    created_at=ago(days=80),
    last_sent_at=ago(minutes=47),
    ends_at=NOW + timedelta(days=11),
    waiting=1_240,
    trouble="The receiver has trouble of its own (HTTP 503).",
)
PAUSED = ForwardingRow(
    id="2",
    name="Trykluft Vest",
    organisation="Engdal Mejeri",
    state="paused",
    what="Entries of all machines",
    created_at=ago(days=9),
)
ENDED = ForwardingRow(
    id="3",
    name="Hydraulik & Luft",
    organisation="Engdal Mejeri",
    state="ended",
    what="Values of all machines",
    created_at=ago(days=300),
    ends_at=ago(days=20),
)


def forwardings() -> ForwardingsPage:
    form = shell.Form({"kind_sample": "1", "address": "http://kilde.example"}, {"address": "Must begin with https."})
    choices = (shell.Option("o1", "Engdal Mejeri"), shell.Option("o2", "Engdal Gruppen"))
    return ForwardingsPage((RUNNING, PAUSED, ENDED), choices, form)


def no_forwardings() -> ForwardingsPage:
    return ForwardingsPage(organisations=(shell.Option("o1", "Engdal Mejeri"),))


def forwarding() -> ForwardingPage:
    waiting = DeliveryRow(
        kind="Values", count=500, state="waiting", tries=4, at=ago(minutes=40), next_try_at=NOW, trouble=RUNNING.trouble
    )
    return ForwardingPage(
        row=RUNNING,
        address="https://kilde.example/inbox/of-a-rather-long-name/which-does-not-break-anywhere-by-itself",
        devices=("Compressor, filling hall (BR37-2210)",),
        signals=("power", "outlet_temperature"),
        kinds=("Values",),
        sent=1_204_881,
        unsent=3,
        has_refused=True,
        waits_most=100_000,
        waits_days=7,
        deliveries=(
            waiting,
            DeliveryRow(kind="Values", count=360, state="sent", tries=1, at=ago(hours=1)),
            DeliveryRow(
                kind="Entries",
                count=3,
                state="dead",
                tries=20,
                at=ago(days=1),
                trouble="The receiver does not want what was sent (HTTP 422).",
            ),
        ),
        pages=shell.Pages(next_href="/forwardings/1?cursor=x"),
        secret="Zk3mD0-vQy8xJ2mVwq5hTn7cRr1LbE9aUo4sPiG6fXk",
    )


def ended() -> ForwardingPage:
    return ForwardingPage(row=ENDED, address="https://h.example/", kinds=("Values",), waits_most=100_000, waits_days=7)
