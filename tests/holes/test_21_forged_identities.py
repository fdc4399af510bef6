"""Class 21: identities that others can make: a key that every installation shares, or that is too short to be one.

Seen at ThingsBoard, whose signing key came with it, and at Sentry.
"""

import pytest
from flask.sessions import SecureCookieSessionInterface

from statusportal.app import create_app
from statusportal.config import SettingWrong, load_settings

KEYS = ("secret_key", "audit_key", "connections_key", "proofs_key")


def test_two_installations_share_no_key(tmp_path):
    one, other = (load_settings({"STATUSPORTAL_INSTANCE_DIR": str(tmp_path / name)}) for name in ("one", "other"))

    assert [len(getattr(one, name)) >= 32 for name in KEYS] == [True] * 4
    assert [name for name in KEYS if getattr(one, name) == getattr(other, name)] == []
    assert len({getattr(one, name) for name in KEYS}) == 4


@pytest.mark.parametrize("name", ["secret_key", "audit_key"])
@pytest.mark.parametrize("value", ["change-me", "thingsboardDefaultSigningKey", "x" * 31, " "])
def test_short_key_stops_the_start(tmp_path, name, value):
    environment = {"STATUSPORTAL_INSTANCE_DIR": str(tmp_path), f"STATUSPORTAL_{name.upper()}": value}

    with pytest.raises(SettingWrong) as refused:
        load_settings(environment)

    assert name in str(refused.value)


def test_cookie_signed_elsewhere_is_nobodys(world, tmp_path):
    """Who one is stands in no signed cookie at all; what is signed by another key says nothing here."""
    other = create_app(load_settings({"STATUSPORTAL_INSTANCE_DIR": str(tmp_path)}))
    person = str(world.people["admin"].id)
    forged = (
        SecureCookieSessionInterface().get_signing_serializer(other).dumps({"_user_id": person, "person_id": person})
    )
    own = (
        SecureCookieSessionInterface()
        .get_signing_serializer(world.app)
        .dumps({"_user_id": person, "person_id": person})
    )

    for cookie in (forged, own):
        client = world.app.test_client()
        client.set_cookie("session", cookie)
        client.set_cookie("portal", cookie)
        assert client.get("/api/v1/session").status_code == 401
        assert client.get("/admin/people").status_code == 303
