"""Words of rights, kinds, modes and states, in the reader's language and always in the same order."""

from flask_babel import gettext as _
from flask_babel import pgettext

from statusportal.access.vocabulary import Right, SharingMode
from statusportal.custody.vocabulary import ReceiverKind, TransferState
from statusportal.http.views.access import RightShown
from statusportal.http.views.shell import Option


def right_words() -> dict[Right, tuple[str, str]]:
    """Return each right's word and what it gives."""
    return {
        Right.VIEW: (_("View"), _("status, values, entries; never internal notes")),
        Right.COMMENT: (_("Comment"), _("talk in its entries, under their own name")),
        Right.ACK: (_("Acknowledge"), _("say “we have seen it”")),
        Right.EXPORT: (_("Export"), _("take the data away as files")),
        Right.MANAGE: (_("Manage"), _("change its name, and let others in as far as they got")),
    }


def right_verbs() -> dict[Right, str]:
    """Return what each right lets somebody do, as it follows “can” in a sentence."""
    return {
        Right.VIEW: pgettext("can", "view"),
        Right.COMMENT: pgettext("can", "comment"),
        Right.ACK: pgettext("can", "acknowledge"),
        Right.EXPORT: pgettext("can", "export"),
        Right.MANAGE: pgettext("can", "manage"),
    }


def verbs_by_field() -> dict[str, str]:
    """Return the same verbs by the names of the form's boxes."""
    return {right.name or "": verb for right, verb in right_verbs().items()}


def rights_shown(rights: Right) -> tuple[RightShown, ...]:
    """Return the five rights, the missing ones in sight."""
    return tuple(RightShown(word, one in rights) for one, (word, _detail) in right_words().items())


def right_choices() -> tuple[Option, ...]:
    """Return the rights that a form may add to a look."""
    words = right_words()
    return tuple(Option(one.name or "", *words[one]) for one in Right if one is not Right.VIEW)


def kind_choices() -> tuple[Option, ...]:
    """Return what somebody who is let in may be to the owner."""
    return (
        Option(ReceiverKind.SERVICE_PARTNER.value, _("Service partner")),
        Option(ReceiverKind.DEALER.value, _("Dealer")),
        Option(ReceiverKind.ADVISER.value, _("Adviser")),
        Option(ReceiverKind.OTHER.value, _("Somebody else")),
    )


def kind_word(kind: str | None) -> str:
    """Return the word of a kind; empty for none."""
    return next((option.label for option in kind_choices() if option.value == kind), "")


def mode_choices() -> tuple[Option, ...]:
    """Return the sharing modes, from narrow to wide."""
    return (
        Option(SharingMode.NONE.value, _("Nobody"), _("only administrators, and whoever is let in by name")),
        Option(SharingMode.BY_ROLE.value, _("By role"), _("administrators and the chosen roles, nobody above")),
        Option(SharingMode.MEMBERS.value, _("Members"), _("everybody in the organisation")),
        Option(SharingMode.ALL.value, _("Members and above"), _("and the organisations it stands under")),
    )


def state_words() -> dict[TransferState, str]:
    """Return how far a transfer has come."""
    return {
        TransferState.OFFERED: _("waits for an answer"),
        TransferState.ACCEPTED: _("agreed, not yet due"),
        TransferState.DONE: _("handed over"),
        TransferState.DECLINED: _("declined"),
        TransferState.WITHDRAWN: _("called off"),
    }
