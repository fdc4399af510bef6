"""Reads that join rooms for a screen: how all machines of a model are, and what owners share, found by its words."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import and_, case, func, select

from statusportal.access.permissions import Permission
from statusportal.access.policy import actor_holds
from statusportal.accounts.models import Organisation
from statusportal.accounts.vocabulary import OrganisationKind
from statusportal.anonymity.vocabulary import LEAST_OWNERS
from statusportal.community.models import Publication, PublicationLine
from statusportal.community.policy import visible_publications
from statusportal.community.queries import told_of
from statusportal.community.vocabulary import LineState, PublicationState
from statusportal.fleet.models import Device, Ownership
from statusportal.foundation.vocabulary import Connectivity, Health
from statusportal.lexicon.excerpt import marked_excerpt
from statusportal.lexicon.ranking import Ranking
from statusportal.lexicon.terms import Term, folded, terms_of
from statusportal.prose.markdown import plain_text
from statusportal.status.models import DeviceStatus
from statusportal.work import Work, beyond_walls

_ORDER = list(Health)
# How many shared entries are looked through, the newest ones. Source: docs/adr/0056-sharing-without-a-name.md.
MOST_LOOKED_THROUGH = 1_000
# What is read of them at most: so many lines in all, the first under each before the later, and so many characters.
_MOST_LINES = 10_000
_MOST_CHARACTERS = 1_000_000


@dataclass(frozen=True, slots=True)
class SharedHit:
    """A shared entry that was found; `excerpt` is escaped text whose only tag is `<mark>`."""

    row: Publication
    excerpt: str
    score: float


def search_communities(work: Work, query: str, most: int) -> tuple[Sequence[SharedHit], int]:
    """Find what is shared among owners of the actor's own models: the best hits, and how many there are in all.

    Shape: read anew each time, so that what was taken back is in no index. Found are words
    as they were written, the signs of Markdown aside.
    """
    terms = terms_of(query)
    if not terms or not actor_holds(work.actor, Permission.COMMUNITY_READ, None):
        return (), 0
    standing = and_(visible_publications(work.actor), Publication.state == PublicationState.STANDING)
    models = work.session.scalars(select(Publication.model_id).where(standing).distinct()).all()
    newest = (
        select(Publication)
        .where(standing, told_of(work, models))
        .order_by(Publication.shared_at.desc(), Publication.id)
        .limit(MOST_LOOKED_THROUGH)
    )
    rows = work.session.scalars(newest).all()
    said = _said_under(work, [row.id for row in rows]) if rows else {}
    ranking, hits, read = Ranking(terms, frozenset()), list[tuple[float, Publication]](), 0
    for row in rows:
        text = "\n".join([row.body_markdown, *said.get(row.id, ())])
        read += len(text)
        if read > _MOST_CHARACTERS:
            break
        words = {"title_words": folded(row.title), "body_words": folded(text), "key_words": folded(row.code or "")}
        if all(_holds(" ".join(words.values()), term) for term in terms):
            hits.append((ranking.score(words), row))
    best = sorted(hits, key=lambda hit: -hit[0])[:most]
    return [SharedHit(row, _excerpt(row, said.get(row.id, ()), terms), score) for score, row in best], len(hits)


def _said_under(work: Work, publication_ids: Sequence[UUID]) -> Mapping[UUID, Sequence[str]]:
    query = select(PublicationLine.publication_id, PublicationLine.body_markdown).where(
        PublicationLine.publication_id.in_(publication_ids), PublicationLine.state == LineState.VISIBLE
    )
    ordered = query.order_by(PublicationLine.position, PublicationLine.id).limit(_MOST_LINES)
    said: dict[UUID, list[str]] = {}
    for publication_id, body in work.session.execute(ordered):
        said.setdefault(publication_id, []).append(body)
    return said


def _excerpt(row: Publication, said: Sequence[str], terms: Sequence[Term]) -> str:
    """Mark what was found where it stands first; Markdown is read for what is shown alone, since it takes long."""
    bodies = [row.body_markdown, *said]
    found = next((body for body in bodies if any(_holds(folded(body), term) for term in terms)), row.body_markdown)
    return marked_excerpt(plain_text(found) or row.title, terms)


def _holds(text: str, term: Term) -> bool:
    """Tell whether folded words hold what is looked for: words side by side, or a single one or its kin."""
    if len(term.words) > 1:
        return f" {' '.join(term.words)} " in f" {text} "
    return any(term.finds(word) for word in text.split())


def fleet_healths(work: Work, model_id: UUID) -> list[tuple[Health, int]]:
    """Count the machines of a model by health now; one that is silent counts as unknown.

    Shape: groups that belong to fewer than five organisations are left out, so that no count is about somebody.
    """
    is_heard = DeviceStatus.connectivity.in_((Connectivity.ONLINE, Connectivity.STALE))
    health = case((is_heard, DeviceStatus.health), else_=Health.UNKNOWN.value)
    owners = func.count(Ownership.organisation_id.distinct())
    query = (
        select(health, func.count())
        .select_from(DeviceStatus)
        .join(Device, Device.id == DeviceStatus.device_id)
        .join(Ownership, Ownership.device_id == Device.id)
        .join(Organisation, Organisation.id == Ownership.organisation_id)
        .where(Device.model_id == model_id, Ownership.to_at.is_(None), Organisation.kind != OrganisationKind.OPERATOR)
        .group_by(health)
        .having(owners >= LEAST_OWNERS)
    )
    # Whoever asks is shown no machine of another's; only counts of many leave this block.
    with beyond_walls(work):
        found = [(Health(one), count) for one, count in work.session.execute(query)]
    return sorted(found, key=lambda one: _ORDER.index(one[0]))
