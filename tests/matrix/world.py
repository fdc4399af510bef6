"""One small portal with everybody at its door: alpha's things, and what each visitor has to do with them."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from uuid import UUID

import msgspec
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

from statusportal.access.actor import SYSTEM
from statusportal.access.vocabulary import MemberRole, StaffRole
from statusportal.accounts.inviting import invite_person
from statusportal.accounts.models import Organisation, Person
from statusportal.accounts.service import disable_person
from statusportal.anonymity.vocabulary import LEAST_OWNERS
from statusportal.app import create_app
from statusportal.attachments.blobs import blob_store, keep_prepared
from statusportal.attachments.preparing import prepare_file
from statusportal.catalogue.models import DeviceModel
from statusportal.claims.service import make_claim_secret
from statusportal.credentials.issuing import issue_device_credential
from statusportal.discussion.models import Comment
from statusportal.discussion.queries import comment_for
from statusportal.discussion.service import post_comment
from statusportal.enclosures.service import attach_file, enclose
from statusportal.entries.models import StatusEntry
from statusportal.entries.service import publish_entry
from statusportal.entries.vocabulary import Audience, EntryKind
from statusportal.erasure.models import ErasureWish
from statusportal.federation.configuring import keep_provider
from statusportal.federation.vocabulary import ProviderDraft
from statusportal.fleet.models import Device
from statusportal.foundation.ids import new_secret, secret_digest
from statusportal.http.calendars import CALENDAR_SCOPES
from statusportal.identity.issuing import issue_personal_token
from statusportal.identity.models import SignIn
from statusportal.ingest.follow import follow_once
from statusportal.passwords.models import PasswordReset
from statusportal.proofs.models import Passkey
from statusportal.takeout.service import ask_for_mine
from statusportal.trees.confiding import keep_confidential
from statusportal.trees.placing import place_organisation
from statusportal.work import Work, Works
from tests.factories.accounts import PASSWORD, actor_for, make_organisation, make_person, make_staff_actor
from tests.factories.articles import make_article
from tests.factories.browsing import browser_of, hidden_token
from tests.factories.client_certificates import Authority
from tests.factories.connections import make_connection
from tests.factories.files import photo
from tests.factories.fleet import (
    device_token,
    gateway_token,
    make_device,
    make_grant,
    make_limit,
    make_model,
    make_transfer,
)
from tests.factories.news import letter_of_news
from tests.factories.stock import make_stock
from tests.matrix.chosen import CHOSEN
from tests.matrix.community import publish
from tests.matrix.model import model_version, write_rules
from tests.matrix.people import homes, let_in, let_in_by_name, make_people
from tests.matrix.visitors import VISITORS, Kind, Visitor

HOUR = timedelta(hours=1)
_RECEIVER = {"name": "Kilde", "address": "https://1.1.1.1/", "secret": "a shared secret of ours"}


@dataclass(frozen=True)
class Guest:
    """Somebody's browser: of a guest who followed a share link, or of support who sees as another."""

    client: FlaskClient
    link_id: str
    form_token: str


@dataclass
class World:
    """Hold the app, a token by the visitor's name, and the id of alpha's thing by the name of a route's variable."""

    app: Flask
    works: Works
    tokens: dict[str, str] = field(default_factory=dict)
    # Words that stand in addresses beside ids.
    things: dict[str, str] = field(default_factory=lambda: {"name": "helpful"})
    people: dict[str, Person] = field(default_factory=dict)
    organisations: dict[str, Organisation] = field(default_factory=dict)
    private: tuple[str, str] = ("", "")
    confidential: str = ""
    guests: dict[str, Guest] = field(default_factory=dict)
    gone: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._anybody = self.app.test_client()
        self._form_token = hidden_token(self._anybody.get("/sign-in").text)

    def ask(
        self,
        visitor: Visitor,
        method: str,
        address: str,
        *,
        is_form: bool = False,
        cookies: Mapping[str, str] | None = None,
        **more: object,
    ) -> TestResponse:
        """Send one request in the visitor's name: by token, or from a browser that has seen a form.

        `is_form` sends a token from such a browser too, to a door that asks everybody for the form's own.
        """
        token = self.tokens.get(visitor.name)
        if token and is_form:
            more["headers"] = {"Authorization": f"Bearer {token}"}
        elif token:
            headers = {"Authorization": f"Bearer {token}"}
            client = self.app.test_client()
            for name, value in (cookies or {}).items():
                client.set_cookie(name, value)
            return client.open(address, method=method, headers=headers, buffered=True, **more)
        guest = self.guests.get(visitor.name)
        client, form_token = (guest.client, guest.form_token) if guest else (self._anybody, self._form_token)
        if visitor.is_seen:
            more["headers"] = {"X-CSRFToken": form_token}
        if method == "POST" and "json" not in more:
            more["data"] = {**(more.get("data") or {}), "csrf_token": form_token}
        kept = dict(client._cookies)
        for name, value in (cookies or {}).items():
            client.set_cookie(name, value)
        answer = client.open(address, method=method, buffered=True, **more)
        client._cookies = kept  # no cell finds what another left: a language, a flashed word, a session
        return answer

    def things_of(self, visitor: Visitor) -> dict[str, str]:
        """Return alpha's things; to who came by a link, that link is theirs."""
        guest = self.guests.get(visitor.name)
        return self.things | ({"link_id": guest.link_id} if guest and guest.link_id else {})


