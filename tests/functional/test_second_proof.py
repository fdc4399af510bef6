"""Somebody sets up an app with codes, signs in with it, loses it, and comes back by paper or by an administrator."""

import re
from datetime import timedelta

import pytest
from sqlalchemy import select

from statusportal.access.actor import SYSTEM
from statusportal.access.vocabulary import MemberRole, StaffRole
from statusportal.accounts.service import change_staff_role
from statusportal.accounts.vocabulary import OrganisationKind
from statusportal.app import create_app
from statusportal.audit.models import AuditRecord
from statusportal.identity.issuing import issue_personal_token
from statusportal.identity.models import SignIn
from statusportal.identity.proving import PROOF_HOLDS
from statusportal.passwords.choosing import change_password
from statusportal.proofs.models import CodeApp, RecoveryCode
from statusportal.proofs.requiring import ask_for_second_proof
from statusportal.proofs.sealing import unseal
from statusportal.proofs.vocabulary import STEP_HOLDS
from tests.factories.accounts import PASSWORD, actor_for, make_organisation, make_person
from tests.factories.browsing import Browser, browser_of, words
from tests.factories.second_proofs import code_at, with_app

HOME = "/profile/sign-in"


@pytest.fixture
def alpha(works):
    return make_organisation(works, "alpha")


@pytest.fixture
def mette(works, alpha):
    return make_person(works, alpha, password=PASSWORD, name="Mette Kragh")


@pytest.fixture
def app(settings, works):
    return create_app(settings, works)


def api(client, method, address, **body):
    token = client.get("/api/v1/session").json["csrf_token"]
    return client.open(address, method=method, json=body or None, headers={"X-CSRFToken": token})


def sign_in(client, person, **more):
    return client.post("/api/v1/session", json={"email": person.email, "password": PASSWORD, **more})


def sessions_of(works, person):
    with works.reading(SYSTEM) as work:
        query = select(SignIn.id).where(SignIn.person_id == person.id, SignIn.ended_at.is_(None))
        return work.session.scalars(query).all()


def acts(works):
    with works.reading(SYSTEM) as work:
        return work.session.scalars(select(AuditRecord.act).order_by(AuditRecord.id)).all()


def asked_everywhere(works, organisation):
    with works.writing(SYSTEM) as work:
        ask_for_second_proof(work, organisation.id)


def test_app_is_set_up_by_its_first_code_and_recovery_codes_are_shown_once(app, works, mette):
    browser = browser_of(app, mette)

    begun = browser.send(f"{HOME}/app", HOME)
    shown = browser.get(begun.location)
    secret = re.search(r"<code[^>]*>([A-Z2-7]{32})</code>", shown.text)[1]
    wrong = browser.send(f"{HOME}/app/confirm", f"{HOME}/app", code="000000")
    done = browser.send(f"{HOME}/app/confirm", f"{HOME}/app", code=code_at(works, secret))

    codes = re.findall(r"<li>((?:[a-z2-9]{4}-?){4})</li>", done.text)
    again = browser.get(HOME)
    assert (begun.status_code, wrong.status_code, done.status_code) == (303, 422, 201)
    assert "<svg" in shown.text
    assert len(set(codes)) == 10
    assert not any(code in again.text for code in codes)
    with works.reading(SYSTEM) as work:
        assert secret.encode() not in work.session.get(CodeApp, mette.id).sealed_secret
        kept = work.session.scalars(select(RecoveryCode.digest)).all()
    assert not set(codes) & set(kept)


def test_sign_in_by_pages_needs_the_code_and_makes_no_session_before_it(app, works, mette):
    secret, _ = with_app(works, mette)
    browser = Browser(app)

    first = browser.sign_in(mette, next_="/profile")
    before = (browser.get("/profile").status_code, sessions_of(works, mette))
    wrong = browser.send("/sign-in/second", "/sign-in/second", code="000000")
    second = browser.send("/sign-in/second", "/sign-in/second", code=code_at(works, secret, 1))

    assert (first.status_code, first.location) == (303, "/sign-in/second")
    assert before == (303, [])
    assert wrong.status_code == 401
    assert (second.status_code, second.location) == (303, "/profile")
    assert browser.get("/profile").status_code == 200


def test_step_is_over_after_five_minutes_after_five_wrong_codes_and_after_its_use(app, works, clock, mette):
    secret, _ = with_app(works, mette)
    late, guessing, done = Browser(app), Browser(app), Browser(app)
    done.sign_in(mette)
    done.send("/sign-in/second", "/sign-in/second", code=code_at(works, secret, 1))
    guessing.sign_in(mette)
    for _ in range(5):
        guessing.send("/sign-in/second", "/sign-in/second", code="000000")
    late.sign_in(mette)
    clock.move(STEP_HOLDS)

    ended = [one.get("/sign-in/second") for one in (late, guessing, done)]

    assert [(one.status_code, one.location) for one in ended] == [(303, "/sign-in")] * 3


