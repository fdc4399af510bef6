"""The administrator's people: who is listed for whom, inviting from link to sign-in, roles, and shutting out."""

import pytest

from statusportal.access.actor import SYSTEM
from statusportal.access.vocabulary import MemberRole, StaffRole
from statusportal.accounts.models import Membership, Person
from statusportal.accounts.vocabulary import OrganisationKind
from statusportal.app import create_app
from tests.factories.accounts import PASSWORD, make_organisation, make_person
from tests.factories.browsing import Browser, browser_of, parts, shown_secret, words
from tests.factories.queries import counted_queries

CANARY = "<img src=x onerror=alert(1)>\"'>"


@pytest.fixture
def app(settings, works):
    return create_app(settings, works)


@pytest.fixture
def alpha(works):
    return make_organisation(works, "alpha")


@pytest.fixture
def beta(works):
    return make_organisation(works, "beta")


def staff(works, role=StaffRole.ADMIN, name="Aisha Rahman"):
    return make_person(works, staff_role=role, password=PASSWORD, name=name)


def member(works, organisation, role=MemberRole.CUSTOMER_ADMIN, name="Mette Kragh"):
    return make_person(works, organisation, role, password=PASSWORD, name=name)


def listed(html):
    return sorted(one["aria-label"].removeprefix("Change: ") for tag, one in parts(html) if "Change: " in str(one))


def test_people_of_staff_are_all(app, works, alpha, beta):
    admin = staff(works)
    member(works, alpha, name="Mette Kragh")
    member(works, beta, name="Bent Bo")

    html = browser_of(app, admin).get("/admin/people").text

    assert listed(html) == ["Aisha Rahman", "Bent Bo", "Mette Kragh"]


def test_people_of_a_customer_administrator_are_their_organisations_alone(app, works, alpha, beta):
    mette = member(works, alpha)
    member(works, alpha, MemberRole.CUSTOMER, "Kim Dahl")
    bent = member(works, beta, name="Bent Bo")
    staff(works)

    browser = browser_of(app, mette)
    html = browser.get("/admin/people").text
    searched = browser.get("/admin/people?q=Bent").text
    narrowed = browser.get(f"/admin/people?organisation={beta.id}").text

    assert listed(html) == ["Kim Dahl", "Mette Kragh"]
    assert (listed(searched), listed(narrowed)) == ([], [])
    assert [text for text in (bent.email, "Beta", "Aisha") if text in html + searched + narrowed] == []


def test_people_of_who_administers_one_of_two_organisations_are_of_that_one(app, works, alpha, beta):
    mette = member(works, alpha)
    with works.writing(SYSTEM) as work:
        work.session.add(Membership(organisation_id=beta.id, person_id=mette.id, role="customer", created_at=work.now))
    bent = member(works, beta, name="Bent Bo")

    browser = browser_of(app, mette)

    assert listed(browser.get("/admin/people").text) == ["Mette Kragh"]
    assert "Beta" not in words(browser.get(f"/admin/people/{mette.id}").text).partition("Organisations")[2][:400]
    assert browser.get(f"/admin/people/{bent.id}").status_code == 403


def test_person_of_another_organisation_looks_like_a_missing_one(app, works, alpha, beta):
    browser = browser_of(app, member(works, alpha))
    bent = member(works, beta, name="Bent Bo")

    foreign = browser.get(f"/admin/people/{bent.id}")
    missing = browser.get(f"/admin/people/{alpha.id}")
    garbled = browser.get("/admin/people/none")

    assert [one.status_code for one in (foreign, missing, garbled)] == [404, 404, 404]
    assert "Bent" not in foreign.text


def test_people_are_closed_to_a_plain_customer_and_lead_a_stranger_to_sign_in(app, works, alpha):
    kim = member(works, alpha, MemberRole.CUSTOMER, "Kim Dahl")
    mette = member(works, alpha)

    browser = browser_of(app, kim)
    stranger = Browser(app).get("/admin/people?q=x")

    assert browser.get("/admin/people").status_code == 403
    assert browser.get(f"/admin/people/{mette.id}").status_code == 403
    assert (
        browser.send("/admin/people/invitations", email="x@example.com", name="X", role="customer").status_code == 403
    )
    assert (stranger.status_code, stranger.location) == (303, "/sign-in?next=/admin/people?q%3Dx")


