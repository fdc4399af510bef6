"""What matters is in the audit log, in words: verbs that write record an act or say why not; every act is worded."""

import ast
import re

from statusportal.web import audit_words
from tests.architecture.test_verbs import is_verb_file
from tests.architecture.tree import PORTAL, dotted, parsed, python_files, read, room_files

RECORDS = {"record_act", "record_act_of_device"}
WRITES = {"add", "add_all", "delete", "merge", "insert", "update"}
ACT = re.compile(r"[a-z_]+(?:\.[a-z_]+)+")
# The log itself, and what knows no actor.
OUTSIDE = (
    "statusportal/audit/",
    "statusportal/passage/",
    "statusportal/search/",
    "statusportal/status/",
    "statusportal/telemetry/",
)

# Verbs that write and record nothing, with the reason.
UNRECORDED = {
    "accounts/inviting.py:seal_invitation": "a part of the letter of an invitation that was recorded",
    "accounts/service.py:choose_preferences": "one's own language and light",
    "claims/service.py:withdraw_open_secrets": "a part of taking over and of handing over, which record it",
    "connections/reporting.py:forget_unknown_serials": "a list of the portal's own making is emptied",
    "connections/reporting.py:report_progress": "what a running connection tells of itself",
    "credentials/issuing.py:hand_on_credentials": "a part of taking a machine over, which records it",
    "trees/confiding.py:sharing_row": "makes the empty row that the verbs around it fill and record",
    "custody/transferring.py:settle_transfers": "the portal's job after a transfer that was recorded",
    "answers/accepting.py:accept_answer": "the thread says it in a line of the portal's",
    "answers/accepting.py:forget_answer": "a projection: the words were taken back",
    "answers/fixing.py:confirm_fixes": "the machine's own word, and the thread says it",
    "answers/fixing.py:note_relapse": "a projection: the trouble is back, and the thread says it",
    "answers/fixing.py:keep_standing": "a projection: which entry tells of what came back",
    "answers/fixing.py:keep_standing_in_silence": "a projection, as above",
    "answers/saying.py:say": "a line in the thread is its own trace",
    "lines/noting.py:write_line": "a projection of a step that the entry keeps",
    "discussion/service.py:add_comment": "what was said is its own trace",
    "discussion/service.py:delete_comment": "leaves a tombstone with its time",
    "discussion/service.py:edit_comment": "comment_revision keeps what stood before",
    "discussion/service.py:post_as_guest": "what was said is its own trace, with the link it came by",
    "reports/reporting.py:say": "what was said is its own trace",
    "discussion/restoring.py:forget_taken_back": "the portal's job, as was said when it was deleted",
    "discussion/restoring.py:restore_comment": "the words stand again, as if they had not been deleted",
    "discussion/restoring.py:set_words_aside": "a part of deleting",
    "discussion/service.py:mark_read": "how far one has read oneself",
    "erasure/unsharing.py:forget_owner": "a part of erasing, which records it",
    "erasure/unsharing.py:forget_speaker": "a part of erasing, which records it",
    "community/forgetting.py:silence_lines": "a part of both of these, and of the projection",
    "conditions/opening.py:tell_what_rested": "a projection: what rested is active",
    "conditions/opening.py:open_for_silence": "a projection: the machine fell silent",
    "conditions/opening.py:tell_silence_that_stayed": "a projection: what was no news is news",
    "conditions/settling.py:watch_from": "a part of a projection: the machine is well again",
    "activations/recording.py:let_stand": "a part of a projection: which entry tells of it",
    "conditions/settling.py:confirm_due": "the machine's own word, and the happening tells",
    "conditions/settling.py:note_condition_cleared": "a projection: the machine is well again",
    "conditions/settling.py:note_return": "a projection: the machine is heard again",
    "me_too/service.py:say_me_too": "counted under the entry, and whose machine it was is nobody's to read",
    "me_too/service.py:unsay_me_too": "takes back what was counted",
    "threads/marking.py:mark_all_read": "how far one has read oneself",
    "threads/marking.py:mark_unread": "how far one has read oneself",
    "upkeep/announcing.py:open_for_work": "a projection of planning, which is recorded",
    "upkeep/announcing.py:note_moved": "a projection of moving, which is recorded",
    "upkeep/announcing.py:note_confirmed": "a projection of confirming, which is recorded",
    "upkeep/announcing.py:note_finished": "a projection of finishing, which is recorded",
    "upkeep/announcing.py:note_cancelled": "a projection of cancelling, which is recorded",
    "drafts/service.py:drop_draft": "what nobody else ever read",
    "drafts/service.py:keep_draft": "as yet it is said to nobody",
    "entries/disputing.py:say_still_broken": "entry_happening keeps it",
    "enclosures/service.py:attach_file": "a file is its own trace, with author and time",
    "enclosures/service.py:drop_attachments": "a part of taking back what was said, or of erasing, which are traces",
    "enclosures/service.py:release_attachments": "a part of taking back what was just sent",
    "enclosures/service.py:enclose": "a part of posting: what was said is its own trace",
    "evidence/service.py:drop_evidence": "a projection: the comment leaves a tombstone",
    "evidence/service.py:pin_evidence": "a part of posting: what was said is its own trace",
    "entries/service.py:add_happening": "entry_happening is the entry's own log, in the thread for all to read",
    "entries/service.py:edit_entry": "entry_happening keeps what stood before",
    "entries/service.py:note_words": "counts on the entry",
    "entries/service.py:publish_entry": "the entry is its own trace, with author and time",
    "entries/service.py:raise_version": "counts on the entry",
    "entries/service.py:take_step": "entry_happening keeps it",
    "consent/widening.py:ask_owner": "entry_happening keeps the question",
    "consent/widening.py:change_audience": "entry_happening keeps it",
    "consent/widening.py:give_consent": "entry_happening keeps who said yes, and when",
    "consent/widening.py:refuse_consent": "entry_happening keeps who said no, and when",
    "consent/widening.py:settle_model_wish": "entry_happening keeps who said yes, and when",
    "consent/widening.py:take_question_back": "the question was kept, and nothing came of it",
    "erasure/wiping.py:wipe": "a part of erasing, which records it",
    "federation/entering.py:confirm_identity": "the proof that follows it is recorded",
    "forwarding/queueing.py:queue_items": "what waits for a receiver that was chosen, which was recorded",
    "forwarding/service.py:begin_call": "a call is counted before it is made, in the log's own line",
    "forwarding/service.py:note_called": "the parcel is the log's own line, shown to the customer",
    "forwarding/service.py:trim_waiting": "what waited for a week and lines of that log that are a month old",
    "forwarding/service.py:send_test": "a greeting, which stands in the log of deliveries",
    "identity/issuing.py:note_token_used": "a token is in use",
    "identity/signing_in.py:touch_sign_in": "a session is in use",
    "identity/signing_in.py:work_in": "which of one's own organisations is looked at",
    "passwords/resetting.py:begin_reset": "a part of the letter of a reset that was recorded when it was asked for",
    "proofs/beginning.py:begin_ceremony": "half of an act, whose end is recorded",
    "proofs/beginning.py:count_wrong_try": "a part of a refusal that is recorded",
    "proofs/beginning.py:spend_ceremony": "a part of an act that is recorded, or refused, at its end",
    "following/service.py:follow": "how closely one follows something oneself",
    "following/service.py:unfollow": "how closely one follows something oneself, as before it was chosen",
    "following/service.py:quiet_entry": "as above, by the secret of a letter of theirs",
    "following/service.py:track_no_more": "as above, by the secret of a letter of theirs",
    "news/service.py:stop_letters": "as above, by the secret of a letter of theirs",
    "following/service.py:follow_what_one_asked": "as above, by what one wrote",
    "following/service.py:follow_where_one_replied": "as above, by where one replied",
    "news/service.py:mark_all_read": "what one has read oneself",
    "news/mailing.py:send_due": "the news themselves keep when a letter went",
    "news/planning.py:tell_of_answer": "news are their own trace, and what they tell is another's",
    "news/planning.py:tell_of_comment": "news, as above",
    "news/planning.py:tell_of_entry": "news, as above",
    "news/planning.py:tell_of_mention": "news, as above",
    "proofs/enrolling.py:begin_enrolment": "counts for nothing before it is confirmed, which is recorded",
    "proofs/keeping_passkeys.py:rename_passkey": "what one calls one's own key",
    "proofs/showing_passkeys.py:prove_by_passkey": "a part of signing in, which records it",
    "mentions/naming.py:call_people": "what was said is its own trace, with every name in it",
    "reactions/service.py:react": "one word, shown as a count, that its author can take back",
    "reactions/service.py:take_reaction_back": "one word of one's own goes, and the count with it",
    "retention/deleting.py:delete_batch": "a part of a run, which retention_run keeps",
    "retention/deleting.py:note_run": "retention_run is the proof itself",
    "sharing/posting.py:seal_link": "the letter of a link that was recorded when it was asked for",
    "takeout/making.py:expire_takeouts": "files whose time is over, as their making said",
    "takeout/making.py:note_begun": "progress of an export that was recorded when it was asked for",
    "takeout/making.py:note_part_made": "progress, as above",
    "takeout/making.py:note_trouble": "progress, as above",
}


