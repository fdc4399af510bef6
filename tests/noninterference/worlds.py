"""Two portals that live the same life, but for what the other organisation does in one of them."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

import msgspec
from flask import Flask
from flask_socketio import SocketIOTestClient
from werkzeug.test import TestResponse

from statusportal.access.vocabulary import MemberRole, StaffRole
from statusportal.app import create_app
from statusportal.config import Settings
from statusportal.foundation.clock import FixedClock
from statusportal.jobs.delivery import deliver_once
from statusportal.live.channel import NAMESPACE
from statusportal.notifications.channels.opening import RECORDING, mail_of
from statusportal.notifications.vocabulary import Letter
from statusportal.wiring import wiring
from statusportal.work import Works
from tests.factories.accounts import make_organisation, make_person
from tests.factories.doors import token_of
from tests.factories.fleet import device_token, make_device, make_limit, make_model
from tests.factories.moments import NOON
from tests.factories.steady import steady
from tests.matrix.snapshots import PostgresqlState, SqliteState
from tests.servers.engines import quick_engine

_ID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[0-9a-f]{4}-[0-9a-f]{12}")
_LINK = re.compile(r"https://portal\.example/\S+")
# Lists show every entry with its counts; these of them are opened too, and the oldest.
_NEWEST = 4
_NOT_COMPARED = {"Date", "Content-Length", "Set-Cookie", "ETag"}
PAGES = (
    "/",
    "/search?q=hot",
    "/ask",
    "/profile",
    "/admin/people",
    "/admin/devices",
    "/admin/credentials",
    "/devices/{device}",
    "/devices/{device}/live",
    "/devices/{device}/timeline",
    "/admin/devices/{device}",
    "/api/v1/session",
    "/api/v1/devices",
    "/api/v1/devices/{device}",
    "/api/v1/devices/{device}/signals",
    "/api/v1/devices/{device}/telemetry?signal=heat",
    "/api/v1/devices/{device}/health",
    "/api/v1/devices/{device}/conditions",
    "/api/v1/devices/{device}/entries",
    "/api/v1/entries",
    "/api/v1/search?q=hot",
    "/api/v1/search?q=hot&sort=newest",
)
SIDES = ("alpha", "beta")


@dataclass
class World:
    """One portal with alpha, beta, what they have, and the operator's people; alpha's administrator watches it live."""

    settings: Settings
    state_of: Callable[[Works], SqliteState | PostgresqlState]
    tokens: dict[str, str] = field(default_factory=dict)
    devices: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        chosen = {"smtp_url": RECORDING, "mail_from": "portal@example.com", "public_url": "https://portal.example"}
        limits = dict.fromkeys(("requests_per_minute", "comments_per_minute", "sign_in_tries_per_minute"), 0)
        settings = msgspec.structs.replace(self.settings, **chosen, **limits)
        self.clock = FixedClock(NOON)
        self.works = Works(quick_engine(settings.database_url), self.clock, wiring(), settings)
        self.app: Flask = create_app(settings, self.works)
        self.app.config["TRUSTED_HOSTS"] = None
        self.app.extensions["live_channel"]._sweeping.acquire()  # nothing is swept beside the life that is lived
        self._settle()
        self._state = self.state_of(self.works)
        self._ear: SocketIOTestClient | None = None

    def begin_anew(self) -> None:
        """Let the portal be as it was before anybody lived in it, and know nothing of what was."""
        self.clock.set(NOON)
        self.works._kept.clear()
        self._state.go_on()
        self._listen()

    def _listen(self) -> None:
        """Open the socket of alpha's administrator anew."""
        self._hang_up()
        auth = {"token": self.tokens["alpha"]}
        self._ear = SocketIOTestClient(self.app, self.app.extensions["socketio"], namespace=NAMESPACE, auth=auth)

    def _hang_up(self) -> None:
        if self._ear is not None:
            self._ear.disconnect(NAMESPACE)

    def _settle(self) -> None:
        model = make_model(self.works, "oven")
        make_limit(self.works, model, "heat")
        for side in (*SIDES, "gamma"):
            organisation = make_organisation(self.works, side)
            person = make_person(
                self.works, organisation, MemberRole.CUSTOMER_ADMIN, email=f"{side}@example.com", name=side
            )
            device = make_device(self.works, organisation, f"{side}-1", model)
            self.tokens |= {side: token_of(self.works, person), f"{side} device": device_token(self.works, device)}
            self.devices[side] = str(device.id)
            self.devices[f"{side} organisation"] = str(organisation.id)
        for role in (StaffRole.ENGINEER, StaffRole.ADMIN):
            staff = make_person(self.works, email=f"{role.value}@example.com", name=role.value, staff_role=role)
            self.tokens[role.value] = token_of(self.works, staff)

    def ask(self, who: str, method: str, address: str, **more: object) -> TestResponse:
        """Send one request in somebody's name."""
        headers = {"Authorization": f"Bearer {self.tokens[who]}"}
        return self.app.test_client().open(address, method=method, headers=headers, buffered=True, **more)

    def entries_of(self, who: str) -> list[str]:
        """Return the ids of the entries that somebody sees, newest first."""
        return [one["id"] for one in self.ask(who, "GET", "/api/v1/entries").json["items"]]

    def seen_by_alpha(self) -> Mapping[str, object]:
        """Return all that alpha's administrator can observe, with ids by the order in which they appear."""
        names: dict[str, str] = {}
        addresses = [one.format(device=self.devices["alpha"]) for one in PAGES]
        entries = self.entries_of("alpha")
        for entry in dict.fromkeys([*entries[:_NEWEST], *entries[-1:]]):
            addresses += [f"/entries/{entry}", f"/api/v1/entries/{entry}", f"/api/v1/entries/{entry}/comments"]
        seen: dict[str, object] = {}
        for place, address in enumerate(addresses):
            seen[f"{place} {named(address, names)}"] = told(self.ask("alpha", "GET", address), names)
        self._deliver()
        seen["frames"] = [named(str(one), names) for one in self._ear.get_received(NAMESPACE)]
        topics = ["me", f"device:{self.devices['alpha']}", *(f"entry:{one}" for one in entries)]
        said = self._ear.emit("watch", {"topics": topics}, namespace=NAMESPACE, callback=True)
        seen["topics"] = [(named(topic, names), said[topic]) for topic in topics]
        seen["letters"] = [named(_LINK.sub("LINK", repr(one)), names) for one in self._letters()]
        return seen

    def _deliver(self) -> None:
        """Hand over what the outbox holds for sockets and for the mail."""
        for _, listener in self.works.wiring.reactions:
            deliver_once(self.works, listener)

    def _letters(self) -> list[Letter]:
        """Return the letters to alpha's administrator, and to those whom they invited."""
        return [one for one in mail_of(self.works).letters if one.to.startswith("alpha")]

    def close(self) -> None:
        """Let go of the database."""
        self._hang_up()
        self._state.close()
        self.works.engine.dispose()


def differences(one: Mapping[str, object], other: Mapping[str, object]) -> list[str]:
    """Name where two observations differ, with the first words that do."""
    found = [f"{place} in one alone" for place in sorted(one.keys() ^ other.keys())]
    for place in one.keys() & other.keys():
        pairs = zip(str(one[place]).split("\\n"), str(other[place]).split("\\n"), strict=False)
        found += [f"{place}: {here} / {there}" for here, there in pairs if here != there][:1]
    return found


def named(text: str, names: dict[str, str]) -> str:
    """Name ids by the order in which they were first seen, and drop what is new in every answer."""
    return _ID.sub(lambda found: names.setdefault(found[0], f"id{len(names)}"), steady(text))


def told(answer: TestResponse, names: dict[str, str]) -> tuple[object, ...]:
    """Return what an answer tells, headers too."""
    headers = sorted((name, named(value, names)) for name, value in answer.headers if name not in _NOT_COMPARED)
    return answer.status_code, headers, named(answer.text, names)
