"""Class 20: a door that is closed at `/profile` and open at `//profile`.

Seen at Home Assistant and Grafana. Every reading route that is not public is asked by nobody, in every spelling, and
with the rule's own text in place of an id.
"""

from urllib.parse import unquote

from statusportal.http.policies import Door
from tests.holes.street import operations

TRICKS = (
    "/{}",
    "//{}",
    "/./{}",
    "/x/../{}",
    "/{};a=b",
    "/{}/",
    "/{}%2f",
    "/{}.",
    "/{}%00",
    "/{}%20",
    "/%2e/{}",
    "/static/../{}",
    "/static/..%2f{}",
    "/{}/.",
    "/{}..;/",
    "/{}?x=/healthz",
    "/healthz/../{}",
    "/sign-in%2f..%2f{}",
)
# The serial as it is shown, in a page and in JSON: a random token may hold its three signs.
CANARIES = (b"Why so hot?", b">A-1<", b'"A-1"', b"Nobody answers.")


def raw(world, address):
    """Ask for a path exactly as it stands; the client itself would read a host into two slashes."""
    path, _, query = address.partition("?")
    surroundings = {"PATH_INFO": unquote(path), "REQUEST_URI": address, "QUERY_STRING": query}
    return world.app.test_client().get("/", environ_overrides=surroundings)


def test_no_spelling_opens_a_closed_door(world):
    opened = []

    closed = [one for one in operations(world.app) if one.is_reading and one.policy.door is not Door.PUBLIC]
    for operation in closed:
        there = operation.rule
        for name in operation.variables:
            there = there.replace(f"<{name}>", world.things[name])
        template = operation.rule.replace("<", "{").replace(">", "}")
        for rule in {there, operation.rule, template, there.upper(), there.replace("/", "//")}:
            for trick in TRICKS:
                answer = raw(world, trick.format(rule.lstrip("/")))
                is_open = answer.status_code == 200 and operation.rule != "/"
                if is_open or answer.status_code >= 500 or any(one in answer.data for one in CANARIES):
                    opened.append((trick, rule, answer.status_code))

    assert len(closed) > 40
    assert opened == []


def test_no_folder_of_the_machine_is_served(world):
    addresses = (
        "/static/",
        "/static/build/",
        "/static/../app.py",
        "/static/..%2f..%2fapp.py",
        "/static/%2e%2e/%2e%2e/config.py",
        "/static/....//app.py",
        "/static/build/..\\..\\app.py",
        "/static//etc/passwd",
        "/.git/HEAD",
        "/.env",
        "/instance/config.toml",
        "/console",
        "/static/build/%00",
    )

    answers = {one: raw(world, one).status_code for one in addresses}

    assert {one: status for one, status in answers.items() if status not in {303, 308, 404}} == {}
