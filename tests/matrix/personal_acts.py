"""What is sent to the ways in, and to what belongs to a person alone: their tokens, their keys, their password."""

from collections.abc import Mapping

from statusportal.http.policies import Reach
from tests.factories.accounts import PASSWORD
from tests.matrix.act import Act

_NEW = "another long walk home"
_CLOSELY = {"level": "watching"}
_NOTHING_SHOWN = {"ceremony": "none", "credential": {}}

PERSONAL_ACTS: Mapping[str, tuple[Act, ...]] = {
    # Ways in
    "Forgotten.ask_for_letter": (Act(json={"email": "{email}"}, status=202),),
    "Forgotten.choose_password": (Act(json={"secret": "{secret}", "password": _NEW}, status=204),),
    "forgotten.ask": (Act(form={"email": "{email}"}, status=200),),
    "forgotten.open_link": (Act(status=303),),
    "second_step.second_step": (Act(status=303),),
    "Invitations.accept": (Act(json={"secret": "{token}", "name": "New", "password": _NEW}, status=204),),
    "Second proofs.begin_showing": (Act(),),
    "Second proofs.show_passkey": (
        Act(json=_NOTHING_SHOWN, status=409, elsewhere="tests/functional/test_passkeys.py"),
    ),
    "second_step.enter_by_passkey": (
        Act(form={"ceremony": "none", "credential": "{{}}"}, status=401, elsewhere="tests/functional/test_passkeys.py"),
    ),
    # What is one's own
    "Follows.follow_device": (Act(json=_CLOSELY, status=200),),
    "Follows.follow_entry": (Act(json=_CLOSELY, status=200),),
    "Follows.follow_model": (Act(json=_CLOSELY, status=200),),
    "Follows.unfollow_device": (Act(status=204),),
    "Follows.unfollow_entry": (Act(status=204),),
    "Follows.unfollow_model": (Act(status=204),),
    "News.read_all": (Act(status=204),),
    "News.stop_in_one_step": (Act(status=204),),
    "news.choose_level": (Act(form={"kind": "entry", "id": "{entry_id}", "level": "muted"}, reach=Reach.ROW),),
    "news.stop_now": (Act(status=200),),
    "Sessions.change_password": (Act(json={"old": PASSWORD, "new": _NEW}, status=204),),
    "Tokens.make_token": (Act(json={"name": "Script"}, status=403, elsewhere="tests/functional/test_tokens.py"),),
    "Tokens.revoke_token": (Act(status=204),),
    "tokens.make_token": (Act(form={"name": "Script", "expires": "30"}),),
    "Second proofs.begin_app": (Act(status=403, elsewhere="tests/functional/test_second_proof.py"),),
    "Second proofs.new_codes": (Act(status=403, elsewhere="tests/functional/test_second_proof.py"),),
    "Second proofs.begin_passkey": (Act(status=403, elsewhere="tests/functional/test_passkeys.py"),),
    "proofs.add_app": (Act(status=303),),
    "proofs.new_passkey": (Act(status=303),),
    "my_data.erase": (Act(form={"taken": "1", "own_words": "kept"}, status=303),),
    "my_data.fetch": (Act(status=409, elsewhere="tests/functional/test_takeouts.py"),),
    "Second proofs.confirm_app": (
        Act(json={"code": "000000"}, status=403, elsewhere="tests/functional/test_second_proof.py"),
    ),
    "Second proofs.add_passkey": (
        Act(json={**_NOTHING_SHOWN, "name": "Key"}, status=409, elsewhere="tests/functional/test_passkeys.py"),
    ),
    "Second proofs.rename_passkey": (Act(json={"name": "Key"}, status=204),),
    "Second proofs.remove_passkey": (Act(status=403, elsewhere="tests/functional/test_passkeys.py"),),
    "Second proofs.remove_app": (Act(status=403, elsewhere="tests/functional/test_second_proof.py"),),
    "proofs.confirm_app": (Act(form={"code": "000000"}),),
    "proofs.add_passkey": (Act(form={"ceremony": "none", "credential": "{{}}", "name": "Key"}),),
    "proofs.change_passkey": (Act(form={"do": "rename", "name": "Key"}),),
    # Others' proofs
    "Second proofs.ask": (Act(json={"is_asked": True}, status=403, elsewhere="tests/functional/test_second_proof.py"),),
    "Second proofs.reset": (Act(status=403, elsewhere="tests/functional/test_second_proof.py"),),
}
