"""Verbs about device models: what a product is called, which signals it has, and what their limits mean."""

import math
import re
from dataclasses import dataclass
from uuid import UUID

import msgspec
from sqlalchemy import select

from statusportal.access.permissions import Permission
from statusportal.access.policy import require
from statusportal.catalogue.errors import LimitCodeTaken, ModelTaken
from statusportal.catalogue.filing import natures_that_fit
from statusportal.catalogue.models import DeviceModel, ModelSignal, SignalLimit
from statusportal.catalogue.profiling import profile_of, rules_stored
from statusportal.catalogue.queries import rules_of
from statusportal.catalogue.versioning import keep_change, keep_made, model_to_change
from statusportal.catalogue.vocabulary import PLAIN, Side, SignalKind, SignalTraits
from statusportal.foundation.errors import Faults, FieldError, Invalid, NotFound, Sentence
from statusportal.foundation.vocabulary import Health
from statusportal.profiles.checking import check_profile
from statusportal.profiles.vocabulary import CLEAR_AFTER_S, codes_of, parts_of, signal_of
from statusportal.work import Work

_SLUG = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
_CODE = re.compile(r"[A-Za-z0-9]+([_.-][A-Za-z0-9]+)*")
_DAY_S = 86_400
_LONGEST_CLEAR_S = 90 * _DAY_S
_MOST_DECIMALS = 9
_LIMIT_HEALTHS = (Health.MAINTENANCE_REQUIRED, Health.OFF_SPEC, Health.CHECK_FUNCTION, Health.FAILURE)


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelWords:
    """What a model is like, apart from its signals. Units: seconds."""

    name: str
    description: str = ""
    is_strict: bool = False
    expected_interval_s: int = 60
    clear_after_s: int = CLEAR_AFTER_S


@dataclass(frozen=True, slots=True, kw_only=True)
class SignalWords:
    """What a signal is called and how it is shown; an empty Danish label falls back to the English one."""

    kind: SignalKind = SignalKind.NUMBER
    unit: str = ""
    label_en: str = ""
    label_da: str = ""
    decimals: int = 1
    position: int = 0
    traits: SignalTraits = PLAIN


@dataclass(frozen=True, slots=True, kw_only=True)
class LimitWords:
    """When a limit is broken and what that means. Threshold and hysteresis in the signal's unit."""

    side: Side
    threshold: float
    hysteresis: float = 0.0
    duration_s: int = 0
    health: Health = Health.OFF_SPEC
    sentence_en: str = ""
    sentence_da: str = ""
    advice_en: str = ""
    advice_da: str = ""


def create_model(work: Work, slug: str, words: ModelWords) -> DeviceModel:
    """Take in a product.

    Raises: Forbidden, Invalid, ModelTaken.
    """
    require(work.actor, Permission.MODEL_ADMINISTER)
    faults = Faults()
    if not _SLUG.fullmatch(slug) or len(slug) > 80:  # noqa: PLR2004 - the column's width
        faults.note("/slug", Sentence("must be small letters, digits and single hyphens, 80 at most"))
    check_model_words(faults, words)
    faults.close()
    if work.session.scalar(select(DeviceModel.id).where(DeviceModel.slug == slug)) is not None:
        raise ModelTaken(Sentence("There is a device model “%(slug)s” already.", slug=slug))
    row = DeviceModel(
        slug=slug,
        name=words.name.strip(),
        description=words.description.strip(),
        is_strict=words.is_strict,
        expected_interval_s=words.expected_interval_s,
        clear_after_s=words.clear_after_s,
        version=1,
        created_at=work.now,
    )
    work.session.add(row)
    keep_made(work, row)
    return row


def change_model(work: Work, model_id: UUID, version: int, words: ModelWords) -> DeviceModel:
    """Change what a model is like; `version` is the one that the editor read.

    Raises: Forbidden, NotFound, Invalid, Stale.
    """
    row = model_to_change(work, model_id, version)
    faults = Faults()
    check_model_words(faults, words)
    faults.close()
    row.name = words.name.strip()
    row.description = words.description.strip()
    row.is_strict = words.is_strict
    row.expected_interval_s = words.expected_interval_s
    row.clear_after_s = words.clear_after_s
    keep_change(work, row, "model.changed")
    return row


