"""Verbs on whole models: make one equal to a file, or to what it was before."""

from uuid import UUID

import msgspec
from sqlalchemy import delete

from statusportal.catalogue.filing import (
    ModelFile,
    natures_that_fit,
    profile_in_file,
    read_model_file,
    traits_in_file,
)
from statusportal.catalogue.modelling import ModelWords, check_model_words, create_model
from statusportal.catalogue.models import DeviceModel, ModelSignal, ModelVersion, SignalLimit
from statusportal.catalogue.profiling import stored_codes, stored_rules
from statusportal.catalogue.queries import find_model, version_for
from statusportal.catalogue.versioning import keep_change, model_to_change
from statusportal.foundation.errors import Faults, FieldError, Sentence
from statusportal.profiles.checking import check_profile
from statusportal.profiles.vocabulary import Profile
from statusportal.profiles.writing import read_profile, read_toml
from statusportal.work import Work

_NAME_MOST, _LABEL_MOST, _UNIT_MOST, _DECIMALS_MOST = 100, 200, 40, 9
_DAY_S = 86_400
_LIMIT_FIELDS = {"high": "threshold", "low": "threshold", "pending_s": "duration_s"}


def import_model(work: Work, wanted: ModelFile, version: int | None = None) -> DeviceModel:
    """Make the stored model equal to the file, or make one: what the file does not name is taken out.

    Shape: `version` is the one that the editor read, None changes any. All of it, or nothing.
    Raises: Forbidden, Stale, Invalid with every wrong field as in `/signals/0/limits/1/threshold`.
    """
    check_model_file(wanted)
    stored = find_model(work, wanted.slug)
    if stored is None or stored.slug != wanted.slug:
        model = create_model(work, wanted.slug, _words(wanted))
    else:
        model = model_to_change(work, stored.id, version)
    _fill(work, model, wanted)
    keep_change(work, model, "model.imported")
    return model


def restore_version(work: Work, model_id: UUID, number: int, version: int | None = None) -> DeviceModel:
    """Make a model what it was in an earlier version; that is a new version again.

    Raises: Forbidden, NotFound, Stale, Invalid where that version's limits would be refused today.
    """
    model = model_to_change(work, model_id, version)
    wanted = file_of_version(version_for(work, model.id, number))
    check_model_file(wanted)
    _fill(work, model, wanted)
    keep_change(work, model, "model.restored")
    return model


def file_of_version(row: ModelVersion) -> ModelFile:
    """Return a kept version as a file."""
    return read_model_file(row.profile.encode())


def read_profile_file(content: bytes) -> Profile:
    """Read a file as the profile that it is judged by: a profile, or a whole model, which has a slug.

    Raises: Invalid with every wrong field.
    """
    if "slug" not in read_toml(content):
        return read_profile(content.decode())
    wanted = read_model_file(content)
    check_model_file(wanted)
    return profile_in_file(wanted)


def check_model_file(wanted: ModelFile) -> None:
    """Let a file through only if everything in it is right.

    Raises: Invalid with every wrong field.
    """
    faults, profile_faults = Faults(), Faults()
    check_model_words(faults, _words(wanted))
    for at, signal in enumerate(wanted.signals):
        place = f"/signals/{at}"
        faults.line(f"{place}/name", signal.name, most=_NAME_MOST)
        for field, most in (("label_en", _LABEL_MOST), ("label_da", _LABEL_MOST), ("unit", _UNIT_MOST)):
            faults.line(f"{place}/{field}", getattr(signal, field), most=most, least=0)
        if not 0 <= signal.decimals <= _DECIMALS_MOST:
            faults.note(f"{place}/decimals", Sentence("must be between 0 and %(most)s", most=_DECIMALS_MOST))
        if signal.nature is not None and signal.nature not in natures_that_fit(signal.kind):
            faults.note(f"{place}/nature", Sentence("does not fit this kind of values"))
        for index, limit in enumerate(signal.limits):
            if not 0 <= limit.duration_s <= _DAY_S:
                faults.note(f"{place}/limits/{index}/duration_s", Sentence("must be between 0 and a day"))
    check_profile(profile_faults, profile_in_file(wanted))
    said = {error.pointer for error in faults.errors}
    for error in _places(tuple(profile_faults.errors), wanted):
        if error.pointer not in said:
            faults.note(error.pointer, error.detail)
    faults.close()