def test_invitation_leads_from_its_link_to_a_member_who_is_signed_in(app, works, alpha):
    browser = browser_of(app, member(works, alpha))

    invited = browser.send(
        "/admin/people/invitations",
        email="Jens@Example.com",
        name="Jens Bach",
        organisation=str(alpha.id),
        role="customer",
    )
    link = shown_secret(invited.text)
    jens = Browser(app)
    opened = jens.get(link)
    welcome = jens.get(opened.location)
    joined = jens.send("/invitation", link, name="Jens Bach", password="seven red boats in a row")

    assert invited.status_code == 201
    assert (opened.status_code, opened.location) == (303, "/invitation")
    assert "Alpha" in words(welcome.text)
    assert joined.status_code == 303
    assert jens.get("/profile").status_code == 200
    assert listed(browser.get("/admin/people").text) == ["Jens Bach", "Mette Kragh"]
    assert Browser(app).get(link).status_code == 404


def test_link_of_an_invitation_is_shown_once(app, works, alpha):
    browser = browser_of(app, member(works, alpha))

    invited = browser.send(
        "/admin/people/invitations", email="jens@example.com", name="Jens", organisation=str(alpha.id), role="customer"
    )
    secret = shown_secret(invited.text).rpartition("/")[2]
    later = browser.get("/admin/people")

    assert "jens@example.com" in later.text
    assert secret not in later.text
    assert [name for name, value in invited.headers if secret in value] == []


def test_invitation_taken_back_opens_nothing(app, works, alpha):
    browser = browser_of(app, member(works, alpha))
    invited = browser.send(
        "/admin/people/invitations", email="jens@example.com", name="Jens", organisation=str(alpha.id), role="customer"
    )
    form = next(one["action"] for tag, one in parts(invited.text) if one.get("action", "").endswith("/withdraw"))

    browser.send(form)

    assert Browser(app).get(shown_secret(invited.text)).status_code == 404
    assert "jens@example.com" not in browser.get("/admin/people").text


def test_invitation_into_another_organisation_is_as_if_it_were_missing(app, works, alpha, beta):
    browser = browser_of(app, member(works, alpha))

    answer = browser.send(
        "/admin/people/invitations", email="x@example.com", name="X", organisation=str(beta.id), role="customer_admin"
    )

    assert answer.status_code == 404
    with works.reading(SYSTEM) as work:
        assert work.session.query(Person).filter_by(email="x@example.com").count() == 0


@pytest.mark.parametrize("role", [StaffRole.SUPPORT, MemberRole.CUSTOMER_ADMIN])
def test_invitation_of_staff_is_for_who_administers_staff(app, works, alpha, role):
    make_organisation(works, "operator", OrganisationKind.OPERATOR)
    person = staff(works, role) if isinstance(role, StaffRole) else member(works, alpha, role)

    browser = browser_of(app, person)
    page = browser.get("/admin/people")
    answer = browser.send("/admin/people/invitations", email="x@example.com", name="X", role="admin")

    assert 'value="admin"' not in page.text
    assert answer.status_code == 403


def test_invitation_with_bad_fields_says_so_at_each_and_keeps_what_was_typed(app, works, alpha):
    browser = browser_of(app, member(works, alpha))

    answer = browser.send(
        "/admin/people/invitations", email="no address", name=" ", organisation=str(alpha.id), role="customer"
    )

    marked = sorted(one["id"] for tag, one in parts(answer.text) if one.get("aria-invalid") == "true")
    assert answer.status_code == 422
    assert marked == ["f-email", "f-name"]
    assert 'value="no address"' in answer.text


def test_role_in_the_organisation_is_changed_and_ended(app, works, alpha):
    kim = member(works, alpha, MemberRole.CUSTOMER, "Kim Dahl")
    browser = browser_of(app, member(works, alpha))
    address = f"/admin/people/{kim.id}/memberships"

    raised = browser.send(address, organisation=str(alpha.id), role="customer_admin", do="save")
    with works.reading(SYSTEM) as work:
        role = work.session.get(Membership, (alpha.id, kim.id)).role
    ended = browser.send(address, organisation=str(alpha.id), do="remove")

    assert (raised.status_code, role) == (303, "customer_admin")
    assert (ended.status_code, ended.location) == (303, "/admin/people")
    assert listed(browser.get("/admin/people").text) == ["Mette Kragh"]


