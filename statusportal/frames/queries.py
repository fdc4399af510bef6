"""What stands around devices: the rules of their models, made ready once a revision and then only looked up.

A batch reads the revision of each model that it touches, so rules that somebody changed hold from the next batch on, in
every process. Nothing that reads here changes a model in the same work, so what is kept was committed.

Source: docs/adr/0037-rules-are-data.md.
"""

from collections import OrderedDict
from collections.abc import Iterable, Sequence
from typing import TypeAlias
from uuid import UUID

from sqlalchemy import select

from statusportal.catalogue.models import DeviceModel
from statusportal.catalogue.profiling import profile_of
from statusportal.catalogue.queries import rules_of
from statusportal.catalogue.vocabulary import ModelRules
from statusportal.derivation.timers import Frame
from statusportal.fleet.models import Device
from statusportal.fleet.vocabulary import Held
from statusportal.tuning.queries import bands_under
from statusportal.tuning.vocabulary import Bands, tuned
from statusportal.work import Work

# More models than one portal serves at a time; the oldest are made again when they are needed.
_MOST_KEPT = 1_000

_Revision: TypeAlias = tuple[UUID, int, str]
_Own: TypeAlias = tuple[tuple[str, float | None, float | None], ...]

_READY: OrderedDict[tuple[_Revision, _Own], Frame] = OrderedDict()


def frames_of(work: Work, device_ids: Sequence[UUID], owners: Iterable[Held]) -> dict[UUID, Frame]:
    """Return what stands around each device: two queries where the rules of all are ready.

    Shape: `owners` are the devices' present ownerships, under which they may have limits of their own.
    """
    query = (
        select(Device.id, DeviceModel.id, DeviceModel.version)
        .join(DeviceModel, DeviceModel.id == Device.model_id)
        .where(Device.id.in_(device_ids))
    )
    zone = work.settings.default_time_zone
    revisions = {device_id: (model_id, version, zone) for device_id, model_id, version in work.session.execute(query)}
    frames = _frames(work, set(revisions.values()))
    bands = bands_under(work, owners)
    return {
        device_id: _own_frame(frames[revision], revision, bands[device_id]) if device_id in bands else frames[revision]
        for device_id, revision in revisions.items()
    }


def _frames(work: Work, revisions: set[_Revision]) -> dict[_Revision, Frame]:
    """Look revisions up, and make ready what is new."""
    found = {one: _READY[one, ()] for one in revisions if (one, ()) in _READY}
    new = {revision[0]: revision for revision in revisions - found.keys()}
    for model_id, rules in (rules_of(work, new) if new else {}).items():
        revision = new[model_id]
        found[revision] = _ready(revision, (), rules)
    return found


def _own_frame(frame: Frame, revision: _Revision, bands: Bands) -> Frame:
    """Return what stands around a device that has limits of its own; who has the same ones shares it."""
    own = tuple(sorted((code, band.low, band.high) for code, band in bands.items()))
    return _READY.get((revision, own)) or _ready(revision, own, tuned(frame.rules, bands))


def _ready(revision: _Revision, own: _Own, rules: ModelRules) -> Frame:
    frame = _READY[revision, own] = Frame(rules, revision[2], profile_of("", rules) if rules.rules else None)
    while len(_READY) > _MOST_KEPT:
        _READY.popitem(last=False)
    return frame
