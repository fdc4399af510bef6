"""A customer takes a machine from its crate: with the secret on the slip, once, and with nothing else."""

import threading
from datetime import timedelta

import msgspec
import pytest
from sqlalchemy import func, select

from statusportal.access.actor import SYSTEM
from statusportal.access.vocabulary import MemberRole, StaffRole
from statusportal.accounts.models import SafeRetry
from statusportal.accounts.service import add_member
from statusportal.app import create_app
from statusportal.audit.models import AuditRecord
from statusportal.claims.models import ClaimSecret
from statusportal.claims.secrets import new_claim_secret
from statusportal.fleet.models import Ownership
from tests.factories.accounts import make_organisation, make_person, make_staff
from tests.factories.doors import Visitor, token_of, told
from tests.factories.fleet import device_token, make_device, make_model, make_transfer
from tests.factories.queries import counted_queries
from tests.factories.stock import claim_secret, make_stock, operator_of

HOUR = timedelta(hours=1)


@pytest.fixture
def shop(works, clock):
    """The operator with a machine in stock, alpha and beta who could take it, and everybody's way in."""
    works.settings = msgspec.structs.replace(works.settings, requests_per_minute=0)
    alpha, beta = make_organisation(works, "alpha"), make_organisation(works, "beta")
    people = {
        "alpha": make_person(works, alpha, MemberRole.CUSTOMER_ADMIN),
        "beta": make_person(works, beta, MemberRole.CUSTOMER_ADMIN),
        "colleague": make_person(works, alpha),
        "support": make_staff(works, StaffRole.SUPPORT),
        "engineer": make_staff(works, StaffRole.ENGINEER),
    }
    app = create_app(works.settings, works)
    device = make_stock(works, "AM3-1", make_model(works, "aurora"))
    clock.move(HOUR)
    tokens = {name: token_of(works, person) for name, person in people.items()}
    return {"app": app, "device": device, "alpha": alpha, "beta": beta, "people": people, "tokens": tokens}


def visit(shop, name):
    return Visitor(shop["app"].test_client(), shop["tokens"].get(name))


def claim(shop, name, secret, **more):
    return visit(shop, name).ask("POST", "/api/v1/claims", json={"secret": secret, **more})


def owners(works, device):
    with works.reading(SYSTEM) as work:
        query = select(Ownership).where(Ownership.device_id == device.id).order_by(Ownership.from_at)
        return [(row.organisation_id, row.to_at is None) for row in work.session.scalars(query)]


def test_machine_belongs_to_who_types_the_secret_from_now_on(works, clock, shop):
    device = shop["device"]
    made = visit(shop, "support").ask("POST", f"/api/v1/devices/{device.id}/claim-secrets", json={})
    before = visit(shop, "alpha").ask("GET", f"/api/v1/devices/{device.id}")

    taken = claim(shop, "alpha", made.json["secret"].lower().replace("-", " "))

    now = clock.now().isoformat(timespec="milliseconds").replace("+00:00", "Z")
    assert (made.status_code, before.status_code, taken.status_code) == (201, 404, 201)
    assert (taken.json["id"], taken.json["organisation"]["name"]) == (str(device.id), "Alpha")
    assert [period["from"] for period in taken.json["periods"]] == [now]
    assert owners(works, device) == [(operator_of(works).id, False), (shop["alpha"].id, True)]


def test_key_that_the_maker_put_in_speaks_for_the_new_owner(works, clock, shop):
    device = shop["device"]
    key = Visitor(shop["app"].test_client(), device_token(works, device))
    secret = claim_secret(works, device).secret
    key.ask("POST", "/api/v1/telemetry", json={"temperature": 11.0})
    clock.move(HOUR)
    claim(shop, "alpha", secret)
    clock.move(HOUR)

    sent = key.ask("POST", "/api/v1/telemetry", json={"temperature": 22.0})
    read = visit(shop, "alpha").ask("GET", f"/api/v1/devices/{device.id}/telemetry?signal=temperature")

    assert sent.json["accepted"] == 1
    assert [value for _, value in read.json["points"]] == [22.0]


