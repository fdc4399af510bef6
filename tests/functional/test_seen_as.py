"""Support sees as a customer: exactly what they see, reading only, for a reason and a time; the customer is told."""

from dataclasses import replace
from datetime import timedelta
from io import BytesIO

import pytest

from statusportal.access.actor import SYSTEM
from statusportal.access.vocabulary import MemberRole, StaffRole
from statusportal.accounts.models import Membership, Person
from statusportal.audit.models import AuditRecord
from statusportal.discussion.models import Comment, ReadMark
from statusportal.foundation.errors import Forbidden
from statusportal.http.policies import declared_routes
from statusportal.identity.queries import my_sign_ins
from statusportal.jobs.taking_out import takeout_round
from statusportal.seen_as.actors import eyes_of
from statusportal.seen_as.models import SeenAs
from statusportal.seen_as.service import end_run_out
from statusportal.takeout.service import ask_for_mine, ask_for_organisation
from tests.factories.accounts import PASSWORD, actor_for, make_person
from tests.factories.browsing import actions, browser_of, hidden_token, parts, words
from tests.factories.doors import filled, token_of
from tests.factories.visits import REASON, Visit


def fetch(browser, address):
    """Fetch a page or a file, and let go of it."""
    with browser.client.get(address) as answer:
        return answer.status_code, answer.data


@pytest.fixture
def scene(works):
    return Visit(works)


def test_support_sees_what_the_customer_sees_and_nothing_else(scene):
    began = scene.begin()
    mette = browser_of(scene.app, scene.mette)
    addresses = [
        f"/api/v1/{path}"
        for path in (
            "devices",
            "entries",
            f"entries/{scene.entry.id}",
            f"entries/{scene.entry.id}/comments",
            f"entries/{scene.foreign.id}",
            f"devices/{scene.other.id}",
            f"comments/{scene.note.id}",
            "search?q=paid",
        )
    ]

    seen = [(one.status_code, one.json) for one in map(scene.support.client.get, addresses)]
    theirs = [(one.status_code, one.json) for one in map(mette.client.get, addresses)]

    assert (began.status_code, began.location) == (303, "/")
    assert seen == theirs
    assert [code for code, _body in seen] == [200, 200, 200, 200, 404, 404, 404, 200]
    assert "paid" not in repr(seen)


def test_frame_names_whom_why_and_until_when_on_every_page(scene):
    scene.begin()

    pages = [
        scene.support.get(path).text for path in ("/", f"/devices/{scene.device.id}", f"/entries/{scene.entry.id}")
    ]

    for html in pages:
        said = words(html)
        assert "You see this as Mette Kragh, Alpha." in said
        assert REASON in said
        assert "Ends by itself at 13:30." in said
        assert actions(html, "/seen-as/leave") == ["/seen-as/leave"]
    assert all("Customers" not in words(html) for html in pages)


def test_session_says_that_it_sees_as_somebody(scene):
    before = scene.session()["seen_as"]
    scene.begin()
    during = scene.session()

    assert before is None
    assert (during["person"]["name"], during["staff_role"]) == ("Mette Kragh", None)
    assert during["seen_as"]["by"] == {"id": str(scene.aisha.id), "name": "Aisha Rahman"}
    assert (during["seen_as"]["reason"], during["seen_as"]["person"]["name"]) == (REASON, "Mette Kragh")


def test_every_unsafe_call_but_leaving_is_refused_and_changes_nothing(scene):
    scene.begin()
    token = scene.session()["csrf_token"]
    things = {name: str(scene.alpha.id) for rule in scene.app.url_map.iter_rules() for name in rule.arguments}
    things |= {"entry_id": str(scene.entry.id), "device_id": str(scene.device.id), "number": "1"}
    let_through = []

    for rule, method, policy in declared_routes(scene.app):
        if method in {"GET", "HEAD", "OPTIONS"} or policy is None or policy.is_leaving:
            continue
        answer = scene.support.client.open(
            filled(rule, things), method=method, headers={"X-CSRFToken": token}, data={"csrf_token": token}
        )
        if answer.status_code not in {403, 404} or (answer.status_code == 404 and "/shared/" not in rule):
            let_through.append((method, rule, answer.status_code))

    again = scene.call(
        "POST", "/api/v1/seen-as", json={"person": str(scene.boss.id), "organisation": str(scene.alpha.id)}
    )
    with scene.works.reading(SYSTEM) as work:
        assert work.session.query(Comment).count() == 1
    assert let_through == []
    assert again.status_code == 403
    assert scene.session()["person"]["name"] == "Mette Kragh"


