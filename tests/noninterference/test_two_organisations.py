"""What one organisation sees does not depend on what another does.

The same life of alpha's runs in two portals. In one of them beta lives too: its people ask, comment, invite and rename,
its machines send, and staff works on what is beta's. Whatever alpha can observe is compared: pages and lists of the API
with their headers, counts, order, ids by the order of their appearing, unread marks, the frames of an open socket, and
the letters that its people get.
"""

import shutil
from datetime import timedelta

import pytest
from hypothesis import Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, rule, run_state_machine_as_test
from sqlalchemy import true

from statusportal.config import load_settings
from statusportal.entries import queries
from statusportal.live import channel
from tests.matrix.snapshots import PostgresqlState, SqliteState
from tests.noninterference.worlds import World, differences, told

WORDS = st.sampled_from(["Hot again", "Why so hot?", "It is hot", "Seen to", "alpha-1", "beta-1"])
PLACES = st.integers(0, 5)
VALUES = st.sampled_from([20.0, 79.0, 95.0, 120.0])


class TwoOrganisations(RuleBasedStateMachine):
    """Alpha's acts happen in both worlds, beta's and staff's on beta in the first alone."""

    worlds = ()

    def __init__(self):
        super().__init__()
        for world in self.worlds:
            world.begin_anew()

    def both(self, method, address, who="alpha", **more):
        told_in = [told(world.ask(who, method, address.format(**world.devices), **more), {}) for world in self.worlds]

        assert told_in[0] == told_in[1]

    def on_entry(self, who, place, method, ending, worlds, **more):
        answers = []
        for world in worlds:
            entries = world.entries_of(who)
            if entries:
                entry = entries[place % len(entries)]
                answers.append(told(world.ask(who, method, f"/api/v1/entries/{entry}{ending}", **more), {}))

        assert answers[1:] == answers[: len(answers) - 1]

    def beta(self, method, address, who="beta", **more):
        world = self.worlds[0]
        assert world.ask(who, method, address.format(**world.devices), **more).status_code < 500

    @rule(title=WORDS)
    def alpha_asks(self, title):
        self.both("POST", "/api/v1/devices/{alpha}/entries", json={"kind": "question", "title": title})

    @rule(place=PLACES, body=WORDS)
    def alpha_comments(self, place, body):
        self.on_entry("alpha", place, "POST", "/comments", self.worlds, json={"body": body})

    @rule(place=PLACES)
    def alpha_acknowledges(self, place):
        self.on_entry("alpha", place, "PATCH", "", self.worlds, json={"lifecycle": "acknowledged"})

    @rule(name=WORDS)
    def alpha_renames(self, name):
        self.both("POST", "/admin/devices/{alpha}", data={"name": name, "site": "", "firmware": "", "installed_on": ""})

    @rule(value=VALUES)
    def alphas_machine_sends(self, value):
        self.both("POST", "/api/v1/telemetry", "alpha device", json={"heat": value})

    @rule(number=st.integers(0, 99))
    def alpha_invites(self, number):
        form = {"email": f"alpha-{number}@example.com", "name": "New", "role": "customer"}
        answers = []
        for world in self.worlds:
            body = {**form, "organisation": world.devices["alpha organisation"]}
            answers.append(world.ask("alpha", "POST", "/api/v1/invitations", json=body).status_code)

        assert answers[0] == answers[1]

    @rule(who=st.sampled_from(["alpha", "beta"]))
    def somebody_forgets_their_password(self, who):
        body = {"email": f"{who}@example.com"}
        for world in self.worlds[: 1 if who == "beta" else 2]:
            assert world.app.test_client().post("/api/v1/forgotten", json=body).status_code == 202

    @rule(minutes=st.integers(1, 200))
    def time_passes(self, minutes):
        for world in self.worlds:
            world.clock.move(timedelta(minutes=minutes))

    @rule(title=WORDS)
    def beta_asks(self, title):
        self.beta("POST", "/api/v1/devices/{beta}/entries", json={"kind": "question", "title": title})

    @rule(place=PLACES, body=WORDS)
    def beta_comments(self, place, body):
        self.on_entry("beta", place, "POST", "/comments", self.worlds[:1], json={"body": body})

    @rule(name=WORDS)
    def beta_renames(self, name):
        self.beta("POST", "/admin/devices/{beta}", data={"name": name, "site": "", "firmware": "", "installed_on": ""})

    @rule(value=VALUES)
    def betas_machine_sends(self, value):
        self.beta("POST", "/api/v1/telemetry", "beta device", json={"heat": value})

    @rule(number=st.integers(0, 99))
    def beta_invites(self, number):
        form = {"email": f"new-{number}@example.com", "name": "New", "role": "customer"}
        organisation = self.worlds[0].devices["beta organisation"]
        self.beta("POST", "/admin/people/invitations", data={**form, "organisation": organisation})

    @rule()
    def beta_reaches_for_alphas(self):
        for address in ("/api/v1/devices/{alpha}", "/devices/{alpha}", "/api/v1/devices/{alpha}/entries"):
            self.beta("GET", address)
        self.beta("POST", "/api/v1/devices/{alpha}/entries", json={"kind": "question", "title": "Mine?"})

    @rule(title=WORDS)
    def staff_publishes_on_betas(self, title):
        wanted = {"kind": "field_update", "title": title, "health": "failure"}
        self.beta("POST", "/api/v1/devices/{beta}/entries", "engineer", json=wanted)

    @rule()
    def staff_looks_at_betas(self):
        for address in ("/devices/{beta}", "/support/customers/{beta organisation}", "/admin/devices/{beta}"):
            self.beta("GET", address, "admin")

    @rule()
    def staff_hands_betas_over(self):
        organisation = self.worlds[0].devices["gamma organisation"]
        self.beta("POST", "/admin/devices/{beta}/transfers", "admin", data={"organisation": organisation})

    @rule()
    def alpha_looks(self):
        assert differences(*(world.seen_by_alpha() for world in self.worlds)) == []

    def teardown(self):
        self.alpha_looks()


