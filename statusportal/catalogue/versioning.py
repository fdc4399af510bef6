"""What stood: each change of a model leaves its whole file behind, with who made it and when."""

from uuid import UUID

from statusportal.access.permissions import Permission
from statusportal.access.policy import require
from statusportal.audit.service import record_act
from statusportal.catalogue.events import ModelChanged
from statusportal.catalogue.filing import write_model_file
from statusportal.catalogue.models import DeviceModel, ModelVersion
from statusportal.catalogue.queries import model_as_file, model_for
from statusportal.foundation.errors import Stale
from statusportal.work import Work


def model_to_change(work: Work, model_id: UUID, version: int | None = None) -> DeviceModel:
    """Return a model for who may change it; `version` is the one that the editor read, None changes any.

    Raises: Forbidden, NotFound, Stale.
    """
    require(work.actor, Permission.MODEL_ADMINISTER)
    row = model_for(work, model_id)
    work.session.refresh(row, with_for_update=True)  # two editors at once: the second sees what the first made
    if version is not None and row.version != version:
        raise Stale(row.version)
    _keep_present(work, row)
    return row


def keep_change(work: Work, model: DeviceModel, act: str) -> None:
    """Count a change of a model, keep how it stands now, and tell of it."""
    model.version += 1
    work.session.flush()
    _keep(work, model, act)
    record_act(work, act, "device_model", model.id, version=model.version)
    work.emit(ModelChanged(model_id=model.id, version=model.version))


def keep_made(work: Work, model: DeviceModel) -> None:
    """Keep the first version of a model."""
    work.session.flush()
    _keep(work, model, "model.created")
    record_act(work, "model.created", "device_model", model.id)


def _keep_present(work: Work, model: DeviceModel) -> None:
    """Keep how a model stands before its first change, if it was made before versions were kept."""
    if work.session.get(ModelVersion, (model.id, model.version)) is None:
        _keep(work, model, "model.created" if model.version == 1 else "model.changed", is_ours=False)


def _keep(work: Work, model: DeviceModel, act: str, *, is_ours: bool = True) -> None:
    work.session.add(
        ModelVersion(
            model_id=model.id,
            version=model.version,
            at=work.now if is_ours else model.created_at,
            act=act,
            person_id=work.actor.person_id if is_ours else None,
            profile=write_model_file(model_as_file(work, model)),
        )
    )
    work.session.flush()
