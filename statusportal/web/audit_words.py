"""What the log's codes say, in the language of whoever reads them: each is translated where it is shown, not before."""

from functools import cache

from flask_babel import lazy_gettext as _
from flask_babel.speaklater import LazyString


@cache
def act_words() -> dict[str, LazyString]:
    """Return the words of every act that the rooms record; an act without words is shown as its code."""
    return {
        **_of_people(),
        **_of_single_sign_on(),
        **_of_models(),
        **_of_machines(),
        **_of_talk(),
        **_of_sharing(),
        **_of_data(),
        "denied": _("was refused"),
    }


@cache
def reason_words() -> dict[str, LazyString]:
    """Return the words for why staff saw as a customer or sent a link; another reason is shown as it is."""
    return {
        "asked": _("the customer asked for it"),
        "fault": _("a fault was looked into"),
        "visit": _("a visit was prepared"),
    }


@cache
def kind_words() -> dict[str, LazyString]:
    """Return the words for kinds of things that acts are about."""
    return {
        "person": _("person"),
        "organisation": _("organisation"),
        "customer": _("organisation"),
        "invitation": _("invitation"),
        "personal_token": _("personal token"),
        "device": _("machine"),
        "device_model": _("model"),
        "credential": _("machine token"),
        "condition": _("condition"),
        "connection": _("connection"),
        "entry": _("entry"),
        "comment": _("comment"),
        "share_link": _("link"),
        "publication": _("shared entry"),
        "claim": _("claim"),
        "device_group": _("group of machines"),
        "takeout": _("export"),
        "log": _("audit log"),
        "route": _("page or call"),
    }


@cache
def actor_words() -> dict[str, LazyString]:
    """Return the words for actors that are no persons."""
    return {
        "system": _("the portal itself"),
        "machine": _("a machine"),
        "link": _("somebody with a link"),
        "anonymous": _("nobody signed in"),
    }


@cache
def code_words() -> dict[str, LazyString]:
    """Return what the values beside an act are."""
    return {
        "permission": _("right"),
        "role": _("role"),
        "reason": _("reason"),
        "rights": _("rights"),
        "scope": _("what it may"),
        "format": _("format"),
        "expires_at": _("until"),
        "kind": _("kind"),
        "staff_role": _("role at the operator"),
        "link_id": _("link"),
        "grant_id": _("grant"),
        "receiver": _("receiver"),
        "ownership_id": _("time of ownership"),
        "sign_in_id": _("session"),
        "version": _("version"),
    }


def _of_people() -> dict[str, LazyString]:
    return {
        "code_app.added": _("set up an app with codes"),
        "code_app.removed": _("took their app with codes away"),
        "customer.opened": _("opened the customer page"),
        "customer.seen": _("saw machines or words of yours in a list or a search"),
        "invitation.made": _("invited"),
        "invitation.accepted": _("accepted an invitation"),
        "invitation.revoked": _("took an invitation back"),
        "member.removed": _("took out of the organisation"),
        "member.set": _("gave a role in the organisation"),
        "organisation.changed": _("changed the organisation"),
        "organisation.created": _("made the organisation"),
        "passkey.added": _("added a passkey"),
        "passkey.refused": _("passkey refused"),
        "passkey.removed": _("took a passkey away"),
        "password.changed": _("changed the password"),
        "person.created": _("made the account"),
        "person.disabled": _("locked out"),
        "person.enabled": _("let in again"),
        "person.renamed": _("changed the name"),
        "invitation.resent": _("sent an invitation again"),
        "password.reset": _("chose a new password by a link"),
        "reset.asked": _("sent a link for a new password"),
        "reset.made": _("made a link for a new password"),
        "recovery_code.used": _("used a recovery code"),
        "recovery_codes.issued": _("made recovery codes"),
        "second_proof.asked": _("asked everybody for a second proof"),
        "second_proof.refused": _("second proof refused"),
        "second_proof.unasked": _("asked for a second proof no more"),
        "second_proofs.reset": _("took a second proof away"),
        "sign_in.began": _("signed in"),
        "sign_in.ended": _("session ended"),
        "sign_in.proved": _("proved again who they are"),
        "sign_in.refused": _("sign-in refused"),
        "staff.set": _("set the role at the operator"),
        "token.issued": _("made a personal token"),
        "token.revoked": _("revoked a personal token"),
    }


def _of_single_sign_on() -> dict[str, LazyString]:
    return {
        "address.proved": _("proved a mail address"),
        "account.reclaimed": _("took over an account under their own address"),
        "identity.linked": _("linked an identity of single sign-on"),
        "identity.refused": _("single sign-on refused"),
        "identity.unlinked": _("unlinked an identity of single sign-on"),
        "provider.asked": _("made single sign-on the only way in"),
        "provider.kept": _("set single sign-on up"),
        "provider.removed": _("took single sign-on away"),
        "provider.unasked": _("let passwords in again"),
    }


def _of_models() -> dict[str, LazyString]:
    return {
        "article.drafted": _("began an article"),
        "article.edited": _("changed an article"),
        "article.reviewed": _("reviewed an article"),
        "article.published": _("published an article"),
        "article.withdrawn": _("withdrew an article"),
        "model.changed": _("changed the model"),
        "model.code_removed": _("took an alarm code out"),
        "model.code_set": _("said what an alarm code means"),
        "model.created": _("made the model"),
        "model.imported": _("read the model from a file"),
        "model.limit_removed": _("took a limit out"),
        "model.limit_set": _("set a limit"),
        "model.restored": _("took the model back to an earlier version"),
        "model.rule_added": _("gave the model a rule"),
        "model.rule_changed": _("changed a rule of the model"),
        "model.rule_removed": _("took a rule out"),
        "model.rules_ordered": _("put the model's rules into another order"),
        "model.rules_set": _("set a model's rules"),
        "model.signal_declared": _("declared a signal"),
        "model.signal_removed": _("took a signal out"),
    }