@pytest.fixture(scope="module")
def machine(sqlite_template, tmp_path_factory):
    """The machine on two portals that are filled once; each life begins anew in them."""
    folders = [tmp_path_factory.mktemp("two") for _ in range(2)]
    for folder in folders:
        shutil.copy(sqlite_template, folder / "portal.sqlite")
    kept = [load_settings({"STATUSPORTAL_INSTANCE_DIR": str(folder)}) for folder in folders]
    yield from machine_on([World(one, SqliteState) for one in kept])


@pytest.fixture(scope="module")
def machine_on_postgresql(postgresql, postgresql_template, tmp_path_factory):
    """The same machine behind the walls of PostgreSQL."""
    kept = []
    for name in ("portal_with_beta", "portal_alone"):
        app_url, owner_url = postgresql.create_database(name, postgresql_template)
        folder = {"STATUSPORTAL_INSTANCE_DIR": str(tmp_path_factory.mktemp("two"))}
        kept.append(load_settings(folder, database_url=app_url, database_owner_url=owner_url))
    yield from machine_on([World(one, PostgresqlState) for one in kept])


def machine_on(worlds):
    yield type("Machine", (TwoOrganisations,), {"worlds": worlds})
    for world in worlds:
        world.close()


@pytest.mark.timeout(300)
def test_what_one_sees_does_not_depend_on_the_other(machine):
    run_state_machine_as_test(
        machine, settings=settings(max_examples=2, stateful_step_count=14, deadline=None, phases=[Phase.generate])
    )


@pytest.mark.slow
@pytest.mark.timeout(14_400)
def test_what_one_sees_does_not_depend_on_the_other_at_length(machine):
    run_state_machine_as_test(machine, settings=settings(max_examples=200, stateful_step_count=40, deadline=None))


@pytest.mark.slow
@pytest.mark.timeout(14_400)
def test_what_one_sees_does_not_depend_on_the_other_behind_walls(machine_on_postgresql):
    run_state_machine_as_test(
        machine_on_postgresql, settings=settings(max_examples=30, stateful_step_count=30, deadline=None)
    )


@pytest.mark.parametrize(
    ("where", "what", "anything"), [(queries, "visible_entries", true()), (channel, "actor_sees", True)]
)
def test_observation_that_depends_on_the_other_is_found(machine, monkeypatch, where, what, anything):
    lives = machine()
    lives.alpha_looks()
    lives.alpha_asks("Why so hot?")
    lives.beta_asks("It is hot")

    monkeypatch.setattr(where, what, lambda *_: anything)

    with pytest.raises(AssertionError):
        lives.alpha_looks()
    monkeypatch.undo()