def _places(errors: tuple[FieldError, ...], wanted: ModelFile) -> list[FieldError]:
    """Say where in the file what is wrong with its profile stands: a limit stands there with its signal."""
    limits = [
        f"/signals/{at}/limits/{index}" for at, one in enumerate(wanted.signals) for index in range(len(one.limits))
    ]
    found = []
    for error in errors:
        parts = error.pointer.split("/")
        if parts[1:2] == ["rules"] and len(parts) > 2 and int(parts[2]) >= len(wanted.rules):  # noqa: PLR2004 - /rules/N
            field = "/".join(_LIMIT_FIELDS.get(part, part) for part in parts[3:])
            found.append(FieldError(f"{limits[int(parts[2]) - len(wanted.rules)]}/{field}", error.detail))
        else:
            found.append(error)
    return found


def _words(wanted: ModelFile) -> ModelWords:
    return ModelWords(
        name=wanted.name,
        description=wanted.description,
        is_strict=wanted.is_strict,
        expected_interval_s=wanted.expected_interval_s,
        clear_after_s=wanted.clear_after_s,
    )


def _fill(work: Work, model: DeviceModel, wanted: ModelFile) -> None:
    model.name, model.description = wanted.name.strip(), wanted.description.strip()
    model.is_strict, model.expected_interval_s = wanted.is_strict, wanted.expected_interval_s
    model.clear_after_s = wanted.clear_after_s
    model.rules, model.codes = stored_rules(wanted.rules), stored_codes(wanted.codes)
    _fill_signals(work, model, wanted)
    _fill_limits(work, model, wanted)


def _fill_signals(work: Work, model: DeviceModel, wanted: ModelFile) -> None:
    kept = {signal.name.strip() for signal in wanted.signals}
    gone = [name for name in (row.name for row in model.signals) if name not in kept]
    limits_gone = delete(SignalLimit).where(SignalLimit.model_id == model.id, SignalLimit.signal_name.in_(gone))
    work.session.execute(limits_gone)
    work.session.execute(delete(ModelSignal).where(ModelSignal.model_id == model.id, ModelSignal.name.in_(gone)))
    for position, signal in enumerate(wanted.signals):
        name = signal.name.strip()
        row = work.session.get(ModelSignal, (model.id, name))
        if row is None:
            row = ModelSignal(model_id=model.id, name=name)
            work.session.add(row)
        row.kind, row.unit, row.decimals, row.position = signal.kind, signal.unit.strip(), signal.decimals, position
        row.label_en = signal.label_en.strip() or name
        row.label_da = signal.label_da.strip() or row.label_en
        row.traits = msgspec.to_builtins(traits_in_file(signal))
    work.session.flush()
    work.session.expire(model, ["signals", "limits"])


def _fill_limits(work: Work, model: DeviceModel, wanted: ModelFile) -> None:
    """Set the limits; one keeps its id where it stays with its signal, so that what is active by it goes on."""
    rows = {row.code: row for row in model.limits}
    given = {limit.code: (signal.name.strip(), limit) for signal in wanted.signals for limit in signal.limits}
    for code, stored in rows.items():
        if code not in given or given[code][0] != stored.signal_name:
            work.session.delete(stored)
    work.session.flush()
    for code, (signal_name, limit) in given.items():
        kept = rows.get(code)
        if kept is not None and kept.signal_name == signal_name:
            row = kept
        else:
            row = SignalLimit(model_id=model.id, signal_name=signal_name, code=code)
            work.session.add(row)
        for name in ("threshold", "hysteresis", "duration_s"):
            setattr(row, name, getattr(limit, name))
        row.side, row.health = limit.side.value, limit.health.value
        for name in ("sentence_en", "sentence_da", "advice_en", "advice_da"):
            setattr(row, name, getattr(limit, name).strip())
    work.session.flush()
    work.session.expire(model, ["limits"])