def test_programs_are_told_what_is_missing_and_send_the_code_along(app, works, mette):
    secret, _ = with_app(works, mette)
    client = app.test_client()

    bare = sign_in(client, mette)
    wrong = sign_in(client, mette, code="000000")
    right = sign_in(client, mette, code=code_at(works, secret, 1))

    assert (bare.status_code, bare.json["second_factor"]) == (401, ["code"])
    assert "Set-Cookie" not in bare.headers
    assert (wrong.status_code, "second_factor" in wrong.json) == (401, False)
    assert right.status_code == 204
    assert client.get("/api/v1/session").json["person"]["email"] == mette.email


def test_wrong_password_tells_nothing_of_a_second_proof(app, works, mette):
    with_app(works, mette)
    plain = make_person(works, password=PASSWORD)

    answers = [
        app.test_client().post("/api/v1/session", json={"email": email, "password": "not this one, sorry"})
        for email in (mette.email, plain.email, "nobody@example.com")
    ]

    assert len({(one.status_code, one.data) for one in answers}) == 1


def test_code_works_once_and_an_older_one_not_after_it(app, works, clock, mette):
    secret, _ = with_app(works, mette)
    clock.move(timedelta(minutes=2))
    ahead, present = code_at(works, secret, 1), code_at(works, secret)

    first = sign_in(app.test_client(), mette, code=ahead)
    replayed = sign_in(app.test_client(), mette, code=ahead)
    older = sign_in(app.test_client(), mette, code=present)

    assert [one.status_code for one in (first, replayed, older)] == [204, 401, 401]


def test_recovery_code_works_once_and_new_ones_replace_the_old(app, works, mette):
    _, codes = with_app(works, mette)
    client = app.test_client()

    first = sign_in(client, mette, code=codes[0].upper())
    again = sign_in(app.test_client(), mette, code=codes[0])
    left = client.get("/api/v1/session/second-proofs").json["recovery_codes"]
    new = api(client, "POST", "/api/v1/session/recovery-codes")
    old = sign_in(app.test_client(), mette, code=codes[1])

    assert [one.status_code for one in (first, again, new, old)] == [204, 401, 201, 401]
    assert left == 9
    assert len(new.json["recovery_codes"]) == 10
    assert "recovery_code.used" in acts(works)


def test_codes_are_guessed_a_few_times_a_minute_only(app, works, mette):
    secret, _ = with_app(works, mette)

    tried = [sign_in(app.test_client(), mette, code="000000").status_code for _ in range(11)]
    right = sign_in(app.test_client(), mette, code=code_at(works, secret, 1))

    assert tried == [401] * 10 + [429]
    assert (right.status_code, right.headers["Retry-After"]) == (429, "60")


def test_change_of_password_in_between_ends_the_step(app, works, mette):
    secret, _ = with_app(works, mette)
    browser = Browser(app)
    browser.sign_in(mette)
    with works.writing(actor_for(works, mette)) as work:
        change_password(work, PASSWORD, "another walk by the lake")

    answer = browser.send("/sign-in/second", "/sign-in/second", code=code_at(works, secret, 1))

    assert answer.status_code == 401
    assert sessions_of(works, mette) == []


def test_second_proof_is_set_up_and_taken_away_only_soon_after_a_proof(app, works, clock, mette):
    client = app.test_client()
    sign_in(client, mette)
    clock.move(PROOF_HOLDS + timedelta(seconds=1))

    late = api(client, "POST", "/api/v1/session/app")
    api(client, "POST", "/api/v1/session/proof", password=PASSWORD)
    begun = api(client, "POST", "/api/v1/session/app")
    done = api(client, "POST", "/api/v1/session/app/confirm", code=code_at(works, begun.json["secret"]))
    clock.move(PROOF_HOLDS + timedelta(seconds=1))
    late_removal = api(client, "DELETE", "/api/v1/session/app")

    assert [one.status_code for one in (late, begun, done, late_removal)] == [403, 201, 200, 403]
    assert len(done.json["recovery_codes"]) == 10


