"""Class 25: secrets in logs, traces, error pages and metrics, and lines that input forges in a log.

Seen at Sentry and Nextcloud. Canary secrets are sent wherever a secret may stand, rightly and wrongly, while all that
is logged is kept.
"""

import io
import logging

import pytest
import structlog

from statusportal.cli.logs import set_up_logs
from tests.factories.accounts import PASSWORD
from tests.holes.street import changing, operations, send
from tests.matrix.act import filled


@pytest.fixture
def logged(monkeypatch):
    """Everything that is logged, as production sets it up, at its most talkative."""
    stream = io.StringIO()
    monkeypatch.setattr("sys.stderr", stream)
    set_up_logs("debug")
    handler = logging.StreamHandler(stream)
    logging.getLogger().addHandler(handler)
    structlog.configure(cache_logger_on_first_use=False)
    yield stream
    logging.getLogger().removeHandler(handler)
    structlog.reset_defaults()


def canaries(world):
    """Return the secrets that open something here, by what they are."""
    return {
        **{f"token of {name}": secret for name, secret in world.tokens.items()},
        "password": PASSWORD,
        "invitation": world.things["token"],
        "claim": world.things["claim_secret"],
        "secret key": world.works.settings.secret_key,
        "connections key": world.works.settings.connections_key,
    }


def test_no_secret_stands_in_an_address_or_a_log(world, logged):
    secrets = canaries(world)
    client = world.app.test_client()

    for operation, who in changing(world):
        send(world, operation, who, world.things)
        wrong = filled(operation.act.json or operation.act.form or {}, world.things)
        way = "json" if operation.act.json is not None else "data"
        send(world, operation, who, world.things, **{way: {**wrong, "oops": PASSWORD}})
    for name, secret in secrets.items():
        client.get("/api/v1/session", headers={"Authorization": f"Bearer {secret}x"})
        client.get(f"/nowhere/{secret}", headers={"Cookie": f"portal={secret}"})
        logging.getLogger("somebody").debug("asked as %s", name)
    told = {
        operation.rule: send(world, operation, who, world.things).text
        for operation in operations(world.app)
        for _, who in [next(changing(world))]
        if operation.rule in {"/metrics", "/readyz", "/api/openapi.json"}
    }

    assert len(secrets) > 12
    assert [name for name, secret in secrets.items() if secret in logged.getvalue()] == []
    assert [(rule, name) for rule, text in told.items() for name, secret in secrets.items() if secret in text] == []


def test_line_break_in_input_makes_no_line_in_the_log(world, logged):
    forged = 'x\n{"event": "forged", "level": "info"}\r\nforged'

    for operation, who in changing(world):
        body = filled(operation.act.json or operation.act.form, world.things)
        if isinstance(body, dict):
            way = "json" if operation.act.json is not None else "data"
            send(world, operation, who, world.things, **{way: dict.fromkeys(body, forged)})
    world.app.test_client().get("/sign-in", headers={"User-Agent": forged.replace("\n", " ").replace("\r", " ")})

    lines = logged.getvalue().splitlines()
    assert [line for line in lines if line.startswith(('{"event": "forged"', "forged"))] == []
