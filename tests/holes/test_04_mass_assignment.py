"""Class 4: fields that nobody asked for: `role`, `organisation_id`, `author_id`, `is_system`.

Seen at ThingsBoard and Zulip. To every JSON body of the API each column of every table is added; each must be refused
by its own name.
"""

import re

from statusportal.db.base import Base
from tests.holes.street import changing
from tests.matrix.act import filled
from tests.matrix.cells import send


def columns():
    return {column.name for table in Base.metadata.tables.values() for column in table.columns}


def test_column_that_is_no_field_is_refused_and_changes_nothing(world, state):
    taken, asked = [], 0

    for operation, visitor in changing(world):
        body = filled(operation.act.json, world.things)
        if not isinstance(body, dict) or operation.endpoint.startswith("Telemetry in."):
            continue
        unasked = dict.fromkeys(columns() - known_fields(world, operation), "1")
        asked += len(unasked)
        answer = send(world, operation, visitor, world.things, json={**body, **unasked})
        refused = {one["pointer"].lstrip("/") for one in answer.json.get("errors", [])}
        changed = state.changed_tables()
        if answer.status_code != 422 or changed or not unasked.keys() <= refused:
            taken.append((operation.name, sorted(unasked.keys() - refused), answer.status_code, changed))
        state.go_on()

    assert asked > 500
    assert taken == []


def known_fields(world, operation):
    """Return the fields of an operation's body by the API's own document."""
    document = world.app.test_client().get("/api/openapi.json").json
    address = re.sub(r"<(?:\w+:)?(\w+)>", r"{\1}", operation.rule)
    content = document["paths"][address][operation.method.lower()]["requestBody"]["content"]
    schema = content["application/json"]["schema"]
    if "$ref" in schema:
        schema = document["components"]["schemas"][schema["$ref"].rsplit("/", 1)[1]]
    return set(schema["properties"])
