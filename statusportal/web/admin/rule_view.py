"""The views of a model's rules: their list on the model's page, and the editor of one."""

from collections.abc import Iterable, Sequence
from uuid import UUID

from flask import url_for
from flask_babel import gettext as _

from statusportal.administration.devices import devices_of_model, model_to_change
from statusportal.catalogue.models import DeviceModel
from statusportal.catalogue.profiling import limit_as_rule
from statusportal.catalogue.queries import rules_of
from statusportal.catalogue.vocabulary import ModelRules
from statusportal.foundation.vocabulary import Health
from statusportal.http.filters import reader_locale
from statusportal.http.rule_sentences import aggregate_words, rule_sentence, standard_words
from statusportal.http.views import shell
from statusportal.http.views.rules import KindRow, NewRulePage, OwnLimitRow, PartChoice, RulePage, RulePreview, RuleRow
from statusportal.http.views.shell import Form, Option
from statusportal.profiles.vocabulary import EVERY_SIGNAL, AnyRule, CodesRule, codes_of
from statusportal.tuning.queries import count_own_limits, own_limits_of_rule
from statusportal.web.admin.rule_forms import blank_form, code_rows, kind_of, rule_form
from statusportal.web.devices.own_limit_words import band_words
from statusportal.web.devices.rule_words import rule_kind_words
from statusportal.work import Work

_ANYWHERE = ("no_change", "baseline")


def rule_rows(work: Work, model: DeviceModel, rules: ModelRules) -> tuple[RuleRow, ...]:
    """List a model's rules in their order, then the limits of its signals."""
    own = count_own_limits(work, model.id)
    places = {one.name: at for at, one in enumerate(rules.signals, 1)}
    written = [
        RuleRow(
            rule.code, rule_sentence(rule, rules), _worst(rule), _editor(model.id, rule.code), own.get(rule.code, 0)
        )
        for rule in rules.rules
    ]
    limits = [
        RuleRow(
            one.code,
            rule_sentence(limit_as_rule(one), rules),
            one.health.value,
            f"#signal-{places[one.signal_name]}",
            own.get(one.code, 0),
            can_move=False,
        )
        for one in rules.limits
    ]
    return (*written, *limits)


def new_rule_page(work: Work, model_id: UUID) -> NewRulePage:
    """List the kinds of rules."""
    model = model_to_change(work, model_id)
    words = rule_kind_words()
    titles = kind_titles()
    rows = [KindRow(_empty_editor(model.id, kind), titles[kind], words[kind]) for kind in titles]
    return NewRulePage(str(model.id), model.name, tuple(rows))


def rule_page(
    work: Work, model_id: UUID, kind: str, was: str = "", form: Form | None = None, preview: RulePreview | None = None
) -> RulePage:
    """Put the editor together: empty, of the rule known as `was`, or as it was sent."""
    model = model_to_change(work, model_id)
    rules = rules_of(work, [model.id])[model.id]
    stored = next((rule for rule in rules.rules if rule.code == was), None)
    kind = kind_of(stored) if stored is not None and not kind else kind
    first = next((one.name for one in rules.signals), "")
    form = form or (rule_form(stored) if stored else blank_form(kind, EVERY_SIGNAL if kind == "baseline" else first))
    devices, _count = devices_of_model(work, model.id)
    return RulePage(
        id=str(model.id),
        model=model.name,
        version=model.version,
        kind=kind,
        kind_words=rule_kind_words()[kind],
        form=form,
        was=was if stored is not None else "",
        sentence=rule_sentence(stored, rules) if stored else "",
        signals=_signals(rules, kind),
        aggregates=tuple(Option(one, words) for one, words in aggregate_words().items()),
        standards=tuple(Option(one, words) for one, words in standard_words().items()),
        units=unit_options(),
        uses=(
            Option("", _("not looked at")),
            Option("all_of", _("must be active")),
            Option("any_of", _("one of these must be active")),
            Option("none_of", _("must not be active")),
        ),
        parts=tuple(_parts(rules, stored)) if kind == "combination" else (),
        code_rows=code_rows(form) if kind == "codes" else (),
        machines=tuple(Option(str(one.device.id), f"{one.device.serial}, {one.device.name}") for one in devices),
        preview=preview,
        own=tuple(_own(work, model.id, was, rules)) if stored else (),
    )


def unit_options() -> tuple[Option, ...]:
    """Return the units in which a form takes durations."""
    return (Option("s", _("seconds")), Option("min", _("minutes")), Option("h", _("hours")), Option("d", _("days")))


def kind_titles() -> dict[str, str]:
    """Name the kinds of rules, the usual ones first."""
    return {
        "limit": _("Limit"),
        "rate": _("Rate of change"),
        "window": _("Window"),
        "no_change": _("No change"),
        "codes": _("Alarm codes of the machine"),
        "counter_due": _("Counter due"),
        "combination": _("Combination"),
        "native": _("Native condition"),
        "baseline": _("Unlike its own past"),
    }


def _signals(rules: ModelRules, kind: str) -> tuple[Option, ...]:
    danish = reader_locale() == "da"
    labels = {one.name: (one.label_da if danish else one.label_en) or one.name for one in rules.signals}
    found = [
        Option(one.name, f"{labels[one.name]} ({one.unit})" if one.unit else labels[one.name]) for one in rules.signals
    ]
    return (Option(EVERY_SIGNAL, _("every signal")), *found) if kind in _ANYWHERE else tuple(found)


def _parts(rules: ModelRules, stored: AnyRule | None) -> Iterable[PartChoice]:
    for rule in rules.rules:
        if rule is not stored:
            for code in codes_of(rule):
                yield PartChoice(f"part.{code}", code, rule_sentence(rule, rules))
    for limit in rules.limits:
        yield PartChoice(f"part.{limit.code}", limit.code, rule_sentence(limit_as_rule(limit), rules))


def _own(work: Work, model_id: UUID, code: str, rules: ModelRules) -> Sequence[OwnLimitRow]:
    return [
        OwnLimitRow(
            url_for("devices.own_limits", device_id=device.id),
            f"{device.serial}, {device.name_at(work.now)}",
            band_words(row.band, code, rules),
            row.reason,
        )
        for row, device in own_limits_of_rule(work, model_id, code)
    ]


def _worst(rule: AnyRule) -> shell.Health:
    healths = [one.health for one in rule.codes] if isinstance(rule, CodesRule) else [rule.health]
    return max(healths, key=lambda one: one.rank, default=Health.FAILURE).value


def _editor(model_id: UUID, code: str) -> str:
    return url_for("admin.edit_rule", model_id=model_id, code=code)


def _empty_editor(model_id: UUID, kind: str) -> str:
    return url_for("admin.new_rule", model_id=model_id, kind=kind)