def test_what_is_the_persons_alone_is_neither_read_nor_fetched(scene):
    boss = browser_of(scene.app, scene.boss)
    token_of(scene.works, scene.boss)
    with scene.works.writing(actor_for(scene.works, scene.boss)) as work:
        files = [ask_for_mine(work).id, ask_for_organisation(work, scene.alpha.id).id]
    while takeout_round(scene.works) == 0.0:
        pass
    scene.begin(scene.boss)
    fetched = [address for one in files for address in (f"/api/v1/exports/{one}/file", f"/my-data/exports/{one}/file")]
    told = [f"/api/v1/{name}" for name in ("tokens", "sessions", "exports", f"exports/{files[0]}", "erasure")]
    addresses = [*fetched, *told, "/profile", "/profile/tokens", "/my-data"]

    theirs = [fetch(boss, address) for address in addresses]
    refused = [fetch(scene.support, address) for address in addresses]

    assert [code for code, _ in theirs] == [200] * len(addresses)
    assert [code for code, _ in refused] == [403] * len(addresses)
    canaries = (b"PK\x03\x04", b'"scopes"', scene.boss.email.encode())
    assert [any(one in body for _, body in theirs) for one in canaries] == [True] * 3
    assert [any(one in body for _, body in refused) for one in canaries] == [False] * 3
    with scene.works.reading(SYSTEM) as work:
        acts = work.session.query(AuditRecord).filter(AuditRecord.act == "export.taken").all()
        assert {row.actor_id for row in acts} == {scene.boss.id}


def test_pages_seen_as_somebody_lead_to_nothing_that_is_refused(scene):
    own = {"/profile", "/my-data"}
    before = {one["href"] for _, one in parts(scene.support.get("/").text) if "href" in one}
    scene.begin()

    during = {one["href"] for _, one in parts(scene.support.get("/").text) if "href" in one}

    assert (own <= before, own & during) == (True, set())


def test_reading_leaves_no_mark_of_the_customer(scene):
    scene.begin()

    scene.support.get(f"/entries/{scene.entry.id}")

    with scene.works.reading(SYSTEM) as work:
        assert work.session.query(ReadMark).count() == 0


def test_work_of_somebody_who_sees_as_another_is_never_committed(scene):
    scene.begin()
    with scene.works.reading(actor_for(scene.works, scene.aisha)) as work:
        session_id = my_sign_ins(work)[0].id
    with scene.works.reading(SYSTEM) as work:
        eyes = eyes_of(work, replace(actor_for(scene.works, scene.aisha), session_id=session_id))

    assert eyes.person_id == scene.mette.id
    with pytest.raises(Forbidden), scene.works.writing(eyes):
        pass


def test_begin_each_page_and_end_are_in_the_log_under_support(scene):
    scene.begin()
    for _time in range(2):
        scene.support.get("/")
    scene.support.get(f"/entries/{scene.entry.id}")
    scene.support.send("/seen-as/leave", "/")

    acts = scene.acts()

    assert [(row.act, row.codes.get("route")) for row in acts] == [
        ("seen_as.began", None),
        ("seen_as.looked", "devices.my_devices"),
        ("seen_as.looked", "entries.entry"),
        ("seen_as.ended", None),
    ]
    assert {(row.actor_id, row.organisation_id, row.subject_id) for row in acts} == {
        (scene.aisha.id, scene.alpha.id, str(scene.mette.id))
    }
    assert REASON not in repr([row.codes for row in acts])


def test_leaving_shows_support_to_themselves(scene):
    scene.begin()

    left = scene.support.send("/seen-as/leave", "/")
    again = scene.support.get(f"/entries/{scene.entry.id}")

    assert (left.status_code, left.location) == (303, f"/support/customers/{scene.alpha.id}")
    assert scene.session()["person"]["name"] == "Aisha Rahman"
    assert "They have not paid." in words(again.text)


def test_it_ends_by_itself_and_that_is_written_down(scene):
    scene.begin(minutes="10")
    scene.works.clock.move(timedelta(minutes=10))

    after = scene.session()["person"]["name"]
    with scene.works.writing(SYSTEM) as work:
        end_run_out(work)

    with scene.works.reading(SYSTEM) as work:
        row = work.session.query(SeenAs).one()
    assert after == "Aisha Rahman"
    assert row.ended_at == row.ends_at
    assert [one.act for one in scene.acts()] == ["seen_as.began", "seen_as.ended"]


@pytest.mark.parametrize("lost", ["support's role", "their membership", "they are shut out", "they are staff now"])
def test_it_ends_with_what_it_stands_on(scene, lost):
    scene.begin()
    during = scene.session()["person"]["name"]
    with scene.works.writing(SYSTEM) as work:
        if lost == "support's role":
            work.session.get(Person, scene.aisha.id).staff_role = StaffRole.EXPERT.value
        elif lost == "their membership":
            work.session.delete(work.session.get(Membership, (scene.alpha.id, scene.mette.id)))
        elif lost == "they are shut out":
            work.session.get(Person, scene.mette.id).is_disabled = True
        else:
            work.session.get(Person, scene.mette.id).staff_role = StaffRole.ADMIN.value

    assert (during, scene.session()["person"]["name"]) == ("Mette Kragh", "Aisha Rahman")


