"""The pages of groups, put together: the list, and one group with its machines and whom they are shared with."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from uuid import UUID

from statusportal.access.permissions import Permission
from statusportal.access.vocabulary import Right
from statusportal.accounts.queries import organisation_for
from statusportal.administration.people import organisations_to_choose
from statusportal.custody.queries import receiver_names
from statusportal.fleet.queries import words_seen
from statusportal.fleet.vocabulary import GrantState
from statusportal.groups.models import GroupGrant
from statusportal.groups.queries import (
    MOST_FOUND,
    count_in_group,
    find_in_group,
    find_outside_group,
    granted_to,
    grants_of_group,
    group_for,
    my_groups,
)
from statusportal.http.views.access import GrantShown
from statusportal.http.views.groups import GroupDevice, GroupPage, GroupRow, GroupsPage
from statusportal.http.views.shell import Form, Option
from statusportal.web.devices.access_words import kind_choices, kind_word, right_choices, rights_shown, verbs_by_field
from statusportal.web.devices.grant_form import ticked_words
from statusportal.web.forms import filled
from statusportal.web.paging import asked
from statusportal.web.shell import initials
from statusportal.work import Work


@dataclass(frozen=True, slots=True)
class GroupForms:
    """The forms of a group's page as they came back; those that were not sent are empty."""

    grant: Form = field(default_factory=Form)
    add: Form = field(default_factory=Form)
    rename: Form | None = None


def groups_page(work: Work, form: Form | None = None) -> GroupsPage:
    """List the groups that the reader decides for, with the form of a new one."""
    names = {one.id: one.name for one in organisations_to_choose(work, Permission.DEVICE_SHARE)}
    are_several = len(names) > 1
    return GroupsPage(
        groups=tuple(
            GroupRow(str(group.id), group.name, names.get(group.organisation_id, "") if are_several else "", count)
            for group, count in my_groups(work)
        ),
        organisations=tuple(Option(str(one), name) for one, name in names.items()),
        form=form or Form(),
    )


def group_page(work: Work, group_id: UUID, forms: GroupForms) -> GroupPage:
    """Put one group's page together.

    Raises: NotFound, Forbidden.
    """
    group = group_for(work, group_id)
    q = asked("q")
    inside, outside = find_in_group(work, group, q), find_outside_group(work, group, q)
    words = words_seen(work, [*inside, *outside])
    return GroupPage(
        id=str(group.id),
        name=group.name,
        organisation=organisation_for(work, group.organisation_id).name,
        devices=tuple(
            GroupDevice(str(one.id), words[one.id].name, one.model.name, one.serial) for one in inside[:MOST_FOUND]
        ),
        others=tuple(Option(str(one.id), f"{words[one.id].name} ({one.serial})") for one in outside[:MOST_FOUND]),
        count=count_in_group(work, group),
        query=q,
        has_more_inside=len(inside) > MOST_FOUND,
        has_more_outside=len(outside) > MOST_FOUND,
        grants=_grants(work, grants_of_group(work, group)),
        rights=right_choices(),
        kinds=kind_choices(),
        verbs=verbs_by_field(),
        ticked=ticked_words(forms.grant),
        form=forms.grant,
        add_form=forms.add,
        rename_form=forms.rename or filled({"name": group.name}),
    )


def _grants(work: Work, rows: Sequence[GroupGrant]) -> tuple[GrantShown, ...]:
    names = receiver_names(work, [granted_to(row) for row in rows])
    return tuple(_grant(row, names[granted_to(row)], row.state_at(work.now)) for row in rows)


def _grant(row: GroupGrant, name: str, state: GrantState) -> GrantShown:
    return GrantShown(
        id=str(row.id),
        name=name,
        kind=kind_word(row.to_kind),
        initials=initials(name.replace("-", " ")),
        rights=rights_shown(Right(row.rights)),
        from_at=row.from_at,
        to_at=row.revoked_at or row.to_at,
        is_ended=state is GrantState.ENDED,
        can_end=state is not GrantState.ENDED,
    )
