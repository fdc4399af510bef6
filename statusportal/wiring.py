"""The only two lists of event -> listeners.

Projections run in the transaction of their cause, just before the commit; reactions run after it, through the outbox.
"""

from collections.abc import Mapping, Sequence

import statusportal.accounts.policy
import statusportal.administration.policy
import statusportal.answers.policy
import statusportal.audit.policy
import statusportal.catalogue.policy
import statusportal.claims.policy
import statusportal.community.policy
import statusportal.conditions.policy
import statusportal.connections.policy
import statusportal.consent.policy
import statusportal.credentials.policy
import statusportal.custody.policy
import statusportal.discussion.policy
import statusportal.enclosures.policy
import statusportal.entries.policy
import statusportal.erasure.policy
import statusportal.evidence.policy
import statusportal.export.policy
import statusportal.federation.policy
import statusportal.fleet.policy
import statusportal.forwarding.policy
import statusportal.groups.policy
import statusportal.knowledge.policy
import statusportal.maintenance.policy
import statusportal.me_too.policy
import statusportal.passage.policy
import statusportal.proofs.policy
import statusportal.retention.policy
import statusportal.search.policy
import statusportal.seen_as.policy
import statusportal.sharing.policy
import statusportal.status.policy
import statusportal.takeout.policy
import statusportal.telemetry.policy
import statusportal.trees.policy
import statusportal.tuning.policy  # noqa: F401 - each policy declares its room's rights; without it nobody holds them
from statusportal.accounts.events import (
    AccountReclaimed,
    MembershipChanged,
    PersonDisabled,
    PersonInvited,
    StaffRoleChanged,
)
from statusportal.activations.recording import record_cleared, record_raised, record_silence
from statusportal.answers.accepting import forget_answer
from statusportal.answers.events import AnswerAccepted, AnswerUnaccepted, FixMoved
from statusportal.answers.fixing import keep_standing, keep_standing_in_silence, note_relapse
from statusportal.catalogue.events import ModelChanged
from statusportal.community.forgetting import forget_copy
from statusportal.conditions.events import ConditionReturned, SilenceStayed
from statusportal.conditions.opening import (
    open_for_condition,
    open_for_silence,
    tell_silence_that_stayed,
    tell_what_rested,
)
from statusportal.conditions.reconciling import reconcile
from statusportal.conditions.settling import note_condition_cleared, note_return
from statusportal.consent.events import ConsentAnswered, ConsentAsked, ConsentAskedOf
from statusportal.discussion.events import (
    CommentDeleted,
    CommentDropped,
    CommentEdited,
    CommentPosted,
    CommentRestored,
)
from statusportal.enclosures.clearing import BLOBS, discard_blobs
from statusportal.enclosures.events import BlobsDropped
from statusportal.enclosures.service import drop_of_comment
from statusportal.entries.events import (
    EntryAudienceChanged,
    EntryEdited,
    EntryMoved,
    EntryPublished,
)
from statusportal.erasure.unsharing import unshare_hidden
from statusportal.evidence.service import drop_evidence
from statusportal.federation.linking import forget_identities_of_stranger, forget_leaver, forget_leaving_staff
from statusportal.fleet.events import AccessGranted, DeviceRenamed, OwnershipTransferred
from statusportal.following.service import follow_what_one_asked, follow_where_one_replied
from statusportal.forwarding.queueing import queue_entry, queue_status
from statusportal.foundation.events import Event
from statusportal.groups.leaving import end_grants_of_leaver
from statusportal.identity.events import SignInBegan
from statusportal.identity.signing_in import shut_out
from statusportal.knowledge.forgetting import forget_source
from statusportal.knowledge.trying import note_fix
from statusportal.lines.noting import write_line
from statusportal.live.channel import NUDGE
from statusportal.maintenance.events import VisitConfirmed, WorkCancelled, WorkFinished, WorkMoved, WorkPlanned
from statusportal.me_too.events import MeTooChanged
from statusportal.mentions.events import PersonMentioned
from statusportal.mentions.naming import note_mentions
from statusportal.news import planning as news
from statusportal.notifications import telling
from statusportal.passage.setting_aside import retry_model
from statusportal.passwords.events import PasswordChanged, ResetAsked
from statusportal.passwords.reclaiming import let_go_of_stranger
from statusportal.proofs.events import SecondProofsRevoked
from statusportal.reactions.events import ReactionsChanged
from statusportal.search.indexing import forget_comment, index_answer, index_comment, index_entry, index_name
from statusportal.sending import asking as consent_letters
from statusportal.sending import letting_in
from statusportal.sending import service as sending
from statusportal.sending.events import OperatorLetIn
from statusportal.sharing.events import LinkPosted
from statusportal.status.events import ConditionCleared, ConditionRaised, HistoryCorrected, StatusChanged
from statusportal.status.service import begin_anew, look_again
from statusportal.upkeep.announcing import (
    note_cancelled,
    note_confirmed,
    note_finished,
    note_moved,
    open_for_work,
)
from statusportal.upkeep.events import VisitTold
from statusportal.upkeep.serving import note_services
from statusportal.upkeep.telling import tell_of_visit
from statusportal.work import Projection, Reaction, Wiring