def local_functions(source: str) -> dict[str, ast.FunctionDef]:
    return {node.name: node for node in parsed(source).body if isinstance(node, ast.FunctionDef)}


def calls(function: ast.FunctionDef) -> set[str]:
    """Give the last name of everything that a function calls."""
    return {dotted(node.func).rsplit(".", 1)[-1] for node in ast.walk(function) if isinstance(node, ast.Call)}


def unrecorded(sources: dict[str, str]) -> list[str]:
    """Give the public verbs that write, by themselves or through private functions beside them, and record nothing.

    A call counts by its name, whatever room it is in: the verbs of the house have names of their own.
    """
    bodies = {name: local_functions(source) for name, source in sources.items()}
    recording = set(RECORDS)
    while (
        grown := {name for found in bodies.values() for name, body in found.items() if calls(body) & recording}
        - recording
    ):
        recording |= grown
    return [
        f"{name}:{function}"
        for name, found in sorted(bodies.items())
        for function, body in found.items()
        if not function.startswith("_") and function not in recording and _writes(body, found, set())
    ]


def _writes(body: ast.FunctionDef, beside: dict[str, ast.FunctionDef], met: set[str]) -> bool:
    met.add(body.name)
    called = calls(body)
    sets = any(isinstance(one, ast.Attribute) for node in ast.walk(body) for one in _targets(node))
    if sets or any(_is_write(node) for node in ast.walk(body)):
        return True
    return any(_writes(beside[name], beside, met) for name in called & beside.keys() - met if name.startswith("_"))


