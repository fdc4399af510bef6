"""Support: a customer found by any word of theirs, their page, and a link that survives the sign-in."""

from datetime import timedelta

import pytest

from statusportal.access.actor import SYSTEM
from statusportal.access.vocabulary import MemberRole, StaffRole
from statusportal.accounts.vocabulary import OrganisationKind
from statusportal.app import create_app
from statusportal.audit.models import AuditRecord
from statusportal.entries.service import publish_entry
from statusportal.entries.vocabulary import EntryKind
from statusportal.foundation.vocabulary import Health
from statusportal.status.models import DeviceStatus
from tests.factories.accounts import PASSWORD, actor_for, make_organisation, make_person
from tests.factories.browsing import Browser, browser_of, parts, words
from tests.factories.fleet import make_device, make_transfer
from tests.factories.queries import counted_queries

CANARY = "<img src=x onerror=alert(1)>"


@pytest.fixture
def app(settings, works):
    return create_app(settings, works)


@pytest.fixture
def alpha(works):
    return make_organisation(works, "alpha")


@pytest.fixture
def beta(works):
    return make_organisation(works, "beta")


@pytest.fixture
def aisha(works):
    return make_person(works, staff_role=StaffRole.SUPPORT, password=PASSWORD, name="Aisha Rahman")


@pytest.fixture
def browser(app, aisha):
    return browser_of(app, aisha)


def set_health(works, device, health):
    now = works.clock.now()
    with works.writing(SYSTEM) as work:
        work.session.add(
            DeviceStatus(
                device_id=device.id,
                health=health,
                last_health=health,
                connectivity="online",
                health_since=now,
                connectivity_since=now,
                reason={"key": "normal", "args": {}, "en": "", "da": ""},
            )
        )


def ask(works, device, title="Why is it hot?"):
    with works.writing(actor_for(works, make_person(works, staff_role=StaffRole.ENGINEER))) as work:
        return publish_entry(work, device.id, EntryKind.FIELD_UPDATE, title, "Since the morning.")


def found(html):
    links = [one["href"] for tag, one in parts(html) if tag == "a" and "/support/customers/" in one.get("href", "")]
    return [link.rpartition("/")[2] for link in links]


def test_customers_are_listed_worst_first_and_the_operator_is_none(browser, works, alpha, beta):
    make_organisation(works, "operator", OrganisationKind.OPERATOR)
    calm = make_organisation(works, "aardvark")
    set_health(works, make_device(works, alpha), Health.OFF_SPEC)
    set_health(works, make_device(works, beta), Health.FAILURE)

    html = browser.get("/support/customers").text

    assert found(html) == [str(beta.id), str(alpha.id), str(calm.id)]


def test_customers_as_bad_as_each_other_stand_by_who_waits_longest(browser, works, alpha, beta):
    ask(works, make_device(works, beta))
    works.clock.move(timedelta(hours=1))
    ask(works, make_device(works, alpha))

    assert found(browser.get("/support/customers").text) == [str(beta.id), str(alpha.id)]


@pytest.mark.parametrize("q", ["alph", "ALPHA", "kragh", "mette@example", "PL86-09", "cold room"])
def test_customer_is_found_by_name_person_address_serial_or_device(browser, works, alpha, beta, q):
    make_person(works, alpha, name="Mette Kragh", email="mette@example.com")
    make_person(works, beta, name="Bent Bo", email="bent@example.com")
    make_device(works, alpha, "PL86-0931", name="Cold room")
    make_device(works, beta, "BR37-2210", name="Press")

    assert found(browser.get("/support/customers", query_string={"q": q}).text) == [str(alpha.id)]


def test_customer_is_not_found_by_a_device_they_sold(browser, works, alpha, beta):
    device = make_device(works, alpha, "PL86-0931")
    works.clock.move(timedelta(days=1))
    make_transfer(works, device, beta)

    assert found(browser.get("/support/customers?q=PL86-0931").text) == [str(beta.id)]


def test_wildcards_and_control_signs_in_a_search_are_plain_signs(browser, works, alpha):
    texts = ["%25", "_", "%00", "alp%00ha"]

    assert [found(browser.get(f"/support/customers?q={text}").text) for text in texts] == [
        [],
        [],
        [str(alpha.id)],
        [str(alpha.id)],
    ]


def test_customer_page_shows_devices_worst_first_open_entries_and_people(browser, works, alpha, beta):
    calm, bad = make_device(works, alpha, name="A calm one"), make_device(works, alpha, name="Z bad one")
    set_health(works, calm, Health.NORMAL)
    set_health(works, bad, Health.FAILURE)
    entry = ask(works, bad)
    ask(works, make_device(works, beta), "Another customer's trouble")
    make_person(works, alpha, name="Mette Kragh")

    html = browser.get(f"/support/customers/{alpha.id}").text

    page = words(html)
    copied = [one["data-copy"] for tag, one in parts(html) if "data-copy" in one]
    assert page.index("Z bad one") < page.index("A calm one")
    assert copied == [f"http://localhost/support/customers/{alpha.id}", f"http://localhost/entries/{entry.id}"]
    assert "Mette Kragh" in page
    assert "2 machines, 1 not as they should be." in page
    assert "Another customer" not in page


