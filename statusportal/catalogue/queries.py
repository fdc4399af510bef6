"""Reads of the catalogue."""

from collections.abc import Iterable
from uuid import UUID

from sqlalchemy import or_, select, tuple_
from sqlalchemy.orm import joinedload

from statusportal.access.permissions import Permission
from statusportal.access.policy import require
from statusportal.catalogue.filing import ModelFile, file_of
from statusportal.catalogue.models import DeviceModel, ModelSignal, ModelVersion, SignalLimit
from statusportal.catalogue.profiling import codes_stored, rules_stored, traits_stored
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


def model_as_file(work: Work, model: DeviceModel) -> ModelFile:
    """Return a stored model as its file."""
    return file_of(model.slug, model.name, model.description, rules_of(work, [model.id])[model.id])


def versions_page(work: Work, model_id: UUID, wanted: Slice) -> Page[ModelVersion]:
    """List what a model was, the newest version first.

    Raises: Forbidden, NotFound.
    """
    require(work.actor, Permission.MODEL_ADMINISTER)
    model = model_for(work, model_id)
    query = select(ModelVersion).where(ModelVersion.model_id == model.id).options(joinedload(ModelVersion.person))
    if position := wanted.position(int):
        query = query.where(ModelVersion.version < position[0])
    rows = work.session.scalars(query.order_by(ModelVersion.version.desc()).limit(wanted.limit + 1)).all()
    return page_of(rows, wanted, lambda row: (row.version,))


def version_for(work: Work, model_id: UUID, number: int) -> ModelVersion:
    """Return what a model was in a version.

    Raises: Forbidden, NotFound.
    """
    require(work.actor, Permission.MODEL_ADMINISTER)
    query = select(ModelVersion).where(ModelVersion.model_id == model_id, ModelVersion.version == number)
    found = work.session.scalar(query.options(joinedload(ModelVersion.person)))
    if found is None:
        raise NotFound
    return found


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
    kept = DeviceModel
    columns = select(kept.id, kept.expected_interval_s, kept.is_strict, kept.rules, kept.codes, kept.clear_after_s)
    return {
        row.id: ModelRules(
            expected_interval_s=row.expected_interval_s,
            is_strict=row.is_strict,
            signals=tuple(signals[row.id]),
            limits=tuple(limits[row.id]),
            rules=rules_stored(row.rules),
            codes=codes_stored(row.codes),
            clear_after_s=row.clear_after_s,
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
        traits=traits_stored(row.traits),
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
