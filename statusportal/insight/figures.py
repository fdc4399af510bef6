"""How much owners of a model share, and about what."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import case, func, select

from statusportal.anonymity.knowing import firmwares_of_many
from statusportal.community.models import Publication
from statusportal.community.queries import standing_about
from statusportal.work import Work

_CODES_SHOWN = 5


@dataclass(frozen=True, slots=True)
class CodeCount:
    """How many shared entries are about an alarm code, and how many of them are resolved."""

    code: str
    count: int
    resolved: int


@dataclass(frozen=True, slots=True)
class CommunityFigures:
    """How much was shared in a community, and how much of it is resolved; the most frequent codes, the most first."""

    shared: int
    resolved: int
    unanswered: int
    firmwares: Sequence[str]
    codes: Sequence[CodeCount]


def figures_of(work: Work, model_id: UUID) -> CommunityFigures:
    """Count what was shared about a model, in two queries."""
    resolved = func.sum(case((Publication.is_resolved, 1), else_=0))
    silent = func.sum(case((Publication.line_count == 0, 1), else_=0))
    where = standing_about(work, model_id)
    by_firmware = (
        select(Publication.firmware, func.count(), resolved, silent).where(*where).group_by(Publication.firmware)
    )
    rows = work.session.execute(by_firmware.order_by(Publication.firmware)).all()
    common = firmwares_of_many(work, model_id)
    by_code = (
        select(Publication.code, func.count(), resolved)
        .where(*where, Publication.code.is_not(None))
        .group_by(Publication.code)
        .order_by(func.count().desc(), Publication.code)
        .limit(_CODES_SHOWN)
    )
    return CommunityFigures(
        shared=sum(row[1] for row in rows),
        resolved=sum(int(row[2] or 0) for row in rows),
        unanswered=sum(int(row[3] or 0) for row in rows),
        firmwares=[row[0] for row in rows if row[0] in common],
        codes=[CodeCount(code, count, int(done or 0)) for code, count, done in work.session.execute(by_code)],
    )