def test_secret_is_kept_as_a_digest_and_nowhere_in_words(works, shop):
    address = f"/api/v1/devices/{shop['device'].id}/claim-secrets"
    headers = {"Authorization": f"Bearer {shop['tokens']['support']}", "Idempotency-Key": "one"}
    client = shop["app"].test_client()

    first = client.post(address, json={}, headers=headers)
    again = client.post(address, json={}, headers=headers)

    secret = first.json["secret"]
    with works.reading(SYSTEM) as work:
        rows = work.session.scalars(select(ClaimSecret)).all()
        every = [row for table in ClaimSecret.metadata.sorted_tables for row in work.session.execute(select(table))]
        kept = [repr(row) for row in every]
        answers = work.session.scalars(select(SafeRetry.body)).all()
    assert (first.status_code, again.status_code, len(rows)) == (201, 409, 1)
    assert [row for row in kept if secret in row or secret.replace("-", "") in row] == []
    assert answers == [""]


def test_unknown_spent_withdrawn_and_expired_are_one_answer(works, clock, shop):
    model = make_model(works, "boreas")
    stock = {name: make_stock(works, name, model) for name in ("spent", "withdrawn", "replaced", "expired")}
    soon = clock.now() + HOUR
    secrets = {
        name: claim_secret(works, one, expires_at=soon if name == "expired" else None) for name, one in stock.items()
    }
    claim(shop, "beta", secrets["spent"].secret)
    visit(shop, "support").ask("DELETE", f"/api/v1/claim-secrets/{secrets['withdrawn'].id}")
    visit(shop, "support").ask("POST", f"/api/v1/devices/{stock['replaced'].id}/claim-secrets", json={})
    clock.move(HOUR)
    typed = {"unknown": new_claim_secret(), **{name: one.secret for name, one in secrets.items()}}

    answers = {name: claim(shop, "alpha", secret) for name, secret in typed.items()}

    assert {name: told(answer) for name, answer in answers.items()} == dict.fromkeys(answers, told(answers["unknown"]))
    assert (answers["unknown"].status_code, answers["unknown"].json["errors"]) == (
        422,
        [{"pointer": "/secret", "detail": "opens nothing. Ask who gave it to you for a new one"}],
    )


def test_every_refusal_costs_the_same_look_ups(works, shop):
    spent = claim_secret(works, shop["device"]).secret
    claim(shop, "beta", spent)
    claim(shop, "alpha", new_claim_secret())  # the first use of a token is noted once
    counts = []

    for secret in (new_claim_secret(), spent):
        with counted_queries(works) as statements:
            claim(shop, "alpha", secret)
        counts.append(len(statements))

    assert counts[0] == counts[1]


def test_slip_of_the_finger_is_told_and_costs_no_try(works, shop):
    secret = claim_secret(works, shop["device"]).secret
    wrong = secret[:-1] + ("A" if secret[-1] != "A" else "B")

    refusals = [claim(shop, "alpha", wrong) for _ in range(20)]
    taken = claim(shop, "alpha", secret)

    assert {answer.json["errors"][0]["detail"] for answer in refusals} == {
        "has a slip of the finger in it. Compare it with the paper"
    }
    assert taken.status_code == 201


def test_guessing_ends_after_ten_misses_and_a_right_secret_waits_with_it(works, shop):
    secret = claim_secret(works, shop["device"]).secret

    misses = [claim(shop, "alpha", new_claim_secret()).status_code for _ in range(11)]
    own = claim(shop, "alpha", secret)
    other = claim(shop, "beta", secret)

    assert misses == [422] * 10 + [429]
    assert (own.status_code, own.headers["Retry-After"]) == (429, "3600")
    assert other.status_code == 201


