"""The document of the API: valid, complete, true; and whatever is sent to what it names, nothing breaks."""

import json
import re

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from openapi_spec_validator import OpenAPIV31SpecValidator

from statusportal.app import create_app
from statusportal.http.policies import Door, policy_for
from statusportal.profiles.vocabulary import AnyRule
from tests.factories.doors import build_door, filled

UNDOCUMENTED = {"/api/openapi.json", "/api/docs"}
WORDS = st.one_of(st.text(max_size=30), st.sampled_from(["\x00", "<b>", "x" * 25_000, "2026-13-45", "question", "￿"]))
NUMBERS = st.one_of(st.integers(), st.floats(allow_nan=False, allow_infinity=False), st.just(10**400))
ODD = st.recursive(
    st.one_of(st.none(), st.booleans(), NUMBERS, WORDS),
    lambda inner: st.one_of(st.lists(inner, max_size=4), st.dictionaries(WORDS, inner, max_size=4)),
    max_leaves=8,
)


@pytest.fixture
def app(settings, works):
    return create_app(settings, works)


@pytest.fixture
def document(app):
    return app.test_client().get("/api/openapi.json").json


@pytest.fixture
def door(works):
    return build_door(works)


def api_routes(app):
    for rule in app.url_map.iter_rules():
        if rule.rule.startswith("/api/") and rule.rule not in UNDOCUMENTED:
            for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}:
                yield re.sub(r"<(\w+:)?(\w+)>", r"{\2}", rule.rule), method.lower(), rule


def operations(document):
    return {
        (path, method): one
        for path, ones in document["paths"].items()
        for method, one in ones.items()
        if method != "parameters"
    }


def test_document_is_valid(document):
    assert document["openapi"] == "3.1.0"
    assert list(OpenAPIV31SpecValidator(document).iter_errors()) == []


def test_document_names_every_route_and_no_other(app, document):
    assert sorted(operations(document)) == sorted({(path, method) for path, method, _ in api_routes(app)})


def test_every_operation_says_what_it_is_and_how_it_refuses(app, document):
    known = operations(document)

    for path, method, rule in api_routes(app):
        operation, policy = known[path, method], policy_for(app, rule.endpoint, method.upper())
        codes = set(operation["responses"])
        assert operation["summary"].endswith("."), (path, method)
        assert any(code.startswith("2") for code in codes), (path, method)
        assert {"401", "429", "503"} <= codes
        assert ("404" in codes) >= ("{" in path)
        assert ("403" in codes) >= (policy.permission is not None)
        assert (operation.get("security") == []) == (policy.door is Door.PUBLIC)
        keys = [one["name"] for one in operation.get("parameters", []) if one.get("in") == "header"]
        assert ("Idempotency-Key" in keys) == (method == "post")
        for code, answer in operation["responses"].items():
            if code[0] in "45d":
                assert list(answer["content"]) == ["application/problem+json"], (path, method, code)


def test_answers_are_among_those_documented(door):
    document = door.visitor("anonymous").ask("GET", "/api/openapi.json").json
    known, unnamed = operations(document), []

    for path, method, rule in api_routes(door.app):
        for visitor in ("anonymous", "stranger", "customer", "engineer", "machine"):
            for body in ({}, {"json": {}}, {"json": {"x": 1}}, {"data": b"{", "content_type": "application/json"}):
                answer = door.visitor(visitor).ask(method.upper(), filled(rule.rule, door.things), **body)
                if str(answer.status_code) not in known[path, method]["responses"]:
                    unnamed.append((method, path, visitor, answer.status_code))

    assert unnamed == []


@st.composite
def bodies(draw, names):
    """Draw a body whose fields are those that the document names, with odd things in them."""
    return draw(st.one_of(ODD, st.fixed_dictionaries({}, optional=dict.fromkeys(names, ODD))))


def fields_of(document, operation):
    schema = next(iter(operation["requestBody"]["content"].values()))["schema"]
    name = schema.get("$ref", "").rpartition("/")[2]
    return sorted(document["components"]["schemas"].get(name, schema).get("properties", {}))


def test_odd_json_never_breaks_anything(door):
    document = door.visitor("anonymous").ask("GET", "/api/openapi.json").json
    targets = [
        (method.upper(), filled(rule.rule, door.things), fields_of(document, operations(document)[path, method]))
        for path, method, rule in sorted(api_routes(door.app), key=lambda one: one[:2])
        if method in {"post", "patch", "put"} and "requestBody" in operations(document)[path, method]
    ]

    @settings(max_examples=120, deadline=None, database=None, derandomize=True, suppress_health_check=list(HealthCheck))
    @given(data=st.data())
    def poke(data):
        method, address, names = data.draw(st.sampled_from(targets))
        body = json.dumps(data.draw(bodies(names)))
        visitor = "machine" if address.endswith("/telemetry") else data.draw(st.sampled_from(["customer", "engineer"]))
        sent = door.visitor(visitor).ask(method, address, data=body, content_type="application/json")
        assert sent.status_code < 500, (method, address, body[:500])

    poke()
    assert len(targets) >= 5


def size_of(app, address):
    with app.test_client().get(address) as asset:
        return len(asset.data) if asset.status_code == 200 else 0


def test_reader_is_served_from_here(app):
    page = app.test_client().get("/api/docs")

    assert page.status_code == 200
    addresses = re.findall(r'(?:src|href)="([^"]+)"', page.text)
    assert [one for one in addresses if not one.startswith("/")] == []
    assert [size_of(app, one) > 100 for one in addresses] == [True] * len(addresses)
    assert 'data-api-document="/api/openapi.json"' in page.text
    assert "<style" not in page.text


def test_rule_is_one_of_its_kinds_with_the_fields_of_each(document):
    schemas = document["components"]["schemas"]

    kinds = {one["$ref"].rsplit("/", 1)[1] for one in schemas["Rule"]["oneOf"]}
    mapped = {name: ref.rsplit("/", 1)[1] for name, ref in schemas["Rule"]["discriminator"]["mapping"].items()}
    assert mapped == {one.__struct_config__.tag: one.__name__ for one in AnyRule.__args__}
    assert kinds == set(mapped.values())
    for rule in AnyRule.__args__:
        fields = {"kind", *rule.__struct_fields__}
        assert set(schemas[rule.__name__]["properties"]) == fields
    assert schemas["RuleWords"]["properties"]["rule"]["allOf"] == [{"$ref": "#/components/schemas/Rule"}]
