"""A small portal with somebody of every kind at its door, and one thing of each kind behind it."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta

import msgspec
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from statusportal.access.vocabulary import MemberRole, StaffRole
from statusportal.accounts.inviting import invite_person
from statusportal.accounts.models import Organisation, Person
from statusportal.accounts.service import disable_person
from statusportal.app import create_app
from statusportal.credentials.issuing import issue_device_credential
from statusportal.custody.transferring import offer_transfer
from statusportal.custody.vocabulary import Receiver
from statusportal.discussion.service import post_comment
from statusportal.entries.service import publish_entry
from statusportal.entries.vocabulary import EntryKind
from statusportal.forwarding.service import Receiver as ForwardingReceiver
from statusportal.forwarding.service import begin_forwarding
from statusportal.foundation.ids import new_id
from statusportal.groups.grouping import create_group
from statusportal.identity.issuing import issue_personal_token
from statusportal.maintenance.planning import Plan, plan_on_device
from statusportal.maintenance.vocabulary import WorkKind
from statusportal.sharing.service import link_device
from statusportal.sharing.vocabulary import LinkScope
from statusportal.takeout.service import ask_for_organisation
from statusportal.work import Works
from tests.factories.accounts import actor_for, make_organisation, make_person, make_staff, make_staff_actor
from tests.factories.connections import make_connection
from tests.factories.fleet import device_token, make_device, make_grant, make_limit, make_model
from tests.factories.steady import steady
from tests.factories.stock import claim_secret, make_stock


@dataclass
class Door:
    """Hold the app, a bearer token by name of visitor, and the id of alpha's thing by name of the route's variable."""

    app: Flask
    works: Works
    device: object
    tokens: dict[str, str] = field(default_factory=dict)
    things: dict[str, str] = field(default_factory=dict)
    people: dict[str, Person] = field(default_factory=dict)

    def visitor(self, name: str) -> "Visitor":
        """Return a fresh client of that visitor; `anonymous` has no token."""
        return Visitor(self.app.test_client(), self.tokens.get(name))


@dataclass
class Visitor:
    """One client with its token."""

    client: FlaskClient
    token: str | None

    def ask(self, method: str, address: str, **more: object) -> TestResponse:
        """Send one request."""
        headers = {"Authorization": f"Bearer {self.token}"} if self.token else {}
        return self.client.open(address, method=method, headers=headers, **more)


def build_door(works: Works) -> Door:
    """Fill a portal: alpha has a device with an entry and a comment; beta has one too, and customers of its own."""
    works.settings = msgspec.structs.replace(
        works.settings, requests_per_minute=0, comments_per_minute=0, public_url="https://localhost"
    )
    alpha, beta = make_organisation(works, "alpha"), make_organisation(works, "beta")
    model = make_model(works, "oven")
    make_limit(works, model)
    device = make_device(works, alpha, "A-1", model)
    make_device(works, beta, "B-1", model)
    door = Door(create_app(works.settings, works), works, device)
    people = {
        "customer": make_person(works, alpha),
        "customer_admin": make_person(works, alpha, MemberRole.CUSTOMER_ADMIN),
        "stranger": make_person(works, beta, MemberRole.CUSTOMER_ADMIN),
        "disabled": make_person(works, alpha),
        **{role.value: make_staff(works, role) for role in (StaffRole.ENGINEER, StaffRole.SUPPORT, StaffRole.ADMIN)},
    }
    door.people = people
    door.tokens = {name: token_of(works, person) for name, person in people.items()}
    with works.writing(make_staff_actor(works, StaffRole.ADMIN)) as work:
        disable_person(work, people["disabled"].id)
    door.tokens["machine"] = device_token(works, device)
    door.things = {name: str(new_id()) for rule in door.app.url_map.iter_rules() for name in rule.arguments}
    door.things |= {
        "number": "1",
        "device_id": str(device.id),
        "label": device.label,
        "claim_id": str(claim_secret(works, make_stock(works, "S-1", model)).id),
        "organisation_id": str(alpha.id),
        "person_id": str(people["customer"].id),
        "model_id": str(model.id),
        "grant_id": str(make_grant(works, device, make_organisation(works, "gamma")).id),
        "connection_id": str(make_connection(works, alpha, "files", {"folder": "/srv/a", "format": "csv"})),
    }
    _talk(door, people)
    _plan(door, people)
    _share(door, people, alpha)
    _hand_out(door, alpha)
    _ask_for_takeout(door, people, alpha)
    return door


def token_of(works: Works, person: Person) -> str:
    """Issue a personal token and return its secret."""
    with works.writing(actor_for(works, person)) as work:
        return issue_personal_token(work, "script", [], None)[1]


def _ask_for_takeout(door: Door, people: dict[str, Person], organisation: Organisation) -> None:
    with door.works.writing(actor_for(door.works, people["customer_admin"])) as work:
        door.things["takeout_id"] = str(ask_for_organisation(work, organisation.id).id)
        chosen = ForwardingReceiver(name="Kilde", address="https://1.1.1.1/", secret="a shared secret of ours")
        door.things["forwarding_id"] = str(begin_forwarding(work, organisation.id, chosen)[0].id)


def _share(door: Door, people: dict[str, Person], alpha: Organisation) -> None:
    with door.works.writing(actor_for(door.works, people["customer_admin"])) as work:
        offered = offer_transfer(work, door.device.id, Receiver("nobody-here"))
        door.things |= {"transfer_id": str(offered.id), "group_id": str(create_group(work, alpha.id, "Air").id)}


def _plan(door: Door, people: dict[str, Person]) -> None:
    with door.works.writing(actor_for(door.works, people["customer_admin"])) as work:
        begins = work.now + timedelta(days=7)
        plan = Plan(WorkKind.WINDOW, "Stocktaking", begins, begins + timedelta(hours=2))
        door.things["work_id"] = str(plan_on_device(work, door.device.id, plan).row.id)


def _talk(door: Door, people: dict[str, Person]) -> None:
    with door.works.writing(actor_for(door.works, people["customer"])) as work:
        entry = publish_entry(work, door.device.id, EntryKind.QUESTION, "Why so hot?", "It **smells**.")
        comment = post_comment(work, entry.id, "Nobody answers.")
        door.things |= {"entry_id": str(entry.id), "comment_id": str(comment.id)}


def _hand_out(door: Door, organisation: Organisation) -> None:
    with door.works.writing(make_staff_actor(door.works, StaffRole.ADMIN)) as work:
        door.things["credential_id"] = str(issue_device_credential(work, door.device.id)[0].id)
        invitation, _ = invite_person(work, organisation.id, "new@example.com", "New", MemberRole.CUSTOMER)
        door.things["invitation_id"] = str(invitation.id)
        link, _ = link_device(work, door.device.id, LinkScope.READ, work.now + timedelta(days=1))
        door.things["link_id"] = str(link.id)


def object_routes(app: Flask) -> Iterator[tuple[str, str, str, tuple[str, ...]]]:
    """Walk (method, rule, endpoint, names of its variables) of every route about a single thing."""
    for rule in sorted(app.url_map.iter_rules(), key=lambda one: one.rule):
        if rule.endpoint == "static" or not rule.arguments:
            continue
        for method in sorted((rule.methods or set()) - {"HEAD", "OPTIONS"}):
            yield method, rule.rule, rule.endpoint, tuple(sorted(rule.arguments))


def filled(rule: str, things: dict[str, str]) -> str:
    """Put ids into a rule."""
    return re.sub(r"<(?:\w+:)?(\w+)>", lambda found: things[found[1]], rule)


def told(answer: TestResponse, *ids: str) -> tuple[int, bytes, tuple[tuple[str, str], ...]]:
    """Return all that an answer tells, without what changes each time and without the ids that were asked for."""
    body = steady(answer.data)
    for one in ids:
        body = body.replace(one.encode(), b"ID")
    unsteady = {"Content-Length", "Set-Cookie", "Date"}
    headers = tuple(sorted((name, steady(value)) for name, value in answer.headers if name not in unsteady))
    return answer.status_code, body, headers