@pytest.mark.parametrize(
    ("role", "status"),
    [
        (StaffRole.ENGINEER, 403),
        (StaffRole.EXPERT, 403),
        (StaffRole.PRODUCT, 403),
        (StaffRole.SUPPORT, 303),
        (StaffRole.ADMIN, 303),
        (MemberRole.CUSTOMER_ADMIN, 403),
    ],
)
def test_who_may_see_as_a_customer(scene, role, status):
    organisation = scene.alpha if isinstance(role, MemberRole) else None
    more = {"role": role} if organisation else {"staff_role": role}
    browser = browser_of(scene.app, make_person(scene.works, organisation, password=PASSWORD, **more))
    page = f"/support/customers/{scene.alpha.id}/people/{scene.mette.id}/see-as"
    token = hidden_token(browser.get("/profile").text)

    answer = browser.client.post(page, data={"reason": REASON, "minutes": "5", "csrf_token": token})

    assert answer.status_code == status


def test_nobody_sees_as_staff_or_as_whom_is_not_there(scene):
    both = make_person(scene.works, scene.alpha, staff_role=StaffRole.ADMIN, name="Both")
    out = make_person(scene.works, scene.alpha, name="Out")
    with scene.works.writing(SYSTEM) as work:
        work.session.get(Person, out.id).is_disabled = True
    asked = [
        (both.id, scene.alpha.id),
        (out.id, scene.alpha.id),
        (scene.aisha.id, scene.alpha.id),
        (scene.mette.id, scene.beta.id),
        (scene.alpha.id, scene.alpha.id),
    ]

    codes = [
        scene.call(
            "POST",
            "/api/v1/seen-as",
            json={"person": str(person), "organisation": str(organisation), "reason": REASON},
        ).status_code
        for person, organisation in asked
    ]

    assert codes == [409, 409, 404, 404, 404]
    assert scene.acts() == []


def test_reason_and_time_are_asked_for(scene):
    answers = [
        scene.begin(**fields)
        for fields in ({"reason": ""}, {"reason": "why"}, {"minutes": "61"}, {"minutes": "0"}, {"minutes": "x"})
    ]

    marked = [
        [one["id"] for _tag, one in parts(answer.text) if one.get("id", "").endswith("-error")] for answer in answers
    ]
    assert [answer.status_code for answer in answers] == [422] * 5
    assert marked == [["f-reason-error"]] * 2 + [["f-minutes-error"]] * 3


def test_call_by_token_sees_as_nobody(scene):
    headers = {"Authorization": f"Bearer {token_of(scene.works, scene.aisha)}"}
    body = {"person": str(scene.mette.id), "organisation": str(scene.alpha.id), "reason": REASON}

    answer = scene.app.test_client().post("/api/v1/seen-as", json=body, headers=headers)
    scene.begin()
    beside = scene.app.test_client().get("/api/v1/session", headers=headers).json

    assert answer.status_code == 409
    assert (beside["person"]["name"], beside["seen_as"]) == ("Aisha Rahman", None)


def test_customer_and_their_administrator_read_who_looked_and_others_do_not(scene):
    stranger = make_person(scene.works, scene.beta, MemberRole.CUSTOMER_ADMIN, password=PASSWORD)
    colleague = make_person(scene.works, scene.alpha, password=PASSWORD)
    scene.begin()
    scene.support.get("/")
    scene.support.send("/seen-as/leave", "/")

    said = {
        name: words(browser_of(scene.app, person).get("/seen-as").text)
        for name, person in (
            ("mette", scene.mette),
            ("boss", scene.boss),
            ("stranger", stranger),
            ("colleague", colleague),
        )
    }
    listed = browser_of(scene.app, scene.mette).client.get("/api/v1/seen-as").json["items"]

    assert "Aisha Rahman saw as you" in said["mette"]
    assert "Aisha Rahman saw as Mette Kragh" in said["boss"]
    assert all(REASON in said[name] for name in ("mette", "boss"))
    assert all(REASON not in said[name] for name in ("stranger", "colleague"))
    assert [(one["reason"], one["page_count"], one["by"]["name"]) for one in listed] == [(REASON, 1, "Aisha Rahman")]


def test_support_begins_from_the_customers_page(scene):
    page = scene.support.get(f"/support/customers/{scene.alpha.id}").text

    offered = [one["href"] for tag, one in parts(page) if one.get("href", "").endswith("/see-as")]

    assert f"/support/customers/{scene.alpha.id}/people/{scene.mette.id}/see-as" in offered


def test_what_the_customer_has_not_sent_yet_is_not_seen(scene):
    mette = browser_of(scene.app, scene.mette)
    files = f"/api/v1/entries/{scene.entry.id}/attachments"
    headers = {"Authorization": f"Bearer {token_of(scene.works, scene.mette)}"}
    sent = scene.app.test_client().post(files, headers=headers, data={"file": (BytesIO(b"begun words"), "begun.txt")})
    scene.begin()

    looks = {
        name: browser.client.get(files).json["items"] for name, browser in (("her", mette), ("eyes", scene.support))
    }

    assert (sent.status_code, len(looks["her"]), looks["eyes"]) == (201, 1, [])
    assert fetch(scene.support, looks["her"][0]["href"])[0] == 404
    assert fetch(mette, looks["her"][0]["href"]) == (200, b"begun words")
