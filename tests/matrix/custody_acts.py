"""What is sent to groups, transfers, share links, forwardings, and to those who see as a customer."""

from collections.abc import Mapping

from statusportal.http.policies import Reach
from tests.matrix.act import Act
from tests.matrix.visitors import LET_IN, OWN, VISITORS, Relation

_LET_IN = {"to": "guests-home", "right_COMMENT": "1"}
_GRANT = {"to": "guests-home", "rights": ["COMMENT"]}
_OF_GROUP = {"grant_id": "group_grant_id"}
_RECEIVER = {"name": "Kilde", "address": "https://1.1.1.1/", "secret": "a shared secret of ours"}
_RECEIVER_FORM = {
    "organisation": "{organisation_id}",
    "name": "Kilde",
    "address": "https://1.1.1.1/",
    "kind_sample": "1",
}
_ITS_PEOPLE = frozenset(
    one.name for one in VISITORS if one.relation in OWN | LET_IN | {Relation.FORMER, Relation.OPERATOR}
)
_STRANGERS = frozenset(one.name for one in VISITORS) - _ITS_PEOPLE
_LOOK = {"reason": "They asked on the phone.", "minutes": "15"}
_BUYERS = frozenset({"customer_admin/buyer"})
_SELLERS = frozenset({"customer_admin/owner"})
_STAFF = frozenset({"support", "admin"})
# A former owner lets others at their own time only; this body is about the present.
_DECIDERS = _SELLERS | _STAFF | {"customer/guest_all", "customer_admin/guest_all"}

CUSTODY_ACTS: Mapping[str, tuple[Act, ...]] = {
    # Groups
    "Groups.create_group": (Act(json={"organisation": "{organisation_id}", "name": "Air"}, reach=Reach.NAMED),),
    "Groups.rename_group": (Act(json={"name": "Air"}),),
    "Groups.remove_group": (Act(status=204),),
    "Groups.add_device": (Act(status=204),),
    "Groups.take_device": (Act(status=204),),
    "Groups.grant": (Act(json=_GRANT),),
    "Groups.revoke": (Act(things=_OF_GROUP, status=204),),
    "devices.make_group": (Act(form={"organisation": "{organisation_id}", "name": "Air"}, reach=Reach.NAMED),),
    "devices.rename_group": (Act(form={"name": "Air"}),),
    "devices.add_device": (Act(form={"device": "{device_id}"}),),
    "devices.let_at_group": (Act(form=_LET_IN),),
    "devices.end_group_grant": (Act(things=_OF_GROUP),),
    # Grants and transfers
    "Grants.let_in": (Act(json=_GRANT, by=_DECIDERS),),
    "devices.let_in": (Act(form=_LET_IN, by=_DECIDERS),),
    "Transfers.offer": (Act(json={"organisation": "guests-home"}, by=_STAFF),),
    "Transfers.accept": (Act(json={}, by=_BUYERS, status=200),),
    "Transfers.decline": (Act(by=_BUYERS, status=200),),
    "Transfers.withdraw": (Act(by=_SELLERS, status=200),),
    "Transfers.hand_history": (Act(by=_SELLERS, status=200),),
    "Transfers.take_back_history": (Act(by=_SELLERS, status=200),),
    "Transfers.take_history": (Act(by=_BUYERS, status=200),),
    "devices.offer": (
        Act(form={"organisation": "guests-home"}, status=409, elsewhere="tests/functional/test_transfers.py"),
    ),
    "devices.answer": (Act(by=_BUYERS),),
    # Machines' secrets, and erasing, on pages
    "admin.make_claim": (Act(things={"device_id": "stock_id"}, reach=Reach.OPERATOR, status=201),),
    "admin.make_claims": (Act(form={"model": "{model_id}", "serials": "S-1", "handed_as": "screen"}, status=201),),
    "admin.new_certificate": (Act(form={"certificate": "{certificate}", "name": "Line 1"}),),
    "admin.order_person": (Act(form={"own_words": "kept", "sure": "1"}),),
    "admin.order_organisation": (Act(form={"own_words": "kept", "sure": "1"}),),
    # Share links
    "Sharing.end_link": (Act(status=204),),
    "links.make_for_device": (Act(form={"scope": "read"}, status=201),),
    "links.make_for_entry": (Act(form={"scope": "read"}, status=201),),
    "links.make_for_customer": (Act(form={"thing": "device:{device_id}", "scope": "read"}, status=201),),
    "shared.follow": (Act(things={"token": "link_token"}, status=303),),
    "shared.comment": (Act(form={"name": "A guest", "body": "Words"}),),
    # Giving data on
    "Forwardings.begin_forwarding": (Act(json=_RECEIVER),),
    **{f"Forwardings.{one}_forwarding": (Act(status=200),) for one in ("end", "pause", "resume", "retry", "test")},
    "forwardings.begin": (Act(form=_RECEIVER_FORM, reach=Reach.NAMED, status=201),),
    # What a label tells
    "labels.scanned": (Act("its people", by=_ITS_PEOPLE, status=303), Act("strangers", by=_STRANGERS)),
    # Seeing as
    "Seeing_as.begin": (
        Act(
            json={"person": "{person_id}", "organisation": "{organisation_id}", **_LOOK, "minutes": 15},
            reach=Reach.KNOWN,
            status=409,
            elsewhere="tests/functional/test_seen_as.py",
        ),
    ),
    "Seeing_as.leave": (Act(status=204),),
    "seeing.begin_now": (Act(form=_LOOK, status=409, elsewhere="tests/functional/test_seen_as.py"),),
}