def test_opening_a_customer_page_is_in_the_log(browser, works, aisha, alpha):
    browser.get(f"/support/customers/{alpha.id}")

    with works.reading(SYSTEM) as work:
        rows = work.session.query(AuditRecord).filter_by(act="customer.opened").all()
    assert [(row.actor_id, row.organisation_id) for row in rows] == [(aisha.id, alpha.id)]


def test_customers_are_closed_to_customers_and_to_who_only_reads_demand(app, works, alpha, beta):
    mette = make_person(works, alpha, MemberRole.CUSTOMER_ADMIN, password=PASSWORD)
    product = make_person(works, staff_role=StaffRole.PRODUCT, password=PASSWORD)

    for person, of_beta in ((mette, 404), (product, 403)):
        browser = browser_of(app, person)
        codes = [browser.get(f"/support/customers{path}").status_code for path in ("", f"/{alpha.id}", f"/{beta.id}")]
        assert codes == [403, 403, of_beta]


def test_page_of_the_operator_or_of_nobody_is_not_found(browser, works):
    operator = make_organisation(works, "operator", OrganisationKind.OPERATOR)

    codes = [browser.get(f"/support/customers/{one}").status_code for one in (operator.id, "none")]

    assert codes == [404, 404]


@pytest.mark.parametrize("page", ["entries/{entry}", "devices/{device}", "devices/{device}?days=7&signal=a%20b"])
def test_copied_link_survives_the_sign_in(app, works, alpha, page):
    device = make_device(works, alpha, name="Cold room")
    mette = make_person(works, alpha, password=PASSWORD)
    address = "/" + page.format(entry=ask(works, device).id, device=device.id)
    browser = Browser(app)

    sent_away = browser.get(address)
    form = browser.get(sent_away.location).text
    kept = next(one["value"] for tag, one in parts(form) if tag == "input" and one.get("name") == "next")
    signed_in = browser.sign_in(mette, kept)
    arrived = browser.get(signed_in.location)

    assert sent_away.status_code == 303
    assert sent_away.location.startswith("/sign-in?next=")
    assert signed_in.location == address
    assert arrived.status_code == 200
    assert "Cold room" in words(arrived.text)


@pytest.mark.parametrize(
    "foreign", ["https://evil.example/", "//evil.example", "/\\evil.example", "javascript:alert(1)"]
)
def test_link_that_leads_elsewhere_is_not_followed(app, works, alpha, foreign):
    mette = make_person(works, alpha, password=PASSWORD)

    assert Browser(app).sign_in(mette, foreign).location == "/"


def test_names_with_markup_are_shown_as_text(browser, works, alpha):
    device = make_device(works, alpha, name=CANARY)
    ask(works, device, CANARY)
    make_person(works, alpha, name=CANARY)

    html = browser.get(f"/support/customers/{alpha.id}").text

    assert [tag for tag, one in parts(html) if "onerror" in one] == []
    assert words(html).count(CANARY) == 4


def test_support_pages_run_the_same_queries_for_one_and_for_three(browser, works, alpha):
    counts = []
    for number in range(2):
        set_health(works, make_device(works, alpha), Health.FAILURE)
        ask(works, make_device(works, alpha))
        make_person(works, alpha)
        with counted_queries(works) as customers:
            browser.get("/support/customers")
        with counted_queries(works) as customer:
            browser.get(f"/support/customers/{alpha.id}")
        counts.append((len(customers), len(customer)))
        make_organisation(works, f"more-{number}")
        make_organisation(works, f"most-{number}")

    assert counts == [(6, 11), (6, 11)]


def test_customers_are_paged_without_loss(browser, works):
    made = {str(make_organisation(works, f"customer-{number:02}").id) for number in range(53)}

    first = browser.get("/support/customers").text
    following = next(one["href"] for tag, one in parts(first) if one.get("rel") == "next")
    second = browser.get(following).text

    assert (len(found(first)), len(found(second))) == (50, 3)
    assert {*found(first), *found(second)} == made


def test_name_that_a_former_owner_gave_is_not_told_on_after_the_hand_over(works, clock, browser, alpha):
    device = make_device(works, alpha, "S-77", name="Old owner's pride")
    with works.writing(SYSTEM) as work:
        work.session.get(type(device), device.id).words_until = clock.now()

    page = browser.get(f"/support/customers/{alpha.id}").text

    assert ("Old owner&#39;s pride" in page, "pride" in page, "S-77" in page) == (False, False, True)
    assert str(alpha.id) not in browser.get("/support/customers?q=pride").text