def build_world(works: Works) -> World:
    """Fill a portal, and move its clock past the grants that have ended."""
    works.settings = msgspec.structs.replace(
        works.settings,
        public_url="https://status.example.com",
        requests_per_minute=0,
        claim_tries_per_hour=0,
        link_tries_per_minute=0,
        secret_tries_per_minute=0,
        smtp_url="smtp://127.0.0.1:9",
        mail_from="portal@example.com",
        comments_per_minute=0,
        sign_in_tries_per_minute=0,
    )
    world = World(create_app(works.settings, works), works)
    world.organisations = {one: make_organisation(works, one.replace("_", "-")) for one in homes()}
    with works.writing(make_staff_actor(works, StaffRole.ADMIN)) as work:
        place_organisation(work, world.organisations["owner"].id, world.organisations["holding"].id)
    device = _bought_device(world)
    let_in(works, device, world.organisations)
    world.people = make_people(works, world.organisations)
    _fill(world, device)
    publish(world)
    _hand_out_tokens(world, device)
    _overheat(world)
    _stock_up(world)
    works.clock.move(HOUR)
    _see_as(world)
    world.confidential = _kept_apart(world)
    return world


def _bought_device(world: World) -> Device:
    works, organisations = world.works, world.organisations
    model, other = make_model(works, "oven"), make_model(works, "mill")
    make_limit(works, model)
    write_rules(works, model)
    device = make_device(works, organisations["former"], "A-1", model, from_at=works.clock.now() - 9 * HOUR)
    make_device(works, organisations["same_model"], "B-1", model)
    make_device(works, organisations["stranger"], "C-1", other)
    for one in range(LEAST_OWNERS):  # so that what is shared about the model tells nobody whose it is
        make_device(works, make_organisation(works, f"many-{one}"), f"M-{one}", model)
    works.clock.move(HOUR)
    make_transfer(works, device, organisations["owner"])
    works.clock.move(HOUR)
    known = make_article(works, model.id)
    world.things |= {"device_id": str(device.id), "model_id": str(model.id), "article_id": known}
    return device


def _fill(world: World, device: Device) -> None:
    works, alpha = world.works, world.organisations["owner"]
    author = world.people["customer/author"]
    let_in_by_name(works, device, world.people)
    make_grant(works, make_device(works, world.organisations["guests_home"]), alpha)
    entry_id, comment_id = _said_by(world, author, device)
    world.private = _said_by(world, author, device)
    with works.writing(SYSTEM) as work:
        _address(work, (entry_id, comment_id), Audience.SHARED)
        _address(work, world.private, Audience.ORGANISATION)
        invitation, secret = invite_person(work, alpha.id, "new@example.com", "New", MemberRole.CUSTOMER)
        # Its address leads inside, so that trying it calls nobody.
        keep_provider(work, alpha.id, ProviderDraft(name="Work", issuer="https://127.0.0.1", client_id="portal"))
    world.things |= CHOSEN | {
        "entry_id": entry_id,
        "comment_id": comment_id,
        "attachment_id": _enclosed(world, author, UUID(entry_id), UUID(comment_id)),
        "organisation_id": str(alpha.id),
        "slug": alpha.slug,
        "person_id": str(author.id),
        "grant_id": str(make_grant(works, device, world.organisations["guests_home"]).id),
        "invitation_id": str(invitation.id),
        "token": secret,
        "label": device.label,
        "in_a_week": (works.clock.now() + 7 * 24 * HOUR).isoformat(),
        "email": author.email,
        "sign_in_email": world.people["customer/owner"].email,
        "model_version": model_version(works, world.things["model_id"]),
        "guests_home_id": str(world.organisations["guests_home"].id),
        "certificate": Authority(works.clock.now()).issue("A-1").pem,
        "connection_id": str(make_connection(works, alpha, "files", {"folder": "/srv/a", "format": "csv"})),
    }


