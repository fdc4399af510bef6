"""Two portals that live the same life, but for what the other organisation does in one of them."""

import re
import shutil
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

import msgspec
from flask import Flask
from werkzeug.test import TestResponse

from statusportal.access.vocabulary import MemberRole, StaffRole
from statusportal.app import create_app
from statusportal.config import load_settings
from statusportal.foundation.clock import FixedClock
from statusportal.foundation.ids import parse_id
from statusportal.live.seeing import versions_of
from statusportal.live.topics import ME, device_topic, entry_topic
from statusportal.wiring import wiring
from statusportal.work import Works
from tests.factories.accounts import actor_for, make_organisation, make_person
from tests.factories.doors import token_of
from tests.factories.fleet import device_token, make_device, make_limit, make_model
from tests.factories.moments import NOON
from tests.matrix.snapshots import SqliteState
from tests.servers.engines import quick_engine

_ID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[0-9a-f]{4}-[0-9a-f]{12}")
_UNSTEADY = re.compile(r'(csrf[-_]token"? ?(?:content|value|:)=?"?)[^"]*|(idempotency_key" value=")[^"]*')
_NOT_COMPARED = {"Date", "Content-Length", "Set-Cookie", "ETag", "Content-Security-Policy"}
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
    """One portal with alpha, beta, what they have, and the operator's people."""

    template: Path
    folder: Path = field(default_factory=lambda: Path(tempfile.mkdtemp(prefix="two-")))
    tokens: dict[str, str] = field(default_factory=dict)
    devices: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        shutil.copy(self.template, self.folder / "portal.sqlite")
        settings = load_settings({"STATUSPORTAL_INSTANCE_DIR": str(self.folder)})
        settings = msgspec.structs.replace(settings, requests_per_minute=0, comments_per_minute=0)
        self.clock = FixedClock(NOON)
        self.works = Works(quick_engine(settings.database_url), self.clock, wiring(), settings)
        self.app: Flask = create_app(settings, self.works)
        self._settle()
        self._state = SqliteState(self.works)

    def begin_anew(self) -> None:
        """Let the portal be as it was before anybody lived in it, and know nothing of what was."""
        self.clock.set(NOON)
        self.works._kept.clear()
        self._state.go_on()

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
            if side == "alpha":
                self.person = person
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
        for entry in entries:
            addresses += [f"/entries/{entry}", f"/api/v1/entries/{entry}", f"/api/v1/entries/{entry}/comments"]
        seen: dict[str, object] = {}
        for place, address in enumerate(addresses):
            seen[f"{place} {steady(address, names)}"] = told(self.ask("alpha", "GET", address), names)
        topics = [ME, device_topic(parse_id(self.devices["alpha"])), *(entry_topic(parse_id(one)) for one in entries)]
        with self.works.reading(actor_for(self.works, self.person)) as work:
            versions = versions_of(work, topics)
            seen["versions"] = sorted((steady(topic.name, names), version) for topic, version in versions.items())
        return seen

    def close(self) -> None:
        """Let go of the database and its folder."""
        self._state.close()
        self.works.engine.dispose()
        shutil.rmtree(self.folder, ignore_errors=True)


def differences(one: Mapping[str, object], other: Mapping[str, object]) -> list[str]:
    """Name where two observations differ, with the first words that do."""
    found = [f"{place} in one alone" for place in sorted(one.keys() ^ other.keys())]
    for place in one.keys() & other.keys():
        pairs = zip(str(one[place]).split("\\n"), str(other[place]).split("\\n"), strict=False)
        found += [f"{place}: {here} / {there}" for here, there in pairs if here != there][:1]
    return found


def steady(text: str, names: dict[str, str]) -> str:
    """Name ids by the order in which they were first seen, and drop what is new in every answer."""
    text = _UNSTEADY.sub("TOKEN", text)
    return _ID.sub(lambda found: names.setdefault(found[0], f"id{len(names)}"), text)


def told(answer: TestResponse, names: dict[str, str]) -> tuple[object, ...]:
    """Return what an answer tells, headers too."""
    headers = sorted((name, steady(value, names)) for name, value in answer.headers if name not in _NOT_COMPARED)
    return answer.status_code, headers, steady(answer.text, names)