def test_role_elsewhere_is_not_for_a_customer_administrator_to_give(app, works, alpha, beta):
    kim = member(works, alpha, MemberRole.CUSTOMER, "Kim Dahl")
    bent = member(works, beta, MemberRole.CUSTOMER, name="Bent Bo")
    browser = browser_of(app, member(works, alpha))

    into_beta = browser.send(f"/admin/people/{kim.id}/memberships", organisation=str(beta.id), role="customer_admin")
    out_of_beta = browser.send(f"/admin/people/{bent.id}/memberships", organisation=str(beta.id), do="remove")
    foreigner = browser.send(f"/admin/people/{bent.id}/memberships", organisation=str(alpha.id), role="customer")
    as_staff = browser.send(f"/admin/people/{kim.id}", role="admin", is_active="1")

    assert [one.status_code for one in (into_beta, out_of_beta, foreigner, as_staff)] == [404, 404, 404, 403]
    with works.reading(SYSTEM) as work:
        held = {
            (str(row.person_id), row.role) for row in work.session.query(Membership).filter_by(organisation_id=beta.id)
        }
        assert held == {(str(bent.id), "customer")}
        assert work.session.get(Person, kim.id).staff_role is None


def test_disabled_person_is_signed_out_and_stays_out_until_enabled(app, works, alpha):
    kim = member(works, alpha, MemberRole.CUSTOMER, "Kim Dahl")
    theirs, browser = browser_of(app, kim), browser_of(app, staff(works))

    before = theirs.get("/profile").status_code
    browser.send(f"/admin/people/{kim.id}", role="")
    after = theirs.get("/profile").status_code
    refused = theirs.sign_in(kim).status_code
    browser.send(f"/admin/people/{kim.id}", role="", is_active="1")
    again = theirs.sign_in(kim).status_code

    assert (before, after, refused, again) == (200, 303, 401, 303)


def test_session_ended_by_an_administrator_ends(app, works, alpha):
    kim = member(works, alpha, MemberRole.CUSTOMER, "Kim Dahl")
    theirs, browser = browser_of(app, kim), browser_of(app, staff(works))
    page = browser.get(f"/admin/people/{kim.id}").text
    ends = [one["action"] for tag, one in parts(page) if "/sessions/" in one.get("action", "")]
    ends = [one for one in ends if not one.endswith("/sessions/end")]

    browser.send(ends[0])

    assert len(ends) == 1
    assert theirs.get("/profile").status_code == 303


def test_administrator_cannot_lock_themselves_out(app, works):
    admin = staff(works)
    browser = browser_of(app, admin)

    answer = browser.send(f"/admin/people/{admin.id}", role="")

    assert answer.status_code == 409
    assert "Ask another administrator" in words(answer.text)
    assert browser.get("/admin/people").status_code == 200


def test_name_with_markup_is_shown_as_text(app, works, alpha):
    kim = member(works, alpha, MemberRole.CUSTOMER, CANARY)
    browser = browser_of(app, staff(works))

    pages = [browser.get(address).text for address in ("/admin/people", f"/admin/people/{kim.id}", "/admin/audit")]

    assert [tag for html in pages for tag, one in parts(html) if "onerror" in one] == []
    assert [CANARY.replace('"', "") in words(html).replace('"', "") for html in pages] == [True, True, True]


def test_people_list_runs_the_same_queries_for_one_and_for_three(app, works, alpha):
    browser = browser_of(app, member(works, alpha))

    with counted_queries(works) as one:
        browser.get("/admin/people")
    for name in ("Kim Dahl", "Bo Bak"):
        member(works, alpha, MemberRole.CUSTOMER, name)
    with counted_queries(works) as three:
        browser.get("/admin/people")

    assert (len(one), len(three)) == (12, 12)


def test_people_are_paged(app, works, alpha):
    browser = browser_of(app, member(works, alpha, name="Aa Aa"))
    for number in range(55):
        make_person(works, alpha, name=f"Person {number:02}")

    first = browser.get("/admin/people").text
    following = next(one["href"] for tag, one in parts(first) if one.get("rel") == "next")
    second = browser.get(following).text

    assert listed(first) == ["Aa Aa", *(f"Person {number:02}" for number in range(49))]
    assert listed(second) == [f"Person {number:02}" for number in range(49, 55)]