def _address(work: Work, ids: tuple[str, str], audience: Audience) -> None:
    """Let an entry and its comment be for an audience, whatever was usual when they were written."""
    for kind in (StatusEntry, Comment):
        for row in work.session.scalars(select(kind).where(kind.id.in_([UUID(one) for one in ids]))):
            row.audience = audience


def _said_by(world: World, author: Person, device: Device) -> tuple[str, str]:
    """Publish an entry with a comment, for the author's own organisation, and return both ids."""
    with world.works.writing(actor_for(world.works, author)) as work:
        entry = publish_entry(work, device.id, EntryKind.QUESTION, "Why so hot?", "It **smells**.")
        return str(entry.id), str(post_comment(work, entry.id, "Nobody answers.").id)


def _enclosed(world: World, author: Person, entry_id: UUID, comment_id: UUID) -> str:
    """Hang a picture on a comment, and return its id."""
    works, picture = world.works, prepare_file("hot.jpg", photo(16, 16))
    with works.writing(actor_for(works, author)) as work:
        row = attach_file(work, entry_id, picture, keep_prepared(blob_store(works.settings), picture))
        enclose(work, comment_for(work, comment_id), [row.id])
    return str(row.id)


def _kept_apart(world: World) -> str:
    """Let alpha's administrator keep one more machine to those who decide."""
    device = make_device(world.works, world.organisations["owner"], "A-2")
    with world.works.writing(actor_for(world.works, world.people["customer_admin/owner"])) as work:
        keep_confidential(work, device.id)
    return str(device.id)


def _see_as(world: World) -> None:
    """Let a browser of support see as who wrote the entry."""
    author, page = world.people["customer/author"], "/support/customers/{}/people/{}/see-as"
    page = page.format(world.organisations["owner"].id, author.id)
    browser = browser_of(world.app, world.people["support"])
    assert browser.send(page, page, reason="The reminder does not reach us", minutes="60").status_code == 303
    world.guests["seen_as/author"] = Guest(browser.client, "", hidden_token(browser.get("/").text))


def _hand_out_tokens(world: World, device: Device) -> None:
    works = world.works
    scopes = {one.name: [scope.value for scope in one.scopes or ()] for one in VISITORS}
    for name, person in world.people.items():
        with works.writing(actor_for(works, person)) as work:
            row, world.tokens[name] = issue_personal_token(work, "script", scopes[name], None)
        if person is world.people["customer/author"]:
            world.things["token_id"] = str(row.id)
            with works.writing(actor_for(works, person)) as work:
                calendar = issue_personal_token(work, "calendar", sorted(CALENDAR_SCOPES), None)
            world.things["calendar_token"] = calendar[1]
    with works.writing(make_staff_actor(works, StaffRole.ADMIN)) as work:
        disable_person(work, world.people["disabled"].id)
        world.things["credential_id"] = str(issue_device_credential(work, device.id)[0].id)
    foreign = make_device(works, world.organisations["stranger"], "C-2")
    world.tokens |= {
        "device": device_token(works, device),
        "gateway": gateway_token(works, world.organisations["owner"]),
        "foreign_device": device_token(works, foreign),
    }
    _sign_in(world, world.people["customer/author"])


def _overheat(world: World) -> None:
    """Let the machine send a value beyond its limit, so that a condition is active."""
    machine = next(one for one in VISITORS if one.name == "device")
    assert world.ask(machine, "POST", "/api/v1/telemetry", json={"temperature": 99}).status_code == 200
    while follow_once(world.works):
        pass
    world.things["code"] = "temperature_high"


def _sign_in(world: World, person: Person) -> None:
    """Begin a session as a browser does, for the routes that end one."""
    answer = world.app.test_client().post("/api/v1/session", json={"email": person.email, "password": PASSWORD})
    assert answer.status_code == 204
    with world.works.reading(SYSTEM) as work:
        begun = work.session.scalars(select(SignIn.id).where(SignIn.person_id == person.id)).one()
    world.things["session_id"] = str(begun)


