"""What the log's codes say, in the reader's language."""

from flask_babel import gettext as _


def act_words() -> dict[str, str]:
    """Return the words of every act that the rooms record; an act without words is shown as its code."""
    return {**_of_people(), **_of_machines(), **_of_talk(), "denied": _("was refused")}


def kind_words() -> dict[str, str]:
    """Return the words for kinds of things that acts are about."""
    return {
        "person": _("person"),
        "organisation": _("organisation"),
        "invitation": _("invitation"),
        "personal_token": _("personal token"),
        "device": _("machine"),
        "device_model": _("model"),
        "credential": _("machine token"),
        "connection": _("connection"),
        "entry": _("entry"),
        "comment": _("comment"),
        "route": _("page or call"),
    }


def actor_words() -> dict[str, str]:
    """Return the words for actors that are no persons."""
    return {"system": _("the portal itself"), "machine": _("a machine"), "anonymous": _("nobody signed in")}


def code_words() -> dict[str, str]:
    """Return what the values beside an act are."""
    return {
        "permission": _("right"),
        "role": _("role"),
        "sign_in_id": _("session"),
        "version": _("version"),
    }


def _of_people() -> dict[str, str]:
    return {
        "customer.opened": _("opened the customer page"),
        "invitation.made": _("invited"),
        "invitation.accepted": _("accepted an invitation"),
        "invitation.revoked": _("took an invitation back"),
        "member.removed": _("took out of the organisation"),
        "member.set": _("gave a role in the organisation"),
        "organisation.changed": _("changed the organisation"),
        "organisation.created": _("made the organisation"),
        "password.changed": _("changed the password"),
        "person.created": _("made the account"),
        "person.disabled": _("locked out"),
        "person.enabled": _("let in again"),
        "person.renamed": _("changed the name"),
        "sign_in.began": _("signed in"),
        "sign_in.ended": _("session ended"),
        "sign_in.refused": _("sign-in refused"),
        "staff.set": _("set the role at the operator"),
        "token.issued": _("made a personal token"),
        "token.revoked": _("revoked a personal token"),
    }


def _of_machines() -> dict[str, str]:
    return {
        "connection.changed": _("changed the connection"),
        "connection.created": _("made the connection"),
        "connection.disabled": _("stopped the connection"),
        "connection.enabled": _("set the connection going"),
        "credential.issued": _("made a machine token"),
        "credential.revoked": _("revoked a machine token"),
        "device.created": _("took the machine in"),
        "device.seen": _("looked at the machine"),
        "device.renamed": _("changed the machine's words"),
        "device.transferred": _("handed the machine over"),
        "grant.made": _("let somebody at the machine"),
        "grant.revoked": _("took a grant back"),
        "transfer.offered": _("offered the machine to another organisation"),
        "transfer.accepted": _("accepted the machine"),
        "transfer.declined": _("declined the machine"),
        "transfer.withdrawn": _("called the transfer off"),
        "model.changed": _("changed the model"),
        "model.created": _("made the model"),
        "model.limit_removed": _("took a limit out"),
        "model.limit_set": _("set a limit"),
        "model.signal_declared": _("declared a signal"),
        "model.signal_removed": _("took a signal out"),
        "ownership.added": _("gave the machine an owner"),
    }


def _of_talk() -> dict[str, str]:
    return {
        "entry.published": _("published an entry"),
        "entry.edited": _("edited an entry"),
        "entry.seen": _("looked at the entry"),
        "entry.moved": _("moved an entry on"),
        "comment.edited": _("edited a comment"),
        "comment.deleted": _("deleted a comment"),
    }
