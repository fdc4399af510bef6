"""Which passwords are taken where one is chosen, and what a stolen one leads to."""

import hashlib

import msgspec
import pytest

from statusportal.access.actor import SYSTEM
from statusportal.access.vocabulary import MemberRole
from statusportal.accounts.inviting import invite_person
from statusportal.app import create_app
from statusportal.config import SettingWrong, load_settings
from statusportal.foundation.errors import Invalid
from statusportal.passwords.choosing import change_password, prepare_password
from tests.factories.accounts import PASSWORD, actor_for, make_actor, make_organisation, make_person
from tests.factories.browsing import browser_of, words

STOLEN = "a walk that everybody knows"


@pytest.fixture
def alpha(works):
    return make_organisation(works, "engdal-mejeri")


@pytest.fixture
def mette(works, alpha):
    return make_person(works, alpha, password=PASSWORD, name="Mette Kragh")


@pytest.fixture
def stolen_list(works, tmp_path):
    digests = [hashlib.sha1(word.encode(), usedforsecurity=False).hexdigest() for word in (STOLEN, PASSWORD)]
    path = tmp_path / "stolen.txt"
    path.write_text("".join(f"{digest}:3\n" for digest in sorted(digests)).upper())
    works.settings = msgspec.structs.replace(works.settings, breached_passwords_file=str(path))
    return path


@pytest.mark.parametrize("new", ["EngdalMejeri2026", "mette-kragh-1", "status portal 1"])
def test_names_around_a_person_are_no_password_for_them(works, mette, new):
    with works.writing(actor_for(works, mette)) as work, pytest.raises(Invalid, match="not made of names"):
        change_password(work, PASSWORD, new)


def test_name_of_the_organisation_one_is_invited_into_is_no_password(works, alpha):
    with works.writing(make_actor(works, alpha, MemberRole.CUSTOMER_ADMIN)) as work:
        secret = invite_person(work, alpha.id, "jens@example.com", "Jens", MemberRole.CUSTOMER)[1]

    with works.reading(SYSTEM) as work:
        assert prepare_password(work, secret, "Jens", "a mill by the road").value
        with pytest.raises(Invalid, match="not made of names"):
            prepare_password(work, secret, "Jens", "engdalmejeri!!")


def test_any_sign_is_taken_and_kept_as_it_was_typed(works, settings, mette):
    new = '  dåse: 🥫 & "salt" \t 100 % \' OR 1=1 --  '
    browser = browser_of(create_app(settings, works), mette)

    changed = browser.send("/profile/password", "/profile", old=PASSWORD, new=new, again=new)
    client = create_app(settings, works).test_client()
    tries = [new, new.strip()]
    answers = [client.post("/api/v1/session", json={"email": mette.email, "password": one}) for one in tries]

    assert (changed.status_code, [one.status_code for one in answers]) == (303, [204, 401])


def test_stolen_password_is_not_taken(works, mette, stolen_list):
    with works.writing(actor_for(works, mette)) as work, pytest.raises(Invalid, match="stolen elsewhere"):
        change_password(work, PASSWORD, STOLEN)


def test_who_comes_with_a_stolen_password_is_led_to_another(works, mette, stolen_list):
    app = create_app(works.settings, works)
    browser = browser_of(app, mette)

    entered = browser.sign_in(mette, next_="/search")
    warned = browser.get("/profile").text
    told = browser.get("/api/v1/session").json["is_password_breached"]
    browser.send("/profile/password", "/profile", old=PASSWORD, new="a quite new walk", again="a quite new walk")
    after = browser.get("/profile").text

    assert (entered.location, told) == ("/profile#pw-h", True)
    assert [("Choose a new password now." in words(page)) for page in (warned, after)] == [True, False]
    assert browser.get("/api/v1/session").json["is_password_breached"] is False


def test_who_comes_with_a_good_password_goes_where_they_were_going(works, settings, mette):
    browser = browser_of(create_app(settings, works), mette)

    assert browser.sign_in(mette, next_="/search").location == "/search"
    assert browser.get("/api/v1/session").json["is_password_breached"] is False


def test_list_that_is_not_there_stops_the_start(tmp_path):
    environment = {"STATUSPORTAL_INSTANCE_DIR": str(tmp_path)}

    with pytest.raises(SettingWrong, match="breached_passwords_file"):
        load_settings(environment, breached_passwords_file=str(tmp_path / "gone.txt"))


def test_programs_change_the_password_with_the_present_one(works, settings, mette):
    client = create_app(settings, works).test_client()
    client.post("/api/v1/session", json={"email": mette.email, "password": PASSWORD})
    csrf = {"X-CSRFToken": client.get("/api/v1/session").json["csrf_token"]}

    wrong = client.put("/api/v1/password", json={"old": "not this one, no", "new": "a new walk here"}, headers=csrf)
    weak = client.put("/api/v1/password", json={"old": PASSWORD, "new": "mette-kragh-1"}, headers=csrf)
    right = client.put("/api/v1/password", json={"old": PASSWORD, "new": "a new walk here"}, headers=csrf)
    enters = client.post("/api/v1/session", json={"email": mette.email, "password": "a new walk here"})

    pointers = [[error["pointer"] for error in one.json["errors"]] for one in (wrong, weak)]
    assert (wrong.status_code, weak.status_code, pointers) == (422, 422, [["/old"], ["/new"]])
    assert (right.status_code, enters.status_code) == (204, 204)