def _targets(node: ast.AST) -> list[ast.expr]:
    """Give the parts of an assignment to an attribute of something that is not the object itself."""
    if isinstance(node, ast.Assign):
        return [
            one for target in node.targets for one in getattr(target, "elts", [target]) if dotted(one)[:5] != "self."
        ]
    return [node.target] if isinstance(node, ast.AugAssign) and isinstance(node.target, ast.Attribute) else []


def _is_write(node: ast.AST) -> bool:
    if not isinstance(node, ast.Call):
        return False
    name = dotted(node.func)
    return name in {"insert", "update", "delete"} or (
        name.startswith(("work.session.", "session.")) and name.rsplit(".", 1)[-1] in WRITES
    )


def acts_of(source: str) -> set[str]:
    """Give the literal acts that a file records, through its own private helpers too."""
    helpers = RECORDS | {name for name, body in local_functions(source).items() if calls(body) & RECORDS}
    return {
        argument.value
        for node in ast.walk(parsed(source))
        if isinstance(node, ast.Call) and dotted(node.func).rsplit(".", 1)[-1] in helpers
        for argument in node.args
        if isinstance(argument, ast.Constant) and isinstance(argument.value, str) and ACT.fullmatch(argument.value)
    }


def verb_files() -> dict[str, str]:
    names = [name for name in room_files() if is_verb_file(name) and not name.startswith(OUTSIDE)]
    return {name: read(name) for name in names}


def test_verb_that_writes_and_records_nothing_is_found():
    source = (
        "def hide_comment(work):\n    work.session.add(1)\n"
        "def show_comment(work, row):\n    row.state = 2\n"
        "def move_comment(work):\n    _write(work)\n"
        "def _write(work):\n    work.session.execute(update(1))\n"
        "def pin_comment(work):\n    work.session.add(1)\n    _note(work)\n"
        "def _note(work):\n    record_act(work, 'comment.pinned')\n"
        "def read_comment(work):\n    return work.session.get(1)\n"
    )

    assert unrecorded({"verbs.py": source}) == [
        "verbs.py:hide_comment",
        "verbs.py:show_comment",
        "verbs.py:move_comment",
    ]
    assert acts_of(source) == {"comment.pinned"}


def test_verbs_that_write_record_an_act_or_say_why_not():
    found = {one.removeprefix(PORTAL) for one in unrecorded(verb_files())}

    assert sorted(found - UNRECORDED.keys()) == []
    assert sorted(UNRECORDED.keys() - found) == []
    assert [name for name, reason in UNRECORDED.items() if len(reason) < 10] == []


def test_every_act_has_its_words(monkeypatch):
    monkeypatch.setattr(audit_words, "_", str)
    acts = {act for name in python_files(PORTAL) for act in acts_of(read(name))}

    assert sorted(acts - audit_words.act_words().keys()) == []
    assert len(acts) > 30
