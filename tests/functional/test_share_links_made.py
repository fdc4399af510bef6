"""Share links are made by support and owners, told once, listed with what became of them, and ended by either."""

from datetime import timedelta

import msgspec
import pytest

from statusportal.access.actor import SYSTEM
from statusportal.access.vocabulary import MemberRole, Right, StaffRole
from statusportal.accounts.models import SafeRetry
from statusportal.app import create_app
from statusportal.audit.models import AuditRecord
from statusportal.entries.service import publish_entry
from statusportal.entries.vocabulary import Audience, EntryKind
from statusportal.sharing.models import ShareLink
from tests.factories.accounts import actor_for, make_organisation, make_person, make_staff
from tests.factories.doors import Visitor, token_of
from tests.factories.fleet import make_device, make_grant, make_transfer
from tests.factories.links import guest_of, make_link
from tests.factories.steady import bodies

DAY = timedelta(days=1)


@pytest.fixture
def app(settings, works):
    works.settings = msgspec.structs.replace(works.settings, requests_per_minute=0)
    return create_app(settings, works)


@pytest.fixture
def alpha(works):
    return make_organisation(works, "alpha")


@pytest.fixture
def device(works, alpha):
    return make_device(works, alpha, "PL86-0931", name="Freezer")


@pytest.fixture
def mette(works, alpha):
    return make_person(works, alpha, MemberRole.CUSTOMER_ADMIN, name="Mette Kragh")


@pytest.fixture
def aisha(works):
    return make_person(works, staff_role=StaffRole.SUPPORT, name="Aisha Rahman")


@pytest.fixture
def entry(works, device, mette):
    return ask(works, mette, device)


def ask(works, person, device, title="Why so warm?", audience=None):
    with works.writing(actor_for(works, person)) as work:
        return publish_entry(work, device.id, EntryKind.QUESTION, title, "", audience)


def visitor(app, works, person):
    return Visitor(app.test_client(), token_of(works, person))


def until(works, lasts=7 * DAY):
    return (works.clock.now() + lasts).isoformat()


def make(app, works, person, path, **changes):
    body = {"expires_at": until(works), "scope": "read", **changes}
    return visitor(app, works, person).ask("POST", f"/api/v1/{path}/share-links", json=body)


def test_link_is_told_once_and_kept_as_a_digest(app, works, mette, entry):
    answer = make(app, works, mette, f"entries/{entry.id}", scope="comment", to="Søren Holm")

    made = answer.json
    again = visitor(app, works, mette).ask("GET", answer.headers["Location"]).json
    token = made["address"].removeprefix("http://localhost/s/")
    with works.reading(SYSTEM) as work:
        row = work.session.query(ShareLink).one()
    assert answer.status_code == 201
    assert len(token) > 40
    assert again == {name: value for name, value in made.items() if name != "address"}
    assert {name: made[name] for name in ("scope", "state", "to", "made_by", "opened_count", "entry", "device")} == {
        "scope": "comment",
        "state": "open",
        "to": "Søren Holm",
        "made_by": "Mette Kragh",
        "opened_count": 0,
        "entry": {"id": str(entry.id), "title": "Why so warm?"},
        "device": {"id": str(entry.device_id), "name": "Freezer"},
    }
    assert token not in repr(row.__dict__)


def test_kept_answer_of_a_safe_retry_holds_no_token(app, works, mette, entry):
    asker = visitor(app, works, mette)
    headers = {"Authorization": f"Bearer {asker.token}", "Idempotency-Key": "once"}
    body = {"expires_at": until(works), "scope": "read"}

    first, second = (
        asker.client.post(f"/api/v1/entries/{entry.id}/share-links", json=body, headers=headers) for _time in range(2)
    )

    with works.reading(SYSTEM) as work:
        kept = work.session.query(SafeRetry).one()
        links = work.session.query(ShareLink).count()
    assert (first.status_code, second.status_code, links) == (201, 409, 1)
    assert (kept.body, kept.headers) == ("", {})


@pytest.mark.parametrize(
    ("role", "status"),
    [
        (MemberRole.CUSTOMER, 403),
        (MemberRole.CUSTOMER_ADMIN, 201),
        (StaffRole.ENGINEER, 403),
        (StaffRole.SUPPORT, 201),
        (StaffRole.EXPERT, 403),
        (StaffRole.PRODUCT, 403),
        (StaffRole.ADMIN, 201),
    ],
)
def test_support_and_owners_make_links_and_others_do_not(app, works, alpha, device, entry, role, status):
    person = make_staff(works, role) if isinstance(role, StaffRole) else make_person(works, alpha, role)

    codes = [make(app, works, person, path).status_code for path in (f"devices/{device.id}", f"entries/{entry.id}")]

    with works.reading(SYSTEM) as work:
        assert work.session.query(ShareLink).count() == (2 if status == 201 else 0)
    assert codes == [status, status]


@pytest.mark.parametrize(
    ("rights", "status"), [(Right.VIEW, 403), (Right.COMMENT | Right.EXPORT, 403), (Right.MANAGE, 201)]
)
def test_grantee_makes_links_with_the_right_to_manage_alone(app, works, device, rights, status):
    gamma = make_organisation(works, "gamma")
    guest = make_person(works, gamma)
    make_grant(works, device, gamma, rights)

    assert make(app, works, guest, f"devices/{device.id}").status_code == status


def test_stranger_and_who_asks_for_nothing_there_is_are_told_the_same(app, works, alpha, device, entry):
    stranger = make_person(works, make_organisation(works, "beta"), MemberRole.CUSTOMER_ADMIN)

    answers = [
        make(app, works, stranger, path)
        for path in (f"devices/{device.id}", f"devices/{alpha.id}", f"entries/{entry.id}", f"entries/{alpha.id}")
    ]

    assert {answer.status_code for answer in answers} == {404}
    assert len(bodies(*answers)) == 1