def declare_signal(work: Work, model_id: UUID, name: str, words: SignalWords) -> ModelSignal:
    """Declare a signal of a model, or change how it is shown.

    Raises: Forbidden, NotFound, Invalid.
    """
    model = model_to_change(work, model_id)
    faults = Faults()
    clean_name = faults.line("/name", name, most=100)
    label_en = faults.line("/label_en", words.label_en or name, most=200)
    label_da = faults.line("/label_da", words.label_da or label_en, most=200)
    unit = faults.line("/unit", words.unit, most=40, least=0)
    if not 0 <= words.decimals <= _MOST_DECIMALS:
        faults.note("/decimals", Sentence("must be between 0 and %(most)s", most=_MOST_DECIMALS))
    if words.traits.nature is not None and words.traits.nature not in natures_that_fit(words.kind):
        faults.note("/nature", Sentence("does not fit this kind of values"))
    for index, alias in enumerate(words.traits.aliases or ()):
        faults.line(f"/aliases/{index}", alias, most=200)
    faults.close()
    row = work.session.get(ModelSignal, (model.id, clean_name))
    if row is None:
        row = ModelSignal(model_id=model.id, name=clean_name)
        work.session.add(row)
    elif row.kind != words.kind and words.kind is not SignalKind.NUMBER and _limits_of(work, model.id, clean_name):
        raise Invalid.field("/kind", Sentence("has limits, which only numbers can have; remove them first"))
    elif row.kind != words.kind and _is_ruled(model, clean_name):
        raise Invalid.field("/kind", Sentence("has rules, which were made for what it is; remove them first"))
    row.kind, row.unit, row.decimals, row.position = words.kind.value, unit, words.decimals, words.position
    row.label_en, row.label_da = label_en, label_da
    kept = {name: one for name, one in (row.traits or {}).items() if name == "aliases"}
    row.traits = {**kept, **msgspec.to_builtins(words.traits)}
    _check_signal_among_rules(work, model, clean_name)
    keep_change(work, model, "model.signal_declared")
    return row


def remove_signal(work: Work, model_id: UUID, name: str) -> None:
    """Take a signal with its limits out of a model; what was measured stays.

    Raises: Forbidden, NotFound, Invalid when a rule looks at it.
    """
    model = model_to_change(work, model_id)
    row = work.session.get(ModelSignal, (model.id, name))
    if row is None:
        raise NotFound
    if _is_ruled(model, name):
        raise Invalid.field("/name", Sentence("has rules; remove them first"))
    for limit in _limits_of(work, model.id, name):
        work.session.delete(limit)
    work.session.flush()
    work.session.delete(row)
    keep_change(work, model, "model.signal_removed")


def set_limit(work: Work, model_id: UUID, signal_name: str, code: str, words: LimitWords) -> SignalLimit:
    """Set a limit of a signal under a code that people and alarms know it by, or change it.

    Raises: Forbidden, NotFound, Invalid, LimitCodeTaken when the code belongs to another signal.
    """
    model = model_to_change(work, model_id)
    signal = work.session.get(ModelSignal, (model.id, signal_name))
    if signal is None:
        raise Invalid.field("/signal", Sentence("is not a signal of this model; declare it first"))
    faults = Faults()
    _check_limit(faults, code, signal, words)
    faults.close()
    query = select(SignalLimit).where(SignalLimit.model_id == model.id, SignalLimit.code == code)
    row = work.session.scalar(query)
    if row is None:
        if code in {known for rule in rules_stored(model.rules) for known in codes_of(rule)}:
            raise LimitCodeTaken(Sentence("The code %(code)s is that of a rule.", code=code))
        row = SignalLimit(model_id=model.id, signal_name=signal_name, code=code)
        work.session.add(row)
    elif row.signal_name != signal_name:
        raise LimitCodeTaken(
            Sentence("The code %(code)s is that of a limit of %(signal)s.", code=code, signal=row.signal_name)
        )
    row.side, row.health = words.side.value, words.health.value
    row.threshold, row.hysteresis, row.duration_s = words.threshold, words.hysteresis, words.duration_s
    row.sentence_en, row.sentence_da = words.sentence_en.strip(), words.sentence_da.strip()
    row.advice_en, row.advice_da = words.advice_en.strip(), words.advice_da.strip()
    _check_signal_among_rules(work, model, signal_name)
    keep_change(work, model, "model.limit_set")
    return row


