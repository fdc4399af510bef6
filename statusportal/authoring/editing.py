"""Verbs on a model's rules and alarm codes, one at a time or all together: what fails changes nothing."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from uuid import UUID

from statusportal.authoring.errors import CodeTaken
from statusportal.catalogue.models import DeviceModel
from statusportal.catalogue.profiling import codes_stored, profile_of, rules_stored, stored_codes, stored_rules
from statusportal.catalogue.queries import rules_of
from statusportal.catalogue.versioning import keep_change, model_to_change
from statusportal.catalogue.vocabulary import ModelRules
from statusportal.foundation.errors import Faults, FieldError, Invalid, NotFound, Sentence
from statusportal.profiles.checking import check_profile
from statusportal.profiles.vocabulary import AlarmCode, AnyRule, codes_of, parts_of
from statusportal.work import Work


def set_rules(work: Work, model_id: UUID, rules: Sequence[AnyRule], version: int | None = None) -> DeviceModel:
    """Give a model these rules beside its limits, instead of those it had; all of them, or none.

    Raises: Forbidden, NotFound, Stale, Invalid, with fields named as in `/rules/2/low`.
    """
    model = model_to_change(work, model_id, version)
    present = rules_of(work, [model.id])[model.id]
    faults = Faults()
    check_profile(faults, profile_of(model.name, replace(present, rules=tuple(rules))))
    faults.close()
    model.rules = stored_rules(rules)
    keep_change(work, model, "model.rules_set")
    return model


def add_rule(work: Work, model_id: UUID, rule: AnyRule, version: int | None = None) -> DeviceModel:
    """Give a model one more rule, behind the others.

    Raises: Forbidden, NotFound, Stale, CodeTaken, Invalid with fields named as in `/low`.
    """
    model = model_to_change(work, model_id, version)
    present = rules_of(work, [model.id])[model.id]
    if rule.code in {one.code for one in present.rules}:
        raise CodeTaken(Sentence("This model has a rule %(code)s already.", code=rule.code))
    _set_one(work, model, present, (*present.rules, rule), len(present.rules))
    keep_change(work, model, "model.rule_added")
    return model


def change_rule(work: Work, model_id: UUID, code: str, rule: AnyRule, version: int | None = None) -> DeviceModel:
    """Put a rule in the place of the one with a code; its own code may be another.

    Raises: Forbidden, NotFound, Stale, Invalid with fields named as in `/low`.
    """
    model = model_to_change(work, model_id, version)
    present = rules_of(work, [model.id])[model.id]
    at = _place(present, code)
    _set_one(work, model, present, (*present.rules[:at], rule, *present.rules[at + 1 :]), at)
    keep_change(work, model, "model.rule_changed")
    return model


def remove_rule(work: Work, model_id: UUID, code: str, version: int | None = None) -> DeviceModel:
    """Take a rule out of a model; what was active by it clears.

    Raises: Forbidden, NotFound, Stale, Invalid when a combination is made of it.
    """
    model = model_to_change(work, model_id, version)
    present = rules_of(work, [model.id])[model.id]
    at = _place(present, code)
    left = (*present.rules[:at], *present.rules[at + 1 :])
    _refuse_parts(left, present.rules[at])
    model.rules = stored_rules(left)
    keep_change(work, model, "model.rule_removed")
    return model


def order_rules(work: Work, model_id: UUID, codes: Sequence[str], version: int | None = None) -> DeviceModel:
    """Put a model's rules into an order: the one in which they are shown and told.

    Raises: Forbidden, NotFound, Stale, Invalid unless each rule is named once.
    """
    model = model_to_change(work, model_id, version)
    rules = {rule.code: rule for rule in rules_stored(model.rules)}
    if sorted(codes) != sorted(rules):
        raise Invalid.field("/codes", Sentence("must name each rule of the model once"))
    model.rules = stored_rules(rules[code] for code in codes)
    keep_change(work, model, "model.rules_ordered")
    return model


def set_alarm_code(work: Work, model_id: UUID, words: AlarmCode, version: int | None = None) -> DeviceModel:
    """Say what an alarm code means and what to do about it, or say it anew.

    Raises: Forbidden, NotFound, Stale, Invalid with fields named as in `/meaning_en`.
    """
    model = model_to_change(work, model_id, version)
    known = {one.code: one for one in codes_stored(model.codes)}
    known[words.code] = words
    codes = tuple(known.values())
    present = rules_of(work, [model.id])[model.id]
    faults = Faults()
    check_profile(faults, profile_of(model.name, replace(present, codes=codes)))
    _close_at(faults, f"/codes/{list(known).index(words.code)}")
    model.codes = stored_codes(codes)
    keep_change(work, model, "model.code_set")
    return model


def remove_alarm_code(work: Work, model_id: UUID, code: str, version: int | None = None) -> DeviceModel:
    """Take an alarm code out of a model's catalogue; rules that raise it stay.

    Raises: Forbidden, NotFound, Stale.
    """
    model = model_to_change(work, model_id, version)
    codes = codes_stored(model.codes)
    left = [one for one in codes if one.code != code]
    if len(left) == len(codes):
        raise NotFound
    model.codes = stored_codes(left)
    keep_change(work, model, "model.code_removed")
    return model


def check_one_rule(model: DeviceModel, present: ModelRules, rule: AnyRule, at: int) -> None:
    """Let a rule through only if it can stand among a model's others, in the place `at` or behind them.

    Raises: Invalid with fields named as in `/low`.
    """
    rules = (*present.rules[:at], rule, *present.rules[at + 1 :])
    faults = Faults()
    check_profile(faults, profile_of(model.name, replace(present, rules=rules)))
    _close_at(faults, f"/rules/{at}")


def _set_one(work: Work, model: DeviceModel, present: ModelRules, rules: tuple[AnyRule, ...], at: int) -> None:
    check_one_rule(model, replace(present, rules=rules), rules[at], at)
    model.rules = stored_rules(rules)
    work.session.flush()


def _place(present: ModelRules, code: str) -> int:
    found = [at for at, rule in enumerate(present.rules) if rule.code == code]
    if not found:
        raise NotFound
    return found[0]


def _refuse_parts(left: Iterable[AnyRule], gone: AnyRule) -> None:
    """Keep a rule that a combination is made of."""
    for rule in left:
        if set(parts_of(rule)) & set(codes_of(gone)):
            raise Invalid.field("/code", Sentence("is a part of %(code)s; change that first", code=rule.code))


def _close_at(faults: Faults, place: str) -> None:
    """Name the fields of the one that is being changed as its form has them; what is wrong elsewhere, at the head."""
    errors = []
    for error in faults.errors:
        if error.pointer == place or error.pointer.startswith(f"{place}/"):
            errors.append(FieldError(error.pointer.removeprefix(place), error.detail))
        else:
            told = Sentence("%(where)s: %(why)s", where=error.pointer.strip("/"), why=error.detail)
            errors.append(FieldError("", told))
    if errors:
        raise Invalid(errors)
