"""Reads of the catalogue."""

from collections.abc import Iterable
from uuid import UUID

from sqlalchemy import or_, select, tuple_

from statusportal.access.permissions import Permission
from statusportal.access.policy import require
from statusportal.catalogue.models import DeviceModel, ModelSignal, SignalLimit
from statusportal.catalogue.profiling import rules_stored
from statusportal.catalogue.vocabulary import LimitRule, ModelRules, Side, SignalKind, SignalRule
from statusportal.foundation.errors import NotFound
from statusportal.foundation.paging import Page, Slice, page_of
from statusportal.foundation.vocabulary import Health
from statusportal.work import Work


def model_for(work: Work, name_or_id: str | UUID) -> DeviceModel:
    """Return a model by id, by slug, or by name.

    Raises: NotFound.
    """
    found = find_model(work, name_or_id)
    if found is None:
        raise NotFound(f"There is no device model “{name_or_id}”.")
    return found


def find_model(work: Work, name_or_id: str | UUID) -> DeviceModel | None:
    """Return a model by id, by slug, or by name; a slug goes before a name."""
    if isinstance(name_or_id, UUID):
        return work.session.get(DeviceModel, name_or_id)
    query = select(DeviceModel).where(or_(DeviceModel.slug == name_or_id, DeviceModel.name == name_or_id))
    found = work.session.scalars(query.order_by(DeviceModel.slug != name_or_id, DeviceModel.id).limit(1))
    return found.one_or_none()


def models_page(work: Work, wanted: Slice) -> Page[DeviceModel]:
    """List every model by name: what a product is like is no secret among those who may sign in.

    Raises: Forbidden.
    """
    require(work.actor, Permission.MODEL_VIEW)
    query = select(DeviceModel)
    if position := wanted.position(str, UUID):
        query = query.where(tuple_(DeviceModel.name, DeviceModel.id) > tuple_(*position))
    rows = work.session.scalars(query.order_by(DeviceModel.name, DeviceModel.id).limit(wanted.limit + 1)).all()
    return page_of(rows, wanted, lambda row: (row.name, row.id))


def rules_of(work: Work, model_ids: Iterable[UUID]) -> dict[UUID, ModelRules]:
    """Return what the models say about samples, as values. Three queries, however many models."""
    wanted = set(model_ids)
    signals: dict[UUID, list[SignalRule]] = {model_id: [] for model_id in wanted}
    limits: dict[UUID, list[LimitRule]] = {model_id: [] for model_id in wanted}
    declared = select(ModelSignal).where(ModelSignal.model_id.in_(wanted))
    for signal in work.session.scalars(declared.order_by(ModelSignal.position, ModelSignal.name)):
        signals[signal.model_id].append(_signal_rule(signal))
    set_limits = select(SignalLimit).where(SignalLimit.model_id.in_(wanted)).order_by(SignalLimit.code)
    for limit in work.session.scalars(set_limits):
        limits[limit.model_id].append(_limit_rule(limit))
    columns = select(DeviceModel.id, DeviceModel.expected_interval_s, DeviceModel.is_strict, DeviceModel.rules)
    return {
        row.id: ModelRules(
            expected_interval_s=row.expected_interval_s,
            is_strict=row.is_strict,
            signals=tuple(signals[row.id]),
            limits=tuple(limits[row.id]),
            rules=rules_stored(row.rules),
        )
        for row in work.session.execute(columns.where(DeviceModel.id.in_(wanted)))
    }


def _signal_rule(row: ModelSignal) -> SignalRule:
    return SignalRule(
        name=row.name,
        label_en=row.label_en,
        label_da=row.label_da,
        unit=row.unit,
        kind=SignalKind(row.kind),
        decimals=row.decimals,
    )


def _limit_rule(row: SignalLimit) -> LimitRule:
    return LimitRule(
        id=row.id,
        code=row.code,
        signal_name=row.signal_name,
        side=Side(row.side),
        threshold=row.threshold,
        hysteresis=row.hysteresis,
        duration_s=row.duration_s,
        health=Health(row.health),
        sentence_en=row.sentence_en,
        sentence_da=row.sentence_da,
        advice_en=row.advice_en,
        advice_da=row.advice_da,
    )