PROJECTIONS: Sequence[tuple[type[Event], Projection]] = (
    (PersonDisabled, shut_out),
    (AccountReclaimed, let_go_of_stranger),
    (AccountReclaimed, forget_identities_of_stranger),
    (MembershipChanged, forget_leaver),
    (MembershipChanged, end_grants_of_leaver),
    (StaffRoleChanged, forget_leaving_staff),
    (OwnershipTransferred, begin_anew),
    (AccessGranted, letting_in.tell_of_let_in),
    (ModelChanged, look_again),
    (ModelChanged, retry_model),
    (ConditionRaised, record_raised),
    (ConditionCleared, record_cleared),
    (StatusChanged, record_silence),
    (HistoryCorrected, reconcile),
    (ConditionRaised, keep_standing),
    (ConditionReturned, keep_standing),
    (StatusChanged, keep_standing_in_silence),
    (SilenceStayed, keep_standing_in_silence),
    (ConditionRaised, open_for_condition),
    (ConditionCleared, note_condition_cleared),
    (ConditionReturned, tell_what_rested),
    (StatusChanged, open_for_silence),
    (StatusChanged, note_return),
    (SilenceStayed, tell_silence_that_stayed),
    (WorkPlanned, open_for_work),
    (WorkMoved, note_moved),
    (WorkMoved, tell_of_visit),
    (VisitConfirmed, note_confirmed),
    (VisitConfirmed, tell_of_visit),
    (WorkFinished, note_finished),
    (WorkFinished, note_services),
    (WorkCancelled, note_cancelled),
    (EntryMoved, write_line),
    (EntryMoved, note_relapse),
    (CommentDeleted, forget_answer),
    (FixMoved, note_fix),
    (EntryPublished, index_entry),
    (EntryEdited, index_entry),
    (EntryAudienceChanged, index_entry),
    (EntryAudienceChanged, unshare_hidden),
    (CommentPosted, note_mentions),
    (CommentEdited, note_mentions),
    (CommentPosted, index_comment),
    (CommentEdited, index_comment),
    (CommentRestored, index_comment),
    (CommentDeleted, forget_comment),
    (CommentDropped, drop_of_comment),
    (CommentDropped, drop_evidence),
    (CommentDropped, forget_source),
    (CommentDeleted, forget_copy),
    (DeviceRenamed, index_name),
    (EntryPublished, follow_what_one_asked),
    (CommentPosted, follow_where_one_replied),
    (AnswerAccepted, index_answer),
    (AnswerUnaccepted, index_answer),
    (StatusChanged, queue_status),
    (EntryPublished, queue_entry),
    (EntryEdited, queue_entry),
    (EntryMoved, queue_entry),
)

REACTIONS: Sequence[tuple[type[Event], str]] = (
    (PersonInvited, telling.INVITATION),
    (ResetAsked, telling.RESET),
    (SignInBegan, telling.SIGN_IN),
    (PasswordChanged, telling.PASSWORD),
    (SecondProofsRevoked, telling.SECOND_PROOFS),
    (VisitTold, telling.VISIT),
    (LinkPosted, sending.LINK),
    (EntryPublished, news.ENTRY),
    (CommentPosted, news.COMMENT),
    (AnswerAccepted, news.ANSWER),
    (PersonMentioned, news.MENTION),
    (StatusChanged, NUDGE),
    (EntryPublished, NUDGE),
    (EntryEdited, NUDGE),
    (EntryAudienceChanged, NUDGE),
    (EntryMoved, NUDGE),
    (ConsentAsked, NUDGE),
    (ConsentAnswered, NUDGE),
    (ConsentAskedOf, consent_letters.CONSENT),
    (OperatorLetIn, letting_in.LET_IN),
    (CommentPosted, NUDGE),
    (CommentEdited, NUDGE),
    (CommentDeleted, NUDGE),
    (BlobsDropped, BLOBS),
    (CommentRestored, NUDGE),
    (ReactionsChanged, NUDGE),
    (AnswerAccepted, NUDGE),
    (AnswerUnaccepted, NUDGE),
    (FixMoved, NUDGE),
    (MeTooChanged, NUDGE),
)

# The rooms' own listeners; an edge adds its own where it makes them.
LISTENERS: Mapping[str, Reaction] = {
    telling.INVITATION: telling.send_invitation,
    telling.RESET: telling.send_reset,
    telling.SIGN_IN: telling.send_new_sign_in,
    telling.PASSWORD: telling.send_password_changed,
    telling.SECOND_PROOFS: telling.send_second_proofs_reset,
    telling.VISIT: telling.send_visit,
    sending.LINK: sending.send_link,
    news.ENTRY: news.tell_of_entry,
    news.COMMENT: news.tell_of_comment,
    news.ANSWER: news.tell_of_answer,
    news.MENTION: news.tell_of_mention,
    BLOBS: discard_blobs,
    consent_letters.CONSENT: consent_letters.send_consent_question,
    letting_in.LET_IN: letting_in.send_let_in,
}


def wiring(listeners: Mapping[str, Reaction] | None = None) -> Wiring:
    """Return the two lists; `listeners` gives the functions behind the names in REACTIONS."""
    return Wiring(PROJECTIONS, REACTIONS, {**LISTENERS, **(listeners or {})})