def _of_machines() -> dict[str, LazyString]:
    return {
        "connection.changed": _("changed the connection"),
        "connection.created": _("made the connection"),
        "connection.disabled": _("stopped the connection"),
        "connection.enabled": _("set the connection going"),
        "credential.issued": _("made a machine token"),
        "credential.replaced": _("ended a machine token with the first use of its successor"),
        "credential.revoked": _("revoked a machine token"),
        "device.created": _("took the machine in"),
        "device.limit_removed": _("took back a limit that the machine had of its own"),
        "device.limit_set": _("gave the machine a limit of its own"),
        "device.seen": _("looked at the machine"),
        "device.renamed": _("changed the machine's words"),
        "device.transferred": _("handed the machine over"),
        "grant.made": _("let somebody at the machine"),
        "grant.changed": _("changed a grant"),
        "grant.revoked": _("took a grant back"),
        "device.kept_confidential": _("kept the machine confidential"),
        "device.shown_again": _("showed the machine again"),
        "group.created": _("made a group"),
        "group.removed": _("took a group apart"),
        "group.renamed": _("renamed the group"),
        "group.device_added": _("put a machine into the group"),
        "group.device_taken": _("took a machine out of the group"),
        "group.granted": _("let somebody at the group"),
        "group.grant_revoked": _("took the group's grant back"),
        "organisation.placed": _("placed the organisation under another"),
        "organisation.freed": _("let the organisation stand alone"),
        "transfer.offered": _("offered the machine to another organisation"),
        "sharing.changed": _("changed who sees machines inside the organisation"),
        "transfer.accepted": _("accepted the machine"),
        "transfer.declined": _("declined the machine"),
        "transfer.history_taken_back": _("took back the history that was handed over"),
        "transfer.withdrawn": _("called the transfer off"),
        "ownership.added": _("gave the machine an owner"),
    }


def _of_talk() -> dict[str, LazyString]:
    return {
        "publication.shared": _("shared an entry with the owners of the model, anonymised"),
        "publication.revoked": _("took a shared entry back"),
        "publication.answered": _("answered in a community"),
        "publication.answer_removed": _("took an answer back"),
        "entry.published": _("published an entry"),
        "entry.edited": _("edited an entry"),
        "entry.seen": _("looked at the entry"),
        "entry.moved": _("moved an entry on"),
        "comment.edited": _("edited a comment"),
        "comment.deleted": _("deleted a comment"),
        "condition.brought_back": _("brought a condition back"),
        "condition.serviced": _("said that a service was done"),
        "condition.shelved": _("shelved a condition"),
        "condition.taken_out_of_service": _("took a condition out of service"),
        "maintenance.planned": _("planned work"),
        "maintenance.moved": _("moved planned work"),
        "maintenance.confirmed": _("confirmed a visit"),
        "maintenance.finished": _("finished planned work"),
        "maintenance.cancelled": _("called planned work off"),
    }


def _of_sharing() -> dict[str, LazyString]:
    return {
        "claim.made": _("made a claim secret"),
        "claim.refused": _("was refused a claim"),
        "claim.revoked": _("took a claim secret back"),
        "device.claimed": _("took the machine over with its secret"),
        "device.published": _("chose what the label shows to everybody"),
        "device.kept_confidential": _("kept the machine confidential"),
        "device.shown_again": _("showed the machine to colleagues again"),
        "group.created": _("made a group of machines"),
        "group.device_added": _("put a machine into a group"),
        "group.device_taken": _("took a machine out of a group"),
        "group.grant_revoked": _("took a grant on a group back"),
        "group.granted": _("let somebody at a group of machines"),
        "group.removed": _("took a group of machines apart"),
        "group.renamed": _("renamed a group of machines"),
        "link.made": _("made a link"),
        "link.opened": _("followed a link"),
        "link.posted": _("had a link sent by letter"),
        "link.revoked": _("ended a link"),
        "organisation.erased": _("erased the organisation"),
        "organisation.freed": _("took the organisation out of its tree"),
        "organisation.placed": _("put the organisation under another"),
        "person.erased": _("was erased"),
        "seen_as.began": _("began to see the pages as the customer sees them"),
        "seen_as.looked": _("looked at a page as the customer sees it"),
        "seen_as.ended": _("stopped seeing the pages as the customer sees them"),
        "sharing.changed": _("changed who sees machines inside the organisation"),
        "transfer.accepted": _("accepted the handing over"),
        "transfer.declined": _("declined the handing over"),
        "transfer.offered": _("offered to hand the machine over"),
        "transfer.history_taken_back": _("took back the history that was handed over"),
        "transfer.withdrawn": _("took the offer to hand over back"),
    }


def _of_data() -> dict[str, LazyString]:
    return {
        "device.exported": _("took the machine's data along"),
        "erasure.asked": _("asked to be erased"),
        "erasure.ordered": _("ordered an erasing"),
        "erasure.withdrawn": _("withdrew an erasing"),
        "erasure.taken_back": _("took the wish to be erased back"),
        "export.asked": _("asked for an export of everything"),
        "export.audit": _("took the audit log along"),
        "export.made": _("finished an export"),
        "export.revoked": _("took an export back"),
        "export.taken": _("fetched an export"),
        "forwarding.begun": _("chose a receiver of data"),
        "forwarding.ended": _("ended the forwarding of data"),
        "forwarding.paused": _("paused the forwarding of data"),
        "forwarding.resumed": _("went on forwarding data"),
        "forwarding.retried": _("had data sent again"),
    }