def test_wrong_times_and_scopes_are_named(app, works, mette, entry):
    path = f"entries/{entry.id}"
    asked = [
        {"expires_at": until(works, -DAY)},
        {"expires_at": until(works, 91 * DAY)},
        {"expires_at": "tomorrow"},
        {"scope": "write"},
        {"to": "x" * 121},
        {"to": "two\nlines"},
        {"organisation_id": str(entry.organisation_id)},
        {"expires_at": None},
    ]

    answers = [make(app, works, mette, path, **one) for one in asked]
    without = visitor(app, works, mette).ask("POST", f"/api/v1/{path}/share-links", json={"scope": "read"})

    named = [answer.json["errors"][0]["pointer"] for answer in [*answers, without]]
    assert {answer.status_code for answer in [*answers, without]} == {422}
    assert named == [
        "/expires_at",
        "/expires_at",
        "/expires_at",
        "/scope",
        "/to",
        "/to",
        "/organisation_id",
        "/expires_at",
        "/expires_at",
    ]


def test_internal_entry_and_one_of_a_former_time_have_no_link(app, works, aisha, mette, device, entry):
    engineer = make_staff(works)
    with works.writing(actor_for(works, engineer)) as work:
        internal = publish_entry(
            work, device.id, EntryKind.FIELD_UPDATE, "Bad batch", "Do not tell.", audience=Audience.INTERNAL
        )
    of_internal = make(app, works, aisha, f"entries/{internal.id}")
    works.clock.move(DAY)
    make_transfer(works, device, make_organisation(works, "beta"))

    of_seller = make(app, works, mette, f"entries/{entry.id}")
    of_support = make(app, works, aisha, f"entries/{entry.id}")
    of_sellers_device = make(app, works, mette, f"devices/{device.id}")

    assert [one.status_code for one in (of_internal, of_seller, of_support, of_sellers_device)] == [409, 403, 409, 403]


def test_owner_sees_and_ends_what_support_made_on_their_device(app, works, mette, aisha, device, entry):
    other = make_device(works, make_organisation(works, "beta"))
    make_link(works, actor_for(works, aisha), device, to_name="Trykluft Vest")
    make_link(works, actor_for(works, aisha), entry)
    foreign, _ = make_link(works, actor_for(works, aisha), other)
    owner = visitor(app, works, mette)

    listed = owner.ask("GET", f"/api/v1/devices/{device.id}/share-links").json["items"]
    of_all = owner.ask("GET", f"/api/v1/organisations/{entry.organisation_id}/share-links").json["items"]
    of_entry = owner.ask("GET", f"/api/v1/entries/{entry.id}/share-links").json["items"]
    ended = owner.ask("DELETE", f"/api/v1/share-links/{listed[1]['id']}")
    of_foreign = owner.ask("DELETE", f"/api/v1/share-links/{foreign.id}")
    after = owner.ask("GET", f"/api/v1/devices/{device.id}/share-links").json["items"]

    assert [(one["to"], one["made_by"], one["state"]) for one in listed] == [
        ("", "Aisha Rahman", "open"),
        ("Trykluft Vest", "Aisha Rahman", "open"),
    ]
    assert of_all == listed
    assert of_entry == [listed[0]]
    assert (ended.status_code, of_foreign.status_code) == (204, 404)
    assert [one["state"] for one in after] == ["open", "revoked"]


def test_use_is_counted_and_stands_in_the_log(app, works, mette, entry):
    link, token = make_link(works, actor_for(works, mette), entry)
    first_at = works.clock.now()
    guest_of(app, token)
    works.clock.move(DAY)
    guest_of(app, token)

    seen = visitor(app, works, mette).ask("GET", f"/api/v1/share-links/{link.id}").json

    with works.reading(SYSTEM) as work:
        rows = work.session.query(AuditRecord).filter(AuditRecord.act.startswith("link.")).order_by(AuditRecord.id)
        log = [(row.act, row.actor_kind, row.actor_id, row.organisation_id) for row in rows]
    assert (seen["opened_count"], seen["first_opened_at"][:10], seen["last_opened_at"][:10]) == (
        2,
        first_at.date().isoformat(),
        (first_at + DAY).date().isoformat(),
    )
    assert log == [
        ("link.made", "person", mette.id, entry.organisation_id),
        ("link.opened", "link", link.id, entry.organisation_id),
        ("link.opened", "link", link.id, entry.organisation_id),
    ]
    assert token not in repr(log)


def test_grantee_lists_their_own_links_only(app, works, mette, device):
    gamma = make_organisation(works, "gamma")
    guest = make_person(works, gamma)
    make_grant(works, device, gamma, Right.MANAGE)
    make_link(works, actor_for(works, mette), device, to_name="the owner's")
    make_link(works, actor_for(works, guest), device, to_name="the guest's")

    listed = visitor(app, works, guest).ask("GET", f"/api/v1/devices/{device.id}/share-links").json["items"]

    assert [one["to"] for one in listed] == ["the guest's"]


def test_links_are_paged_without_loss(app, works, mette, device):
    for number in range(5):
        make_link(works, actor_for(works, mette), device, to_name=str(number))
    reader = visitor(app, works, mette)
    path = f"/api/v1/devices/{device.id}/share-links"

    first = reader.ask("GET", f"{path}?limit=3").json
    second = reader.ask("GET", f"{path}?limit=3&cursor={first['next']}").json

    assert [one["to"] for one in first["items"] + second["items"]] == ["4", "3", "2", "1", "0"]
    assert second["next"] is None
