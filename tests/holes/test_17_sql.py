"""Class 17: SQL in what is searched, filtered, sorted and paged by.

Seen at Cachet, before any sign-in, and at ShellHub, in the keys of filters. Every reading is asked with each text in
every parameter that it declares.
"""

from statusportal.http.policies import Door
from tests.holes.street import operations, send, visitor

TEXTS = (
    "'",
    '"',
    "')--",
    "1 OR 1=1",
    "'; DROP TABLE person;--",
    "%' UNION SELECT email FROM person--",
    "\\",
    "a\x00b",
    "*:* OR",
)
ALWAYS = ("q", "sort", "cursor", "limit", "kind", "model", "order_by", "fields")


def parameters(world):
    """Return the query parameters of each reading, by the API's own document."""
    document = world.app.test_client().get("/api/openapi.json").json
    return {
        address: [one["name"] for one in ways["get"].get("parameters", []) if one.get("in") == "query"]
        for address, ways in document["paths"].items()
        if "get" in ways
    }


def test_no_text_in_a_query_is_a_part_of_it(world, state):
    declared, wrong, asked = parameters(world), [], 0
    boss = visitor("customer_admin/owner")
    readings = [one for one in operations(world.app) if one.is_reading and one.policy.door is not Door.LINK]

    for operation in readings:
        address = operation.rule.replace("<", "{").replace(">", "}")
        names = declared.get(address, []) or (["q", "cursor"] if operation.is_page and not operation.variables else [])
        for name in names:
            for one in TEXTS:
                asked += 1
                answer = send(world, operation, boss, world.things, query_string={name: one})
                leaked = b"@" in answer.data and b"UNION" in answer.data and b"example" in answer.data
                if answer.status_code >= 500 or (leaked and operation.rule == "/api/v1/search"):
                    wrong.append((operation.name, name, one, answer.status_code))

    assert asked > 300
    # The page of a new passkey begins a challenge each time.
    assert (wrong, set(state.changed_tables()) - {"ceremony"}) == ([], set())


def test_search_for_everything_finds_what_may_be_read_and_no_more(world):
    stranger = visitor("customer_admin/stranger")

    found = [
        world.ask(stranger, "GET", "/api/v1/search", query_string={"q": one}).json.get("total", 0)
        for one in ("hot' OR '1'='1", "hot OR", '"hot" OR *', "hot*", "NEAR(hot)", "title:hot", "hot)--")
    ]

    assert found == [0] * 7