def test_everybody_together_may_miss_a_thousand_times_from_many_addresses(works, shop):
    works.settings = msgspec.structs.replace(works.settings, claim_tries_per_hour=1)
    app = create_app(works.settings, works)
    headers = [
        {"Authorization": f"Bearer {token_of(works, make_person(works, shop['alpha'], MemberRole.CUSTOMER_ADMIN))}"}
        for _ in range(101)
    ]

    answers = [
        app.test_client().post(
            "/api/v1/claims",
            json={"secret": new_claim_secret()},
            headers=header,
            environ_base={"REMOTE_ADDR": f"10.0.0.{number}"},
        )
        for number, header in enumerate(headers)
    ]

    assert [answer.status_code for answer in answers] == [422] * 100 + [429]


def test_address_of_an_office_may_miss_five_times_as_often_as_a_person(works, shop):
    works.settings = msgspec.structs.replace(works.settings, claim_tries_per_hour=1)
    app = create_app(works.settings, works)
    tokens = [token_of(works, make_person(works, shop["alpha"], MemberRole.CUSTOMER_ADMIN)) for _ in range(6)]

    statuses = [
        Visitor(app.test_client(), token).ask("POST", "/api/v1/claims", json={"secret": new_claim_secret()}).status_code
        for token in tokens
    ]

    assert statuses == [422] * 5 + [429]


def test_machine_with_an_owner_is_not_claimed_away(works, shop):
    device = shop["device"]
    secret = claim_secret(works, device).secret
    make_transfer(works, device, shop["beta"])

    answer = claim(shop, "alpha", secret)
    made = visit(shop, "support").ask("POST", f"/api/v1/devices/{device.id}/claim-secrets", json={})

    assert (answer.status_code, answer.json["detail"]) == (
        409,
        "This machine has an owner. Ask them to hand it over to you.",
    )
    assert (made.status_code, made.json["errors"][0]["detail"]) == (422, "has an owner. Hand it over instead")
    assert owners(works, device)[-1] == (shop["beta"].id, True)


def test_slip_from_before_a_sale_opens_nothing_when_the_machine_came_back(works, clock, shop):
    device = shop["device"]
    old = claim_secret(works, device).secret
    make_transfer(works, device, shop["beta"])
    clock.move(HOUR)
    make_transfer(works, device, operator_of(works))
    clock.move(HOUR)

    answer = claim(shop, "alpha", old)

    assert answer.status_code == 409
    assert owners(works, device)[-1] == (operator_of(works).id, True)


def test_two_at_once_make_one_owner(works, shop):
    model = make_model(works, "polar")
    for attempt in range(4):
        device = make_stock(works, f"P-{attempt}", model)
        secret = claim_secret(works, device, expires_at=works.clock.now() + HOUR).secret
        works.clock.move(timedelta(seconds=1))
        start, answers = threading.Barrier(2), {}

        def take(name, start=start, answers=answers, secret=secret):
            start.wait()
            answers[name] = claim(shop, name, secret).status_code

        takers = [threading.Thread(target=take, args=(name,)) for name in ("alpha", "beta")]
        for taker in takers:
            taker.start()
        for taker in takers:
            taker.join()

        assert sorted(answers.values()) == [201, 422]
        winner = next(name for name, status in answers.items() if status == 201)
        assert owners(works, device) == [(operator_of(works).id, False), (shop[winner].id, True)]


@pytest.mark.parametrize(
    ("name", "expected"), [("colleague", 403), ("support", 403), ("engineer", 403), ("nobody", 401)]
)
def test_only_who_administers_an_organisation_takes_machines(works, shop, name, expected):
    secret = claim_secret(works, shop["device"]).secret

    answer = claim(shop, name, secret)

    assert answer.status_code == expected
    assert owners(works, shop["device"]) == [(operator_of(works).id, True)]