def _stock_up(world: World) -> None:
    """Put a machine into the operator's stock, with the secret to take it."""
    with world.works.reading(SYSTEM) as work:
        model = work.session.get_one(DeviceModel, UUID(world.things["model_id"]))
    stock = make_stock(world.works, "S-1", model)
    with world.works.writing(SYSTEM) as work:
        made = make_claim_secret(work, stock.id)
    with world.works.writing(actor_for(world.works, world.people["customer/author"])) as work:
        world.things["takeout_id"] = str(ask_for_mine(work).id)
    _keep_ways_in(world, world.people["customer/author"])
    _share(world)
    world.things |= {"stock_id": str(stock.id), "claim_id": str(made.id), "claim_secret": made.secret}


def _keep_ways_in(world: World, person: Person) -> None:
    """Give a person a passkey and a letter that lets them choose a password anew; somebody else wants to be erased."""
    leaver = make_person(world.works, world.organisations["guests_home"])
    secret, now = new_secret("spr_"), world.works.clock.now()
    with world.works.writing(SYSTEM) as work:
        key = Passkey(
            person_id=person.id, credential_id=b"k", public_key=b"p", sign_count=0, name="Key", created_at=now
        )
        letter = PasswordReset(
            email=person.email,
            person_id=person.id,
            secret_digest=secret_digest(secret),
            asked_at=now,
            expires_at=now + 2 * HOUR,
        )
        wish = ErasureWish(person_id=leaver.id, own_words="kept", asked_at=now, due_at=now + 24 * HOUR)
        work.session.add_all([key, letter, wish])
        work.session.add(letter_of_news(world.things, person, secret, now))
    world.things |= {"passkey_id": str(key.id), "secret": secret, "wish_id": str(wish.id)}


def _share(world: World) -> None:
    """Let alpha's administrator group, link and offer what is theirs."""
    device, organisation = world.things["device_id"], world.things["organisation_id"]
    in_a_week, in_8_days = ((world.works.clock.now() + days * 24 * HOUR).isoformat() for days in (7, 8))
    made = {
        "group_id": ("/api/v1/device-groups", {"organisation": organisation, "name": "Ovens"}),
        "link_id": (f"/api/v1/devices/{device}/share-links", {"expires_at": in_a_week}),
        "transfer_id": (f"/api/v1/devices/{device}/transfers", {"organisation": "buyer"}),
        "work_id": (f"/api/v1/devices/{device}/maintenance", {"title": "Filter", "from": in_a_week, "to": in_8_days}),
        "forwarding_id": (f"/api/v1/organisations/{organisation}/forwardings", _RECEIVER),
    }
    owner = next(one for one in VISITORS if one.name == "customer_admin/owner")
    for name, (address, body) in made.items():
        answer = world.ask(owner, "POST", address, json=body)
        assert answer.status_code == 201, (name, answer.text)
        world.things[name] = answer.json["id"]
    group = f"/api/v1/device-groups/{world.things['group_id']}"
    world.ask(owner, "PUT", f"{group}/devices/{device}")
    world.ask(owner, "PUT", f"/api/v1/devices/{device}/public-minimum", json={"level": "health"})
    let_in = world.ask(owner, "POST", f"{group}/grants", json={"to": "guests-home", "rights": ["VIEW"]})
    world.things["group_grant_id"] = let_in.json["id"]
    world.things["link_token"] = _link(world, owner, 24 * HOUR, "read")[1]
    for guest in (one for one in VISITORS if one.kind is Kind.LINK):
        _come_by_link(world, owner, guest)


def _come_by_link(world: World, owner: Visitor, guest: Visitor) -> None:
    """Let a guest's browser follow a link of the owner's, whatever becomes of it."""
    lasts = HOUR / 2 if guest.name == "link/expired" else 24 * HOUR
    link_id, token = _link(world, owner, lasts, "comment" if guest.name == "link/comment" else "read")
    client = world.app.test_client()
    assert client.get(f"/s/{token}").status_code == 303
    world.guests[guest.name] = Guest(client, link_id, hidden_token(client.get("/sign-in").text))
    if guest.name == "link/ended":
        world.ask(owner, "DELETE", f"/api/v1/share-links/{link_id}")


def _link(world: World, owner: Visitor, lasts: timedelta, scope: str) -> tuple[str, str]:
    body = {"expires_at": (world.works.clock.now() + lasts).isoformat(), "scope": scope}
    made = world.ask(owner, "POST", f"/api/v1/devices/{world.things['device_id']}/share-links", json=body).json
    return made["id"], made["address"].rpartition("/")[2]
