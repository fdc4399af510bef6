"""What is sent to each operation so that whoever holds the right is answered well.

A new operation that needs nothing in its body needs no line here. One that does is reported as uncovered by
tests/matrix/test_cells.py until it has one: an `Act` under its endpoint, with a body for which alpha's people or
staff get a 2xx. Where the permission depends on what is wanted, one line for each.
"""

from collections.abc import Mapping

from statusportal.access.permissions import Permission
from statusportal.http.policies import Reach
from tests.factories.accounts import PASSWORD
from tests.matrix.act import Act
from tests.matrix.custody_acts import CUSTODY_ACTS
from tests.matrix.model_acts import MODEL_ACTS
from tests.matrix.personal_acts import PERSONAL_ACTS

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
_NEW = "another long walk home"
_PASSWORDS = {"old": PASSWORD, "new": _NEW, "again": _NEW}
_NOTHING_SHOWN = {"ceremony": "none", "credential": "{{}}"}
_FILES = {"name": "Files", "options.folder": "/srv/b", "options.format": "csv", "device": "topic[1]"}
_PROVIDER = {"name": "Work", "issuer": "https://127.0.0.1", "client_id": "portal", "scopes": "openid"}
_BY_PROVIDER = "tests/functional/test_provider.py"
_GRANT = {"to": "{guests_home_id}", "rights": "comment"}

_ME_TOO = "tests/functional/test_me_too.py"
_ARTICLES = "tests/functional/test_articles.py"
_MEMBERS = frozenset({"customer/owner", "customer_admin/owner", "customer/author"})
# For whose present machine it is; anybody else's is told as none.
_OWNERS = _MEMBERS | {"scoped/comment", "two/owner"}
_APPLIED = "tests/functional/test_accepted_answers.py"
_TIME = {"from": "2027-02-01T08:00:00Z", "to": "2027-02-01T09:00:00Z"}
_PLAN = {"title": "Oil filter", "kind": "window", **_TIME}
_PLAN_FORM = {"title": "Oil filter", "kind": "window", "from": "2027-02-01T08:00", "to": "2027-02-01T09:00"}
_CONSENT = "tests/functional/test_consent.py"
_PLANNED = "tests/functional/test_maintenance.py"
# A customer proposed the visit.
_OTHER_SIDE = frozenset({"engineer", "support", "expert", "admin"})

# Nobody reacts to their own words.
_OTHERS = frozenset({"customer_admin/owner", "engineer", "support"})

