"""What must stand in no log, in no link and behind no lock: secrets, foreign hosts, slow hashes."""

import io
import json
import re
from contextlib import contextmanager

import msgspec
import pytest
import structlog
from argon2 import PasswordHasher
from sqlalchemy import event, text

from statusportal.access.actor import SYSTEM
from statusportal.access.vocabulary import MemberRole, StaffRole
from statusportal.accounts.inviting import invite_person
from statusportal.app import create_app
from statusportal.cli.logs import set_up_logs
from statusportal.db.engine import open_engine, powers_beyond_walls
from statusportal.foundation.errors import Invalid
from statusportal.identity import passwords, signing_in
from statusportal.identity.errors import SignInRefused
from statusportal.passwords import choosing
from tests.factories.accounts import PASSWORD, actor_for, make_actor, make_organisation, make_person
from tests.factories.browsing import Browser

ANN = "ann@example.com"
NEW = "another long walk home"


@pytest.fixture
def alpha(works):
    return make_organisation(works, "alpha")


def invited(works, organisation):
    with works.writing(make_actor(works, organisation, MemberRole.CUSTOMER_ADMIN)) as work:
        return invite_person(work, organisation.id, ANN, "Ann Holm", MemberRole.CUSTOMER)[1]


@pytest.fixture
def written(monkeypatch):
    """Everything that is logged, as production sets it up."""
    stream = io.StringIO()
    monkeypatch.setattr("sys.stderr", stream)
    set_up_logs("info")
    structlog.configure(cache_logger_on_first_use=False)
    yield stream
    structlog.reset_defaults()


def test_unexpected_fault_logs_no_secret_of_the_request(works, alpha, written):
    secret = invited(works, alpha)
    app = create_app(works.settings, works)
    browser = Browser(app)
    address = f"/invitations/{secret}"
    browser.get(address)

    @event.listens_for(works.engine, "before_cursor_execute", retval=True)
    def break_inserts(_connection, _cursor, statement, parameters, _context, _many):
        broken = statement.startswith("INSERT INTO person ")
        return statement.replace(
            "INSERT INTO person ", "INSERT INTO no_such_table "
        ) if broken else statement, parameters

    answer = browser.send("/invitation", address, name="Ann", password="canary walks far away")
    event.remove(works.engine, "before_cursor_execute", break_inserts)

    logged = written.getvalue()
    line = next(one for one in logged.splitlines() if '"unexpected"' in one)
    assert answer.status_code == 500
    assert json.loads(line)["rule"] == "/invitation"
    assert [one for one in (secret, "canary walks far away", ANN, "$argon2") if one in logged] == []


def test_links_begin_with_the_public_address_and_other_hosts_are_refused(works, alpha):
    settings = msgspec.structs.replace(works.settings, public_url="https://status.example.com")
    works.settings = settings
    browser = Browser(create_app(settings, works))
    browser.sign_in(make_person(works, password=PASSWORD, staff_role=StaffRole.ADMIN))

    page = browser.send(
        "/admin/people/invitations",
        "/admin/people",
        email=ANN,
        name="Ann",
        role="customer",
        organisation=str(alpha.id),
    ).text
    poisoned = [
        browser.client.get(path, headers={"Host": host}).status_code
        for host in ("evil.example", "status.example.com.evil.example", "status.example.com@evil.example")
        for path in ("/sign-in", "/api/v1/devices", "/nowhere", "/healthz")
    ]

    assert re.findall(r"https?://[^\"'\s<]*/invitations/", page)[0] == "https://status.example.com/invitations/"
    assert "http://localhost" not in page
    assert poisoned == [400] * 12
    assert browser.client.get("/sign-in", headers={"Host": "status.example.com"}).status_code == 200


def test_no_password_is_hashed_while_the_database_is_locked_for_writing(works, alpha, monkeypatch):
    secret = invited(works, alpha)
    browser = Browser(create_app(works.settings, works))
    opened, writing, held = works.writing, [], []

    @contextmanager
    def noted(actor):
        with opened(actor) as work:
            writing.append(actor)
            yield work
        writing.pop()

    class Noting(PasswordHasher):
        def hash(self, password, **more):
            held.append(len(writing))
            return super().hash(password, **more)

        def verify(self, *hash_and_password):
            held.append(len(writing))
            return super().verify(*hash_and_password)

    monkeypatch.setattr(works, "writing", noted)
    monkeypatch.setattr(passwords, "_hasher", Noting())

    joined = browser.send("/invitation", f"/invitations/{secret}", name="Ann", password=PASSWORD)
    changed = browser.send("/profile/password", "/profile", old=PASSWORD, new=NEW, again=NEW)

    assert (joined.status_code, changed.status_code) == (303, 303)
    assert len(held) >= 4
    assert set(held) == {0}


def test_password_changed_in_between_has_the_last_word(works, alpha):
    person = make_person(works, alpha, password=PASSWORD)
    actor = actor_for(works, person)
    with works.reading(actor) as work:
        late = choosing.prove_change(work, PASSWORD, "the thief's own password")
        entering = signing_in.prove_password(work, person.email, PASSWORD, "127.0.0.1")
    with works.writing(actor) as work:
        choosing.change_password(work, PASSWORD, NEW)

    with pytest.raises(Invalid), works.writing(actor) as work:
        choosing.set_password(work, late)
    with pytest.raises(SignInRefused), works.writing(SYSTEM) as work:
        signing_in.begin_sign_in(work, entering, "", "127.0.0.1")
    with works.reading(SYSTEM) as work:
        assert signing_in.prove_password(work, person.email, NEW, "127.0.0.1").person_id == person.id


def test_role_above_the_walls_is_named(works, settings):
    if works.engine.dialect.name != "postgresql":
        assert powers_beyond_walls(works.engine) == []
        return
    owner = open_engine(settings.database_owner_url)
    superuser = open_engine(settings.database_owner_url.replace("portal_owner", "postgres"))
    with superuser.connect() as connection:
        who = connection.scalar(text("SELECT current_user"))

    found = [powers_beyond_walls(one) for one in (works.engine, owner, superuser)]
    owner.dispose()
    superuser.dispose()

    assert (who, found) == ("postgres", [[], ["owns the tables"], ["is a superuser"]])