def test_who_owes_a_second_proof_reaches_nothing_but_setting_it_up(app, works, alpha, mette):
    client = app.test_client()
    sign_in(client, mette)
    before = client.get("/api/v1/devices").status_code
    asked_everywhere(works, alpha)

    device_list, me = client.get("/api/v1/devices"), client.get("/api/v1/session")
    page, profile = client.get("/"), client.get("/profile")
    token = api(client, "POST", "/api/v1/session/app")
    done = api(client, "POST", "/api/v1/session/app/confirm", code=code_at(works, token.json["secret"]))

    assert before == 200
    assert (device_list.status_code, device_list.json["enrol_at"]) == (403, "/api/v1/session/app")
    assert (me.status_code, me.json["organisations"]) == (200, [])
    assert (page.status_code, page.location) == (303, HOME)
    assert (profile.status_code, alpha.name in profile.text) == (200, False)
    assert done.status_code == 200
    assert client.get("/api/v1/devices").status_code == 200


def test_old_tokens_stay_where_a_second_proof_is_asked_later(app, works, alpha, mette):
    with works.writing(actor_for(works, mette)) as work:
        _, secret = issue_personal_token(work, "script", [], None)
    asked_everywhere(works, alpha)

    answer = app.test_client().get("/api/v1/devices", headers={"Authorization": f"Bearer {secret}"})

    assert answer.status_code == 200


def test_rule_of_one_organisation_binds_nobody_of_another(app, works, alpha):
    other = make_person(works, make_organisation(works, "beta"), password=PASSWORD)
    asked_everywhere(works, alpha)
    client = app.test_client()
    sign_in(client, other)

    assert client.get("/api/v1/devices").status_code == 200


def test_rule_of_the_operator_binds_its_staff(app, works):
    operator = make_organisation(works, "op", OrganisationKind.OPERATOR)
    staff = make_person(works, password=PASSWORD, staff_role=StaffRole.SUPPORT)
    asked_everywhere(works, operator)
    client = app.test_client()
    sign_in(client, staff)

    owing = client.get("/api/v1/devices").status_code
    with works.writing(SYSTEM) as work:
        change_staff_role(work, staff.id, None)

    assert (owing, client.get("/api/v1/devices").status_code) == (403, 200)


def test_administrator_asks_sees_who_lacks_one_and_lets_begin_anew(app, works, alpha, mette):
    boss = make_person(works, alpha, MemberRole.CUSTOMER_ADMIN, password=PASSWORD, name="Søren Holm")
    kim = make_person(works, alpha, name="Kim Dahl")
    with_app(works, mette)
    with_app(works, boss)
    browser = Browser(app)
    browser.sign_in(boss)
    browser.send("/sign-in/second", "/sign-in/second", code=code_at(works, with_app_secret(works, boss), 1))

    organisation = f"/admin/organisations/{alpha.id}"
    asked = browser.send(f"{organisation}/second-proof", organisation, do="ask")
    unsaid = browser.send(f"{organisation}/second-proof", organisation, do="anything")
    lacking = words(browser.get("/admin/people?kind=without_second_proof").text)
    person = f"/admin/people/{mette.id}"
    reset = browser.send(f"{person}/second-proof/reset", person)

    assert (asked.status_code, unsaid.status_code, reset.status_code) == (303, 422, 303)
    assert (kim.name in lacking, mette.name in lacking) == (True, False)
    assert {"second_proof.asked", "second_proofs.reset"} <= set(acts(works))
    theirs = Browser(app)
    assert theirs.sign_in(mette).location == "/profile"
    assert "took your second proof away" in words(theirs.get(HOME).text)


def with_app_secret(works, person):
    with works.reading(SYSTEM) as work:
        return unseal(work.settings.proofs_key, work.session.get(CodeApp, person.id).sealed_secret)


@pytest.mark.parametrize("role", [MemberRole.CUSTOMER, MemberRole.CUSTOMER_ADMIN])
def test_nobody_resets_a_stranger_or_the_staff(app, works, alpha, mette, role):
    other = make_person(works, make_organisation(works, "beta"))
    staff = make_person(works, alpha, staff_role=StaffRole.SUPPORT)
    for one in (other, staff, mette):
        with_app(works, one)
    client = app.test_client()
    sign_in(client, make_person(works, alpha, role, password=PASSWORD))

    answers = {
        one: api(client, "DELETE", f"/api/v1/people/{one.id}/second-proofs").status_code
        for one in (other, staff, mette)
    }
    rule = api(client, "PUT", f"/api/v1/organisations/{alpha.id}/second-proof", is_asked=True)

    is_boss = role is MemberRole.CUSTOMER_ADMIN
    assert list(answers.values()) == [404, 403, 204 if is_boss else 403]
    assert rule.status_code == (204 if is_boss else 403)
    with works.reading(SYSTEM) as work:
        kept = set(work.session.scalars(select(CodeApp.person_id)))
    assert {other.id, staff.id} <= kept
    assert (mette.id in kept) is not is_boss
