"""Verbs of organisation trees: a holding above its sites."""

from uuid import UUID

from sqlalchemy import select

from statusportal.access.permissions import Permission
from statusportal.access.policy import require
from statusportal.access.vocabulary import SharingMode
from statusportal.accounts.models import Organisation
from statusportal.accounts.queries import organisation_for
from statusportal.accounts.vocabulary import OrganisationKind
from statusportal.audit.service import record_act
from statusportal.fleet.models import OrganisationSharing
from statusportal.fleet.vocabulary import DEEPEST_TREE
from statusportal.foundation.errors import Invalid, Sentence
from statusportal.trees.confiding import sharing_row
from statusportal.trees.errors import TreeTangled
from statusportal.work import Work


def place_organisation(work: Work, organisation_id: UUID, parent_id: UUID) -> OrganisationSharing:
    """Put an organisation under another, whose people then read what it shares with its tree.

    Shape: one that shares with its members, as all do at first, shares with its tree from now on; a stricter choice of
    its own stands.
    Raises: Forbidden, NotFound, Invalid for the operator, TreeTangled for a circle or a tree too deep.
    """
    require(work.actor, Permission.ORGANISATION_PLACE)
    child, parent = organisation_for(work, organisation_id), organisation_for(work, parent_id)
    if OrganisationKind.OPERATOR in {child.kind, parent.kind}:
        raise Invalid.field("/parent", Sentence("the operator stands in no tree"))
    _hold_trees(work)
    above = _above(work, parent.id)
    if child.id in {parent.id, *above}:
        raise TreeTangled(Sentence("An organisation cannot stand under itself."))
    if len(above) + 1 + _height(work, child.id) > DEEPEST_TREE:
        raise TreeTangled(Sentence("A tree has at most %(most)s levels below the top.", most=DEEPEST_TREE))
    row = sharing_row(work, child.id)
    row.parent_id = parent.id
    if row.mode == SharingMode.MEMBERS:
        row.mode = SharingMode.ALL.value
    work.session.flush()
    record_act(
        work, "organisation.placed", "organisation", child.id, organisation_id=child.id, parent_id=str(parent.id)
    )
    return row


def free_organisation(work: Work, organisation_id: UUID) -> OrganisationSharing:
    """Let an organisation stand under nobody any more; nobody above reads it from now on.

    Raises: Forbidden, NotFound.
    """
    require(work.actor, Permission.ORGANISATION_PLACE)
    row = sharing_row(work, organisation_for(work, organisation_id).id)
    row.parent_id = None
    if row.mode == SharingMode.ALL:
        row.mode = SharingMode.MEMBERS.value
    work.session.flush()
    record_act(work, "organisation.freed", "organisation", organisation_id, organisation_id=organisation_id)
    return row


def _above(work: Work, organisation_id: UUID) -> list[UUID]:
    """List who stands above, from the nearest; bounded, so that no circle can hold it."""
    found: list[UUID] = []
    parent_id = _parent(work, organisation_id)
    while parent_id is not None and len(found) <= DEEPEST_TREE:
        found.append(parent_id)
        parent_id = _parent(work, parent_id)
    return found


def _height(work: Work, organisation_id: UUID) -> int:
    """Count the levels below, of the longest branch."""
    height, level = 0, [organisation_id]
    while level and height <= DEEPEST_TREE:
        query = select(OrganisationSharing.organisation_id).where(OrganisationSharing.parent_id.in_(level))
        level = list(work.session.scalars(query))
        height += bool(level)
    return height


def _parent(work: Work, organisation_id: UUID) -> UUID | None:
    query = select(OrganisationSharing.parent_id).where(OrganisationSharing.organisation_id == organisation_id)
    return work.session.scalar(query)


def _hold_trees(work: Work) -> None:
    """Let one tree change at a time: two halves of a circle never meet unseen (SQLite has one writer anyway)."""
    query = select(Organisation.id).where(Organisation.kind == OrganisationKind.OPERATOR.value)
    work.session.execute(query.with_for_update())
