"""The seller's time and the buyer's, walked on every path, to the millisecond on both sides of the sale."""

from datetime import timedelta

import pytest

from statusportal.access.vocabulary import MemberRole
from statusportal.app import create_app
from statusportal.entries.vocabulary import Audience
from statusportal.foundation.clock import to_ms
from statusportal.http.json_provider import rfc3339
from tests.factories.accounts import make_organisation, make_person
from tests.factories.doors import Visitor, token_of
from tests.factories.fleet import device_token, make_device, make_limit, make_model
from tests.factories.steady import steady

HOUR, TICK = timedelta(hours=1), timedelta(milliseconds=1)
ADMIN = MemberRole.CUSTOMER_ADMIN
# Words and values that each side leaves behind; the other must meet none of them anywhere.
OF_SELLER = ("sellercanary", "Basilisk", "Lindworm", "11.125", "-21.5")
OF_BUYER = ("buyercanary", "Griffin", "77.375", "-88.25")


class Sale:
    """A machine with a sample and an entry in the last instant of one time and in the first of the next."""

    def __init__(self, settings, works, clock):
        self.app, self.works, self.clock = create_app(settings, works), works, clock
        seller, buyer = make_organisation(works, "sellers"), make_organisation(works, "buyers")
        model = make_model(works, "oven")
        make_limit(works, model)
        self.device = make_device(works, seller, "A-1", model, name="Basilisk", site="Lindworm hall")
        self.seller = self.come_in(make_person(works, seller, ADMIN))
        self.buyer = self.come_in(make_person(works, buyer, ADMIN))
        self.path = f"/api/v1/devices/{self.device.id}"
        self.sold_at = clock.now() + 2 * HOUR
        asked = {"organisation": "buyers", "from": rfc3339(self.sold_at)}
        offered = self.seller.ask("POST", f"{self.path}/transfers", json=asked).json
        self.buyer.ask("POST", f"/api/v1/transfers/{offered['id']}/accept", json={})
        self.live(self.seller, HOUR, -21.5, "sellercanary early")
        self.at_the_end = self.live(self.seller, HOUR - TICK, 11.125, "sellercanary last")
        self.at_the_beginning = self.live(self.buyer, TICK, 77.375, "buyercanary first")
        self.buyer.ask("POST", f"{self.path}/entries", json={"kind": "question", "title": "Griffin?", "body": "x"})
        self.live(self.buyer, HOUR, -88.25, "buyercanary late")

    def come_in(self, person):
        return Visitor(self.app.test_client(), token_of(self.works, person))

    def live(self, who, on, value, words):
        """Move on, measure at that very instant, and write about it."""
        self.clock.move(on)
        machine = Visitor(self.app.test_client(), device_token(self.works, self.device))
        sent = machine.ask("POST", "/api/v1/telemetry", json={"ts": to_ms(self.clock.now()), "values": {"heat": value}})
        assert sent.json["accepted"] == 1
        asked = {"kind": "question", "title": words, "body": words, "audience": Audience.ORGANISATION}
        entry = who.ask("POST", f"{self.path}/entries", json=asked)
        assert entry.status_code == 201
        who.ask("POST", f"/api/v1/entries/{entry.json['id']}/comments", json={"body": f"{words} said"})
        return entry.json["id"]

    def paths(self):
        """Name every way to look at a machine and what was said of it; the whole of time where one can ask for it."""
        span = f"from={to_ms(self.sold_at - 3 * HOUR)}&to={to_ms(self.sold_at + 3 * HOUR)}"
        return [
            "/",
            f"/devices/{self.device.id}",
            f"/devices/{self.device.id}/live",
            f"/devices/{self.device.id}/timeline",
            "/search?q=canary",
            "/api/v1/devices",
            self.path,
            f"{self.path}/signals",
            f"{self.path}/conditions",
            f"{self.path}/health?{span}",
            f"{self.path}/telemetry?signal=heat&{span}",
            f"{self.path}/telemetry?signal=heat&{span}&max_points=10",
            f"{self.path}/entries",
            f"{self.path}/export?format=json&{span}",
            f"{self.path}/transfers",
            f"{self.path}/grants",
            "/api/v1/entries",
            "/api/v1/search?q=sellercanary",
            "/api/v1/search?q=buyercanary",
            "/api/v1/search?q=Griffin",
            "/api/v1/search?q=Basilisk",
        ]


@pytest.fixture
def sale(settings, works, clock):
    return Sale(settings, works, clock)


def test_neither_side_meets_a_word_or_value_of_the_other_anywhere(sale):
    for visitor, foreign in ((sale.seller, OF_BUYER), (sale.buyer, OF_SELLER)):
        answers = {path: visitor.ask("GET", path) for path in sale.paths()}
        assert {path: one.status_code for path, one in answers.items() if one.status_code != 200} == {}
        met = {
            (path, word)
            for path, one in answers.items()
            for word in foreign
            # A search says back what was looked for.
            if word in one.text and f"q={word}" not in path
        }
        assert met == set()


def test_each_side_keeps_its_own_to_the_very_instant(sale):
    span = f"from={to_ms(sale.sold_at - 3 * HOUR)}&to={to_ms(sale.sold_at + 3 * HOUR)}"
    boundary = to_ms(sale.sold_at)

    def points(visitor):
        return visitor.ask("GET", f"{sale.path}/telemetry?signal=heat&{span}").json["points"]

    hour = to_ms(sale.sold_at) - to_ms(sale.sold_at - HOUR)
    assert points(sale.seller) == [[boundary - hour, -21.5], [boundary - 1, 11.125]]
    assert points(sale.buyer) == [[boundary, 77.375], [boundary + hour, -88.25]]
    found = {
        word: [visitor.ask("GET", f"/api/v1/search?q={word}").json["total"] for visitor in (sale.seller, sale.buyer)]
        for word in ("sellercanary", "buyercanary")
    }
    assert found == {"sellercanary": [4, 0], "buyercanary": [0, 4]}


def test_counts_tell_nothing_of_the_other_side(sale):
    mine = sale.buyer.ask("GET", "/api/v1/devices").json["items"]

    assert [(one["name"], one["site"], one["open_entries"]) for one in mine] == [
        (f"{sale.device.model.name} A-1", "", 3)
    ]
    assert sale.seller.ask("GET", "/api/v1/devices").json["items"] == []
    listed = {name: sale.seller.ask("GET", f"/api/v1/{name}").json["items"] for name in ("entries",)}
    assert len(listed["entries"]) == 2


def test_entries_of_the_other_side_are_as_missing_ones(sale):
    missing = "0" * 8 + "-0000-7000-8000-" + "0" * 12
    for visitor, foreign in ((sale.seller, sale.at_the_beginning), (sale.buyer, sale.at_the_end)):
        for form in ("/api/v1/entries/{}", "/api/v1/entries/{}/comments", "/entries/{}"):
            theirs, none = (visitor.ask("GET", form.format(one)) for one in (foreign, missing))
            assert (theirs.status_code, none.status_code) == (404, 404)
            assert steady(theirs.text).replace(foreign, missing) == steady(none.text)