def test_who_acts_for_two_names_the_taker_and_a_foreign_one_is_refused(works, shop):
    secret = claim_secret(works, shop["device"]).secret
    person = make_person(works, shop["alpha"], MemberRole.CUSTOMER_ADMIN)
    with works.writing(SYSTEM) as work:
        add_member(work, shop["beta"].id, person.id, MemberRole.CUSTOMER_ADMIN)
    shop["tokens"]["both"] = token_of(works, person)
    gamma = make_organisation(works, "gamma")

    unnamed = claim(shop, "both", secret)
    foreign = claim(shop, "both", secret, organisation=str(gamma.id))
    named = claim(shop, "both", secret, organisation=str(shop["beta"].id))

    assert (unnamed.status_code, unnamed.json["errors"][0]) == (
        422,
        {"pointer": "/organisation", "detail": "must be named: you act for several"},
    )
    assert (foreign.status_code, foreign.json["errors"][0]["pointer"]) == (422, "/organisation")
    assert (named.status_code, owners(works, shop["device"])[-1]) == (201, (shop["beta"].id, True))


def test_log_names_the_claimer_and_each_refusal_without_the_secret(works, shop):
    secret = claim_secret(works, shop["device"]).secret
    claim(shop, "beta", new_claim_secret())
    claim(shop, "alpha", secret)

    with works.reading(SYSTEM) as work:
        acts = ("claim.made", "claim.refused", "device.claimed")
        rows = work.session.scalars(select(AuditRecord).where(AuditRecord.act.in_(acts)).order_by(AuditRecord.id)).all()
    people = shop["people"]
    assert [(row.act, row.organisation_id) for row in rows] == [
        ("claim.made", operator_of(works).id),
        ("claim.refused", None),
        ("device.claimed", shop["alpha"].id),
    ]
    assert [row.actor_id for row in rows[1:]] == [people["beta"].id, people["alpha"].id]


def test_batch_makes_a_secret_for_each_or_for_none(works, shop):
    model = make_model(works, "vagt")
    for serial in ("V-1", "V-2"):
        make_stock(works, serial, model)
    make_device(works, shop["beta"], "V-3", model)
    ask = visit(shop, "support").ask

    wrong = ask("POST", "/api/v1/claim-secrets", json={"model": "vagt", "serials": ["V-1", "V-3", "V-9", "V-1"]})
    with works.reading(SYSTEM) as work:
        after_wrong = work.session.scalar(select(func.count()).select_from(ClaimSecret))
    right = ask("POST", "/api/v1/claim-secrets", json={"model": "vagt", "serials": ["V-2", "V-1"]})

    assert (wrong.status_code, after_wrong) == (422, 0)
    assert wrong.json["errors"] == [
        {"pointer": "/serials/1", "detail": "V-3 has an owner. Hand it over instead"},
        {"pointer": "/serials/2", "detail": "V-9 is no machine of this model"},
        {"pointer": "/serials/3", "detail": "V-1 is in the list twice"},
    ]
    assert [one["serial"] for one in right.json["items"]] == ["V-2", "V-1"]
    assert [claim(shop, "alpha", one["secret"]).json["serial"] for one in right.json["items"]] == ["V-2", "V-1"]


def test_secrets_are_listed_with_what_became_of_them_and_withdrawn(works, clock, shop):
    device = shop["device"]
    address = f"/api/v1/devices/{device.id}/claim-secrets"
    ask = visit(shop, "support").ask
    first = ask("POST", address, json={}).json
    clock.move(HOUR)
    second = ask("POST", address, json={"expires_at": "2026-12-01T00:00:00Z"}).json

    withdrawn = ask("DELETE", f"/api/v1/claim-secrets/{second['id']}")
    listed = ask("GET", address).json["items"]

    assert withdrawn.status_code == 204
    assert [(one["id"], one["state"]) for one in listed] == [(second["id"], "revoked"), (first["id"], "revoked")]
    assert listed[0]["expires_at"] == "2026-12-01T00:00:00.000Z"
    assert "secret" not in listed[0]
    assert claim(shop, "alpha", second["secret"]).status_code == 422


def test_secret_cannot_end_before_it_begins(shop):
    answer = visit(shop, "support").ask(
        "POST", f"/api/v1/devices/{shop['device'].id}/claim-secrets", json={"expires_at": "2020-01-01T00:00:00Z"}
    )

    assert (answer.status_code, answer.json["errors"]) == (
        422,
        [{"pointer": "/expires_at", "detail": "must lie ahead"}],
    )