def remove_limit(work: Work, model_id: UUID, code: str) -> None:
    """Take a limit out of a model.

    Raises: Forbidden, NotFound.
    """
    model = model_to_change(work, model_id)
    query = select(SignalLimit).where(SignalLimit.model_id == model.id, SignalLimit.code == code)
    row = work.session.scalar(query)
    if row is None:
        raise NotFound
    if code in {part for rule in rules_stored(model.rules) for part in parts_of(rule)}:
        raise Invalid.field("/code", Sentence("is part of a combination; remove that first"))
    work.session.delete(row)
    keep_change(work, model, "model.limit_removed")


def _check_signal_among_rules(work: Work, model: DeviceModel, name: str) -> None:
    """Let a signal be what it is now only if the model's rules can still be held against it.

    Raises: Invalid; of what a rule says, at the head of the form, with the rule's code.
    """
    work.session.flush()
    profile = profile_of(model.name, rules_of(work, [model.id])[model.id])
    faults = Faults()
    check_profile(faults, profile)
    errors = []
    for error in faults.errors:
        _, table, index, *field = error.pointer.split("/")
        if table == "signals" and profile.signals[int(index)].name == name:
            errors.append(FieldError("/" + "/".join(field), error.detail))
        elif table == "rules":
            told = Sentence("The rule %(code)s: %(why)s", code=profile.rules[int(index)].code, why=error.detail)
            errors.append(FieldError("", told))
    if errors:
        raise Invalid(errors)


def _is_ruled(model: DeviceModel, signal_name: str) -> bool:
    return signal_name in {signal_of(rule) for rule in rules_stored(model.rules)}


def _limits_of(work: Work, model_id: UUID, signal_name: str) -> list[SignalLimit]:
    query = select(SignalLimit).where(SignalLimit.model_id == model_id, SignalLimit.signal_name == signal_name)
    return list(work.session.scalars(query))


def check_model_words(faults: Faults, words: ModelWords) -> None:
    """Note every wrong field of what a model is like."""
    if not 1 <= words.expected_interval_s <= _DAY_S:
        faults.note("/expected_interval_s", Sentence("must be between one second and a day"))
    if not 0 <= words.clear_after_s <= _LONGEST_CLEAR_S:
        faults.note("/clear_after_s", Sentence("must be between 0 and %(days)s days", days="90"))
    _check_prose(faults, "/description", words.description)
    faults.line("/name", words.name, most=200)


def _check_limit(faults: Faults, code: str, signal: ModelSignal, words: LimitWords) -> None:
    if not _CODE.fullmatch(code) or len(code) > 40:  # noqa: PLR2004 - the column's width
        faults.note("/code", Sentence("must be letters and digits, joined by _ . or -, 40 at most"))
    if signal.kind != SignalKind.NUMBER:
        faults.note("/signal", Sentence("is not a number, so it has no limits"))
    if not math.isfinite(words.threshold):
        faults.note("/threshold", Sentence("must be a finite number"))
    if not math.isfinite(words.hysteresis) or words.hysteresis < 0:
        faults.note("/hysteresis", Sentence("must be zero or more"))
    if not 0 <= words.duration_s <= _DAY_S:
        faults.note("/duration_s", Sentence("must be between 0 and a day"))
    if words.health not in _LIMIT_HEALTHS:
        faults.note("/health", Sentence("must be one of %(known)s", known=", ".join(_LIMIT_HEALTHS)))
    for field in ("sentence_en", "sentence_da", "advice_en", "advice_da"):
        _check_prose(faults, f"/{field}", getattr(words, field))


def _check_prose(faults: Faults, pointer: str, text: str) -> None:
    if "\x00" in text:
        faults.note(pointer, Sentence("holds a character that cannot be typed"))
    elif len(text) > 5000:  # noqa: PLR2004 - a page of text; longer belongs in an article
        faults.note(pointer, Sentence("may have %(most)s characters, this has %(count)s", most=5000, count=len(text)))
