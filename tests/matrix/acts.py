"""What is sent to each operation so that whoever holds the right is answered well.

A new operation that needs nothing in its body needs no line here. One that does is reported as uncovered by
tests/functional/test_matrix.py until it has one: an `Act` under its endpoint, with a body for which alpha's people or
staff get a 2xx. Where the permission depends on what is wanted, one line for each.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from statusportal.access.permissions import Permission
from statusportal.http.policies import Reach
from tests.factories.accounts import PASSWORD

Body = Mapping[str, object]


@dataclass(frozen=True, slots=True)
class Act:
    """One way to use an operation.

    `json` or `form` is the body; `{name}` in its texts stands for the thing of that name. `asks` is the permission for
    what this body wants, one of those that the route declares; `reach` is said where the thing stands in the body.
    `status` is the answer to who may, where it is not the usual one: 200 to a reading, 303 to a form, 201 to a POST of
    the API. `by` names the visitors whose body it is, where others who may would be told that it is a wrong one.
    `things` names another thing for a variable of the address: `{"device_id": "stock_id"}`.
    """

    name: str = ""
    json: object = None
    form: Body | None = None
    query: Mapping[str, str] = field(default_factory=dict)
    asks: Permission | None = None
    reach: Reach | None = None
    is_authors: bool = False
    by: frozenset[str] | None = None
    things: Mapping[str, str] = field(default_factory=dict)
    status: int | None = None


NOTHING = Act()
_WORDS = {"name": "Oven", "site": "Hall 1", "firmware": "", "installed_on": ""}
_SIGNAL = {"name": "pressure", "unit": "bar", "label_en": "Pressure", "kind": "number", "version": "{model_version}"}
_LIMIT = {
    "signal": "temperature",
    "code": "too_hot",
    "side": "high",
    "threshold": "90",
    "health": "off_spec",
    "version": "{model_version}",
}
_MODEL = {"name": "Oven", "description": "", "expected_interval_s": "60", "version": "{model_version}"}
_ON_OTHERS = {"organisation": "{organisation_id}"}
_PASSWORDS = {"old": PASSWORD, "new": "another long walk home", "again": "another long walk home"}
_FILES = {"name": "Files", "options.folder": "/srv/b", "options.format": "csv", "device": "topic[1]"}
_PROVIDER = {"name": "Work", "issuer": "https://127.0.0.1", "client_id": "portal", "scopes": "openid"}
_GRANT = {"to": "{guests_home_id}", "rights": "view"}

ACTS: Mapping[str, tuple[Act, ...]] = {
    # Sessions and what is one's own
    "Sessions.sign_in": (Act(json={"email": "{email}", "password": PASSWORD}, status=204),),
    "Sessions.sign_out": (Act(status=409),),
    "Sessions.sign_out_everywhere": (Act(status=204),),
    "Sessions.prove": (Act(json={"password": PASSWORD}, status=409),),
    "Sessions.end_one_session": (Act(status=204),),
    "confirming.confirm_now": (Act(form={"password": PASSWORD}),),
    "session.sign_in_now": (Act(form={"email": "{email}", "password": PASSWORD}),),
    "session.open_invitation_link": (Act(status=303),),
    "preferences.language": (Act(form={"locale": "da"}),),
    "preferences.theme": (Act(form={"theme": "dark"}),),
    "preferences.organisation": (Act(form=_ON_OTHERS),),
    "profile.change_profile": (Act(form={"name": "Ann", "locale": "da", "theme": "dark", "timezone": "UTC"}),),
    "profile.change_password": (Act(form=_PASSWORDS),),
    # Telemetry
    "Telemetry in.take_telemetry": (
        Act("a device", json={"temperature": 21.5}, by=frozenset({"device", "foreign_device"}), status=200),
        Act(
            "a gateway", json={"device": "A-1", "values": {"temperature": 21.5}}, by=frozenset({"gateway"}), status=200
        ),
    ),
    "Telemetry.samples": (Act(query={"signal": "temperature"}),),
    # Sharing
    "Grants.take_grant_back": (Act(status=204),),
    "Sharing inside.change_sharing": (Act(json={"mode": "all"}),),
    "Sharing inside.place": (Act(json={"organisation": "{guests_home_id}"}, reach=Reach.ANYBODY),),
    "admin.share_inside": (Act(form={"mode": "all"}),),
    "admin.place": (Act(form={"parent": "{guests_home_id}"}, reach=Reach.ANYBODY),),
    "Sharing inside.free": (Act(status=204, reach=Reach.ANYBODY),),
    "Sharing inside.confide": (Act(status=204),),
    "Sharing inside.show_again": (Act(status=204),),
    "Sharing.make_entry_link": (Act(json={"expires_at": "{in_a_week}"}),),
    "Sharing.make_device_link": (Act(json={"expires_at": "{in_a_week}"}),),
    "devices.confide": (Act(form={"state": "kept"}),),
    "devices.share_inside": (Act(form={"mode": "all"}),),
    # Machines' secrets
    "Credentials.give_to_device": (Act(json={"name": "Spare"}),),
    "Credentials.give_to_gateway": (Act(json={"name": "Spare"}),),
    "Credentials.rotate": (Act(json={}),),
    "Credentials.revoke": (Act(status=204),),
    "admin.rotate_credential": (Act(status=201),),
    "admin.choose_minimum": (Act(form={"level": "nothing"}),),
    "claiming.claim_now": (Act(form={"secret": "{claim_secret}"}),),
    # People
    "People.give_role": (Act(json={"role": "customer"}, status=204),),
    "People.take_out": (Act(status=204),),
    "People.end_sessions": (Act(status=204, reach=Reach.ANYBODY),),
    "People.end_session": (Act(status=204, reach=Reach.ANYBODY),),
    "admin.end_sessions": (Act(reach=Reach.ANYBODY),),
    "admin.reset_password": (Act(status=201),),
    "admin.resend_invitation": (Act(status=201),),
    "Invitations.invite": (
        Act(
            json={"organisation": "{organisation_id}", "email": "n@example.com", "name": "N", "role": "customer"},
            reach=Reach.KNOWN,
        ),
    ),
    "Invitations.withdraw": (Act(status=204),),
    # Single sign-on: a token shows no fresh proof, so what needs one is refused after the right was asked
    "Single sign-on.keep_provider": (Act(json={**_PROVIDER, "scopes": ["openid"]}, status=403),),
    "Single sign-on.remove_provider": (Act(status=403),),
    "Single sign-on.require_provider": (Act(json={"is_required": True}, status=403),),
    "Single sign-on.unlink": (Act(status=404),),
    "Single sign-on.try_provider": (Act(status=200),),
    "admin.keep_provider": (Act(form=_PROVIDER),),
    "admin.try_provider": (Act(status=200),),
    # My data
    "Takeouts.ask_for_takeout": (
        Act("own", json={}, by=frozenset({"customer/owner", "support"}), status=202),
        Act("organisation", json=_ON_OTHERS, asks=Permission.ORGANISATION_EXPORT, reach=Reach.KNOWN, status=202),
    ),
    "Takeouts.takeout_file": (Act(status=409),),
    "Erasures.ask_to_be_erased": (Act(json={"own_words": "kept"}, status=403),),
    "Erasures.take_back_erasure": (Act(status=404),),
    "Erasures.order_erasure_of_person": (Act(json={"own_words": "kept"}, status=403),),
    "Erasures.order_erasure_of_organisation": (Act(json={"own_words": "kept"}, status=403),),
    # Claims and labels
    "Claims.claim_with_secret": (Act(json={"secret": "{claim_secret}"}),),
    "Claims.make_secret": (Act(json={}, things={"device_id": "stock_id"}, reach=Reach.OPERATOR),),
    "Claims.make_secrets": (Act(json={"model": "oven", "serials": ["S-1"]}),),
    "Claims.revoke_secret": (Act(status=204),),
    "Labels.choose_minimum": (Act(json={"level": "nothing"}),),
    # Talking
    "Entries.publish": (
        Act("asks", json={"kind": "question", "title": "Why?"}),
        Act("publishes", json={"kind": "field_update", "title": "Seen to"}, asks=Permission.ENTRY_PUBLISH),
    ),
    "Entries.change_entry": (
        Act("acknowledges", json={"lifecycle": "acknowledged"}, asks=Permission.ENTRY_ACKNOWLEDGE),
        Act("moves", json={"lifecycle": "resolved"}, asks=Permission.ENTRY_MOVE),
        Act("rewords", json={"title": "Why?"}, is_authors=True),
    ),
    "Comments.say": (
        Act("comments", json={"body": "Words"}),
        Act("updates", json={"body": "Words", "kind": "update"}, asks=Permission.COMMENT_UPDATE),
        Act("inside", json={"body": "Words", "audience": "internal"}, asks=Permission.COMMENT_INTERNAL),
    ),
    "Comments.take_back": (Act(status=204),),
    "Entries.read_up_to_here": (Act(status=204),),
    "Comments.change_comment": (Act(json={"body": "Other words"}),),
    "entries.ask_now": (Act(form={"title": "Why?", "body": ""}),),
    "entries.comment": (Act(form={"body": "Words"}),),
    "entries.edit_comment_now": (Act(form={"body": "Other words"}),),
    "entries.edit_entry_now": (Act(form={"title": "Why?", "body": ""}),),
    "entries.lifecycle": (
        Act("acknowledges", form={"lifecycle": "acknowledged"}, asks=Permission.ENTRY_ACKNOWLEDGE),
        Act("moves", form={"lifecycle": "resolved"}, asks=Permission.ENTRY_MOVE),
    ),
    "search.search": (Act(query={"q": "hot"}),),
    "Search.search_all": (Act(query={"q": "hot"}),),
    # Administration
    "admin.home": (Act(status=303),),
    "admin.change_device": (Act(form=_WORDS),),
    "admin.create_device": (Act(form={**_ON_OTHERS, "model": "{model_id}", "serial": "A-9"}),),
    "admin.transfer": (Act(form={"organisation": "{guests_home_id}"}),),
    "admin.grant": (Act(form=_GRANT),),
    "admin.new_credential": (Act(form={"name": "Spare"}, status=201),),
    "admin.new_gateway_credential": (Act(form={**_ON_OTHERS, "name": "Spare"}, reach=Reach.NAMED, status=201),),
    "admin.create_model": (Act(form={"slug": "press", "name": "Press"}),),
    "admin.change_model": (Act(form=_MODEL),),
    "admin.new_signal": (Act(form=_SIGNAL),),
    "admin.signal": (Act(form={**_SIGNAL, "name": "temperature"}),),
    "admin.limit": (Act(form=_LIMIT),),
    "admin.create_organisation": (Act(form={"slug": "epsilon", "name": "Epsilon"}),),
    "admin.change_organisation": (Act(form={"name": "Alpha", "time_zone": "UTC"}),),
    "admin.ask_for_second_proof": (Act(form={"do": "ask"}),),
    "admin.change_person": (Act(form={"role": ""}),),
    "admin.change_membership": (Act(form={**_ON_OTHERS, "role": "customer"}, reach=Reach.KNOWN),),
    "admin.invite": (
        Act(
            form={**_ON_OTHERS, "email": "newer@example.com", "name": "Newer", "role": "customer"},
            reach=Reach.KNOWN,
            status=201,
        ),
    ),
    "admin.new_connection_post": (Act(query={"adapter": "files"}, form={**_ON_OTHERS, **_FILES}),),
    "admin.change_connection": (Act(form=_FILES),),
    "admin.test_connection": (Act(query={"adapter": "files"}, form={**_ON_OTHERS, **_FILES}, status=200),),
    "admin.run_connection": (Act(form={"do": "stop"}),),
}


# Families that are declared and drawn, and whose cells nobody asks here yet: each of their tests stands by itself.
AWAITED = {
    "Erasures.withdraw_erasure": "tests/functional/test_erasing_pages.py",
    "Conditions.acknowledge": "tests/functional/test_conditions.py",
    "Conditions.shelve": "tests/functional/test_conditions.py",
    "Conditions.take_out_of_service": "tests/functional/test_conditions.py",
    "Conditions.wake": "tests/functional/test_conditions.py",
    "devices.acknowledge": "tests/functional/test_conditions.py",
    "devices.put_to_rest": "tests/functional/test_conditions.py",
    "devices.wake": "tests/functional/test_conditions.py",
    "Forgotten": "tests/functional/test_forgotten.py",
    "Forwardings": "tests/functional/test_forwarding.py",
    "Grants.change_one_grant": "tests/functional/test_access_pages.py",
    "Grants.let_in": "tests/functional/test_grants_api.py",
    "Groups": "tests/functional/test_grants_api.py",
    "Invitations.accept": "tests/functional/test_people_api.py",
    "Second proofs": "tests/functional/test_second_proof.py",
    "Seeing_as": "tests/functional/test_seen_as.py",
    "Sessions.change_password": "tests/functional/test_session_api.py",
    "Sharing.end_link": "tests/functional/test_share_links_made.py",
    "Sharing.read_link": "tests/functional/test_share_links_made.py",
    "Tokens": "tests/functional/test_tokens.py",
    "Transfers": "tests/functional/test_transfers.py",
    "admin.erase_organisation": "tests/functional/test_erasing_pages.py",
    "admin.erase_person": "tests/functional/test_erasing_pages.py",
    "admin.order_organisation": "tests/functional/test_erasing_pages.py",
    "admin.order_person": "tests/functional/test_erasing_pages.py",
    "admin.withdraw_erasure": "tests/functional/test_erasing_pages.py",
    "admin.make_claim": "tests/functional/test_claiming.py",
    "admin.make_claims": "tests/functional/test_claiming.py",
    "admin.new_certificate": "tests/functional/test_client_certificates.py",
    "devices.access": "tests/functional/test_grants_api.py",
    "devices.answer": "tests/functional/test_transfers.py",
    "devices.change_access": "tests/functional/test_access_pages.py",
    "devices.let_in": "tests/functional/test_grants_api.py",
    "devices.add_device": "tests/functional/test_grants_api.py",
    "devices.end_group_grant": "tests/functional/test_grants_api.py",
    "devices.group": "tests/functional/test_grants_api.py",
    "devices.let_at_group": "tests/functional/test_grants_api.py",
    "devices.make_group": "tests/functional/test_grants_api.py",
    "devices.remove_group": "tests/functional/test_grants_api.py",
    "devices.rename_group": "tests/functional/test_grants_api.py",
    "devices.take_device": "tests/functional/test_grants_api.py",
    "devices.offer": "tests/functional/test_transfers.py",
    "devices.transfer": "tests/functional/test_transfers.py",
    "confirming.confirm_by_passkey": "tests/functional/test_confirming.py",
    "forgotten": "tests/functional/test_forgotten.py",
    "forwardings": "tests/functional/test_forwarding_pages.py",
    "labels": "tests/functional/test_labels.py",
    "links": "tests/functional/test_share_links_pages.py",
    "my_data.erase": "tests/functional/test_erasing.py",
    "my_data.fetch": "tests/functional/test_takeouts.py",
    "proofs": "tests/functional/test_second_proof.py",
    "single_sign_on": "tests/functional/test_single_sign_on.py",
    "second_step": "tests/functional/test_second_proof.py",
    "seeing": "tests/functional/test_seen_as.py",
    "session.accept_invitation": "tests/functional/test_accounts.py",
    "session.invitation": "tests/functional/test_accounts.py",
    "shared": "tests/functional/test_share_links_opened.py",
    "tokens": "tests/functional/test_tokens.py",
}


def is_awaited(endpoint: str) -> bool:
    """Tell whether an operation, or its whole family, is not asked yet."""
    return endpoint in AWAITED or endpoint.rpartition(".")[0] in AWAITED


def acts_of(endpoint: str) -> tuple[Act, ...]:
    """Return the ways in which an operation is used here."""
    return ACTS.get(endpoint, (NOTHING,))


def filled(value: object, things: Mapping[str, str]) -> object:
    """Put the ids of things into every text of a body."""
    if isinstance(value, str):
        return value.format_map(things) if "{" in value else value
    if isinstance(value, Mapping):
        return {key: filled(one, things) for key, one in value.items()}
    return [filled(one, things) for one in value] if isinstance(value, list) else value
