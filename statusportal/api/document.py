"""Complete the OpenAPI document with what holds for every operation, read from the declared policies.

Pure but for the map of routes: who may call, how refusals look, and the key of a safe retry.
"""

import re
from collections.abc import Iterator
from typing import Any

import msgspec
from flask import Flask

from statusportal.http.policies import Door, RoutePolicy, policy_for
from statusportal.profiles.vocabulary import AnyRule

PROBLEM = "application/problem+json"

_PROBLEM_SCHEMA = {
    "type": "object",
    "description": "RFC 9457. `errors` name the wrong fields by JSON pointer.",
    "required": ["type", "title", "status"],
    "properties": {
        "type": {"type": "string"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string"},
        "errors": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["pointer", "detail"],
                "properties": {"pointer": {"type": "string"}, "detail": {"type": "string"}},
            },
        },
        "who_can_grant": {"type": "string", "description": "Roles that hold the right that is lacking."},
        "version": {"type": "integer", "description": "The present version, when If-Match named another."},
    },
}
_RETRY_KEY = {
    "name": "Idempotency-Key",
    "in": "header",
    "required": False,
    "description": "The same key with the same request is carried out once; with another request it is refused.",
    "schema": {"type": "string", "minLength": 1, "maxLength": 200},
}
_WORDS = {
    "400": "The body cannot be read.",
    "401": "No credentials, or none that count.",
    "403": "You see it, but lack this right.",
    "404": "There is no such thing, or none that you may see.",
    "409": "A conflict with what stands, or the same Idempotency-Key with another request.",
    "413": "The body is over the limit.",
    "415": "The body is not of the type that is asked for.",
    "422": "Wrong content; `errors` name the fields.",
    "429": "Over your limit; `Retry-After` says when to come back.",
    "503": "Overloaded; `Retry-After` says when to come back.",
    "default": "Any other refusal.",
}


def completed(document: dict[str, Any], app: Flask) -> dict[str, Any]:
    """Return the document with every operation's refusals, callers and retry key stated."""
    document["components"]["schemas"]["Problem"] = _PROBLEM_SCHEMA
    document["components"]["schemas"] |= _rule_schemas()
    document["components"]["schemas"].pop("Error", None)
    document["components"].pop("responses", None)
    policies = {(path, method): policy for path, method, policy in _policies(app)}
    for path, operations in document["paths"].items():
        for method, operation in operations.items():
            policy = policies.get((path, method))
            if policy is not None:
                _complete(operation, path, method, policy)
    return document


def _rule_schemas() -> dict[str, Any]:
    """Return each kind of rule with its fields, and a rule as one of them, told apart by its `kind`."""
    (rule,), parts = msgspec.json.schema_components([AnyRule], ref_template="#/components/schemas/{name}")
    kinds = {"oneOf": rule["anyOf"], "discriminator": rule["discriminator"]}
    return {**parts, "Rule": {"description": "A rule as profiles write it.", **kinds}}


def _policies(app: Flask) -> Iterator[tuple[str, str, RoutePolicy | None]]:
    for rule in app.url_map.iter_rules():
        path = re.sub(r"<(?:[^:<>]+:)?([^<>]+)>", r"{\1}", rule.rule)
        for method in rule.methods or ():
            if method not in {"HEAD", "OPTIONS"}:
                yield path, method.lower(), policy_for(app, rule.endpoint, method)


def _complete(operation: dict[str, Any], path: str, method: str, policy: RoutePolicy) -> None:
    if policy.door is Door.PUBLIC:
        operation["security"] = []
    elif policy.door is Door.MACHINE:
        operation["security"] = [{"token": []}]
    if method == "post":
        operation.setdefault("parameters", []).append(_RETRY_KEY)
    responses = operation["responses"]
    for status in (*_refusals(operation, path, method, policy), *(one for one in responses if one in _WORDS)):
        words = responses.get(status, {}).get("description") or _WORDS[status]
        schema = {"$ref": "#/components/schemas/Problem"}
        responses[status] = {"description": words, "content": {PROBLEM: {"schema": schema}}}


def _refusals(operation: dict[str, Any], path: str, method: str, policy: RoutePolicy) -> Iterator[str]:
    yield from ("429", "503", "default")
    # Everybody's token is looked at, and so is a person's who comes by cookie to a public door.
    yield "401"
    if policy.permission is not None or method != "get":
        yield "403"
    if "{" in path:
        yield "404"
    if method != "get":
        yield from ("400", "409")
    if "requestBody" in operation:
        yield from ("413", "415", "422")