ACTS: Mapping[str, tuple[Act, ...]] = {
    **CUSTODY_ACTS,
    **MODEL_ACTS,
    **PERSONAL_ACTS,
    # Sessions and what is one's own
    "Sessions.sign_in": (Act(json={"email": "{sign_in_email}", "password": PASSWORD}, status=204),),
    "Sessions.sign_out": (Act(status=409, elsewhere="tests/functional/test_session_api.py"),),
    "Sessions.sign_out_everywhere": (Act(status=204),),
    "Sessions.prove": (Act(json={"password": PASSWORD}, status=409, elsewhere="tests/functional/test_proofs.py"),),
    "Sessions.end_one_session": (Act(status=204),),
    "confirming.confirm_now": (Act(form={"password": PASSWORD}),),
    "session.sign_in_now": (Act(form={"email": "{sign_in_email}", "password": PASSWORD}),),
    "session.open_invitation_link": (Act(status=303),),
    "session.invitation": (Act(cookies={"portal_invitation": "{token}"}),),
    "session.accept_invitation": (
        Act(form={"name": "New", "password": _NEW}, cookies={"portal_invitation": "{token}"}),
    ),
    "forgotten.choose": (Act(cookies={"portal_reset": "{secret}"}),),
    "forgotten.set_password": (Act(form={"new": _NEW, "again": _NEW}, cookies={"portal_reset": "{secret}"}),),
    "confirming.confirm_by_passkey": (
        Act(form=_NOTHING_SHOWN, status=422, elsewhere="tests/functional/test_confirming.py"),
    ),
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
    # Conditions
    "Conditions.acknowledge": (Act(status=200),),
    "Conditions.shelve": (Act(json={"until": "{in_a_week}", "reason": "Stocktaking"}, status=200),),
    "Conditions.take_out_of_service": (Act(json={"reason": "Stocktaking"}, status=200),),
    "Conditions.service": (Act(status=409, elsewhere="tests/functional/test_service_done.py"),),
    "devices.service": (Act(status=409, elsewhere="tests/functional/test_service_done.py"),),
    "Conditions.wake": (Act(status=204),),
    "devices.put_to_rest": (Act(form={"length": "hour", "reason": "Stocktaking"}),),
    # Sharing
    "Grants.take_grant_back": (Act(status=204),),
    "Grants.change_one_grant": (Act(json={"rights": ["VIEW"]}),),
    "devices.change_access": (Act(form={"right_COMMENT": "1"}),),
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
    "admin.resend_invitation": (Act(status=201),),
    "Invitations.invite": (
        Act(
            json={"organisation": "{organisation_id}", "email": "n@example.com", "name": "N", "role": "customer"},
            reach=Reach.KNOWN,
        ),
    ),
    "Invitations.withdraw": (Act(status=204),),
    # Single sign-on: a token shows no fresh proof, so what needs one is refused after the right was asked
    "Single sign-on.keep_provider": (
        Act(json={**_PROVIDER, "scopes": ["openid"]}, status=403, elsewhere=_BY_PROVIDER),
    ),
    "Single sign-on.remove_provider": (Act(status=403, elsewhere=_BY_PROVIDER),),
    "Single sign-on.require_provider": (Act(json={"is_required": True}, status=403, elsewhere=_BY_PROVIDER),),
    "Single sign-on.unlink": (Act(status=404, elsewhere=_BY_PROVIDER),),
    "Single sign-on.try_provider": (Act(status=200),),
    "single_sign_on.go": (Act(status=404, elsewhere=_BY_PROVIDER),),
    "single_sign_on.come_back": (Act(status=401, missing=401, elsewhere=_BY_PROVIDER),),
    "single_sign_on.begin_linking": (Act(status=404, elsewhere=_BY_PROVIDER),),
    "single_sign_on.unlink": (Act(status=404, elsewhere=_BY_PROVIDER),),
    "single_sign_on.prove": (Act(status=404, elsewhere=_BY_PROVIDER),),
    "single_sign_on.link": (Act(status=401, elsewhere=_BY_PROVIDER),),
    "single_sign_on.link_now": (Act(status=401, elsewhere=_BY_PROVIDER),),
    "single_sign_on.join": (Act(status=401, elsewhere=_BY_PROVIDER),),
    "single_sign_on.find_elsewhere": (Act(form={"email": "{email}"}, status=200),),
    "admin.keep_provider": (Act(form=_PROVIDER),),
    "admin.try_provider": (Act(status=200),),
    # My data
    "Takeouts.ask_for_takeout": (
        Act("own", json={}, by=frozenset({"customer/owner", "support"}), status=202),
        Act("organisation", json=_ON_OTHERS, asks=Permission.ORGANISATION_EXPORT, reach=Reach.KNOWN, status=202),
    ),
    "Takeouts.takeout_file": (Act(status=409, elsewhere="tests/functional/test_takeouts.py"),),
    "Erasures.withdraw_erasure": (Act(status=204),),
    "Erasures.ask_to_be_erased": (
        Act(json={"own_words": "kept"}, status=403, elsewhere="tests/functional/test_erasing.py"),
    ),
    "Erasures.take_back_erasure": (Act(status=404, elsewhere="tests/functional/test_erasing.py"),),
    "Erasures.order_erasure_of_person": (
        Act(json={"own_words": "kept"}, status=403, elsewhere="tests/functional/test_erasing.py"),
    ),
    "Erasures.order_erasure_of_organisation": (
        Act(json={"own_words": "kept"}, status=403, elsewhere="tests/functional/test_erasing.py"),
    ),
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
    "Consent.ask_for_consent": (Act(json={"audience": "internal"}, status=422, elsewhere=_CONSENT),),
    "Consent.answer_for_owner": (Act(json={"granted": True}, status=409, elsewhere=_CONSENT),),
    "Consent.ask_no_more": (Act(status=409, elsewhere=_CONSENT),),
    "entries.ask_owner": (Act(form={"audience": "internal"}, status=422, elsewhere=_CONSENT),),
    "entries.settle_consent": (Act(form={"answer": "yes"}, status=409, elsewhere=_CONSENT),),
    "entries.choose_audience": (
        Act(form={"audience": "internal"}, status=422, asks=Permission.ENTRY_PUBLISH, elsewhere=_CONSENT),
    ),
    "Community.read_draft": (Act(json={}, status=200),),
    "Community.share": (Act(json={"title": "Why?"}),),
    "Community.take_publication_back": (Act(status=204),),
    "Community.search_shared": (Act(query={"q": "hot"}),),
    "Community.reply": (Act(json={"body": "Words"}),),
    "Community.take_reply_back": (Act(status=204),),
    "community.share_now": (Act(form={"title": "Why?", "body": "", "looked": "1", "act": "share"}),),
    "community.answer": (Act(form={"body": "Words"}),),
    "Comments.say": (
        Act("comments", json={"body": "Words"}),
        Act("updates", json={"body": "Words", "kind": "update"}, asks=Permission.COMMENT_UPDATE),
        Act("inside", json={"body": "Words", "audience": "internal"}, asks=Permission.COMMENT_INTERNAL),
    ),
    "Comments.take_back": (Act(status=204),),
    "Attachments.send_file_here": (Act(files={"file": (b"12:31 flow 1.9", "a.log")}),),
    "Attachments.remove_file": (Act(status=409, elsewhere="tests/functional/test_attachments.py"),),
    "Entries.read_up_to_here": (Act(status=204),),
    "Comments.change_comment": (Act(json={"body": "Other words"}),),
    "Reactions.say_one_word": (Act(by=_OTHERS, status=200),),
    "Reactions.unsay_one_word": (Act(status=204),),
    "entries.react": (Act(by=_OTHERS),),
    "Answers.accept": (Act(status=200),),
    "Answers.unaccept": (Act(status=204),),
    "Answers.apply_fix": (Act(json={"comment": "{comment_id}"}, status=409, elsewhere=_APPLIED),),
    "Answers.take_back": (Act(status=204),),
    "entries.apply": (Act(status=409, elsewhere=_APPLIED),),
    "Entries.doubt": (Act(status=409, elsewhere="tests/functional/test_still_broken.py"),),
    "entries.still_broken": (Act(status=409, elsewhere="tests/functional/test_still_broken.py"),),
    "Me too.say": (Act(json={"device": "{device_id}"}, status=422, elsewhere=_ME_TOO),),
    "Me too.unsay": (Act(json={"device": "{device_id}"}, by=_OWNERS, status=204),),
    "entries.say_me_too_now": (Act(form={"device": "{device_id}"}, status=422, elsewhere=_ME_TOO),),
    "Entries.unread": (Act(status=204),),
    "Entries.read_everything": (Act(status=204),),
    "Writing.preview": (Act(json={"body": "Words"}, status=200),),
    "Writing.save_draft": (Act(json={"body": "Words"}),),
    "Writing.forget_draft": (Act(status=204),),
    "Comments.bring_back": (Act(status=200),),
    "entries.apply_article_here": (Act(form={"article": "{article_id}"}, status=409, elsewhere=_ARTICLES),),
    "Articles.draft": (Act(json={"model": "{model_id}", "title": "Hot", "fix": "Wait."}),),
    "Articles.draft_of_answer": (Act(status=409, elsewhere=_ARTICLES),),
    "Articles.change": (Act(json={"title": "Hot", "fix": "Wait."}, status=200),),
    "Articles.withdraw": (Act(status=204),),
    "Articles.review": (Act(status=409, elsewhere=_ARTICLES),),
    "Articles.publish": (Act(status=409, elsewhere=_ARTICLES),),
    "Articles.tell_outcome": (Act(json={"device": "{device_id}", "outcome": "worked"}, by=_MEMBERS, status=200),),
    "knowledge.draft": (Act(status=409, elsewhere=_ARTICLES),),
    "knowledge.edit_now": (Act(form={"title": "Hot", "fix": "Wait."}),),
    "knowledge.outcome": (Act(form={"device": "{device_id}", "outcome": "worked"}, by=_MEMBERS),),
    "knowledge.review": (Act(status=409, elsewhere=_ARTICLES),),
    "knowledge.publish": (Act(status=409, elsewhere=_ARTICLES),),
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
    # Planned work
    "maintenance.feed": (Act(things={"token": "calendar_token"}),),
    "Maintenance.plan_on_device": (Act(json=_PLAN),),
    "Maintenance.plan_on_group": (Act(json=_PLAN),),
    "Maintenance.plan_on_organisation": (Act(json=_PLAN),),
    "Maintenance.move": (Act(json=_TIME),),
    "Maintenance.cancel": (Act(status=200),),
    "Maintenance.confirm": (Act(status=200, by=_OTHER_SIDE),),
    "Maintenance.finish": (Act(status=409, elsewhere=_PLANNED),),
    "maintenance.confirm": (Act(by=_OTHER_SIDE),),
    "maintenance.finish": (Act(status=409, elsewhere=_PLANNED),),
    "maintenance.plan_on_device": (Act(form=_PLAN_FORM),),
    "maintenance.plan_on_group": (Act(form=_PLAN_FORM),),
    "maintenance.plan_on_organisation": (Act(form=_PLAN_FORM),),
    "maintenance.move": (Act(form={"from": "2027-02-01T08:00", "to": "2027-02-01T09:00"}),),
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
    "Organisations.keep_organisation": (Act(json={"name": "Alpha"}),),
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


def acts_of(endpoint: str) -> tuple[Act, ...]:
    """Return the ways in which an operation is used here."""
    return ACTS.get(endpoint, (NOTHING,))
