"""Sharing inside an organisation and above it, on its page: who of its people sees its machines, and its tree."""

from uuid import UUID

from flask import request
from flask_babel import gettext as _

from statusportal.access.permissions import Permission
from statusportal.access.policy import actor_holds
from statusportal.access.vocabulary import ROLE_BITS, MemberRole, SharingMode
from statusportal.accounts.models import Organisation
from statusportal.accounts.vocabulary import OrganisationKind
from statusportal.administration.people import organisations_to_choose
from statusportal.administration.trees import TreeNode, parent_of, sharing_seen, tree_around
from statusportal.foundation.errors import Faults
from statusportal.http import portal
from statusportal.http.filters import reader_locale
from statusportal.http.views.people import InsidePart, TreePart, TreeShown
from statusportal.http.views.shell import Form, Option
from statusportal.http.words import role_word
from statusportal.trees.confiding import set_sharing_mode
from statusportal.trees.placing import free_organisation, place_organisation
from statusportal.web.forms import chosen, filled, word
from statusportal.work import Work


def choose_sharing(organisation_id: UUID) -> None:
    """Keep who of an organisation's people sees its machines, as the form says."""
    faults = Faults()
    mode = word(faults, "mode", SharingMode, SharingMode.MEMBERS)
    faults.close()
    roles = [role for role in MemberRole if request.form.get(f"role_{role.value}")]
    with portal.writing() as work:
        set_sharing_mode(work, sharing_seen(work, organisation_id).organisation_id, mode, roles)


def choose_parent(organisation_id: UUID) -> None:
    """Put an organisation under another, or under nobody, as the form says."""
    faults = Faults()
    parent_id = None if request.form.get("parent") == "" else chosen(faults, "parent")
    faults.close()
    with portal.writing() as work:
        if parent_id is None:
            free_organisation(work, organisation_id)
        else:
            place_organisation(work, organisation_id, parent_id)


def inside_part(work: Work, row: Organisation, form: Form | None) -> InsidePart | None:
    """Return who inside sees its machines, for who decides it; the operator has none to share."""
    if row.kind == OrganisationKind.OPERATOR or not actor_holds(work.actor, Permission.DEVICE_SHARE, row.id):
        return None
    sharing = sharing_seen(work, row.id)
    ticked = {f"role_{role.value}": bool(sharing.roles & bit) for role, bit in ROLE_BITS.items()}
    return InsidePart(
        form=form or filled({"mode": sharing.mode, **ticked}),
        modes=_mode_sentences(),
        roles=tuple(Option(f"role_{role.value}", role_word(role.value, locale=reader_locale())) for role in MemberRole),
    )


def tree_part(work: Work, row: Organisation, form: Form | None) -> TreePart | None:
    """Return the tree around an organisation, for who places organisations; the operator stands in none."""
    if row.kind == OrganisationKind.OPERATOR or not actor_holds(work.actor, Permission.ORGANISATION_PLACE, None):
        return None
    others = organisations_to_choose(work, Permission.ORGANISATION_PLACE)
    return TreePart(
        top=_shown(tree_around(work, row.id), row.id),
        parents=tuple(
            Option(str(one.id), one.name)
            for one in others
            if one.id != row.id and one.kind != OrganisationKind.OPERATOR
        ),
        form=form or filled({"parent": parent_of(work, row.id)}),
    )


def _shown(node: TreeNode, here: UUID) -> TreeShown:
    below = tuple(_shown(one, here) for one in node.below)
    return TreeShown(str(node.id), node.name, node.people, node.devices, below, is_here=node.id == here)


def _mode_sentences() -> tuple[Option, ...]:
    """Return each mode with a sentence of who sees what, from narrow to wide."""
    return (
        Option(
            SharingMode.NONE.value,
            _("Nobody"),
            _("Administrators see every machine, others those they are let at by name."),
        ),
        Option(
            SharingMode.BY_ROLE.value,
            _("By role"),
            _("Administrators see every machine, and so do the roles ticked below. Nobody above does."),
        ),
        Option(
            SharingMode.MEMBERS.value,
            _("Members"),
            _("Everybody here sees every machine that is not confidential. Nobody above does."),
        ),
        Option(
            SharingMode.ALL.value,
            _("Members and above"),
            _("Everybody here, and everybody in the organisations it stands under, who read and do nothing else."),
        ),
    )
