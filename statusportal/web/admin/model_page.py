"""The page of a model, put together: what stands, and the one form that came back with a trouble."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from uuid import UUID

from flask_babel import gettext as _

from statusportal.administration.devices import devices_of_model, model_to_change
from statusportal.catalogue.models import DeviceModel, ModelSignal, SignalLimit
from statusportal.catalogue.profiling import traits_stored
from statusportal.catalogue.queries import rules_of
from statusportal.catalogue.vocabulary import Side, SignalKind
from statusportal.foundation.vocabulary import Health
from statusportal.http.filters import reader_locale
from statusportal.http.views import shell
from statusportal.http.views.models import LimitRow, ModelDevice, ModelPage, SignalRow
from statusportal.http.views.rules import AlarmCodeRow
from statusportal.http.views.shell import Form, Option
from statusportal.profiles.vocabulary import AlarmCode, Nature
from statusportal.web.admin.model_files import newest_versions
from statusportal.web.admin.rule_view import rule_rows
from statusportal.web.forms import filled
from statusportal.work import Work

_VERSIONS_SHOWN = 5


@dataclass(frozen=True, slots=True)
class Sent:
    """The form that came back: of which part, for which signal and limit; without a part none did."""

    part: str = ""
    form: Form = field(default_factory=Form)
    signal: str = ""
    code: str = ""

    def of(self, part: str, signal: str = "", code: str = "") -> Form | None:
        """Return the form if it is the one of this place."""
        return self.form if (self.part, self.signal, self.code) == (part, signal, code) else None


def model_page(work: Work, model_id: UUID, sent: Sent) -> ModelPage:
    """Put the page together."""
    row = model_to_change(work, model_id)
    rules = rules_of(work, [row.id])[row.id]
    devices, count = devices_of_model(work, row.id)
    return ModelPage(
        id=str(row.id),
        name=row.name,
        slug=row.slug,
        devices=count,
        form=sent.of("model") or _model_form(row),
        signals=_signals(row, sent),
        new_signal=sent.of("new_signal") or filled({"kind": SignalKind.NUMBER, "decimals": 1, "position": 0}),
        kinds=(
            Option(SignalKind.NUMBER, _("Number")),
            Option(SignalKind.BOOLEAN, _("On or off")),
            Option(SignalKind.TEXT, _("Words")),
        ),
        sides=(Option(Side.HIGH, _("above")), Option(Side.LOW, _("below"))),
        version=row.version,
        machines=tuple(
            ModelDevice(str(one.device.id), one.device.name, one.device.serial, one.organisation or "")
            for one in devices
        ),
        natures=_natures(),
        rules=rule_rows(work, row, rules),
        codes=tuple(_code(one, sent) for one in rules.codes),
        new_code=sent.of("new_code") or Form(),
        versions=newest_versions(work, row, _VERSIONS_SHOWN),
    )


def _natures() -> tuple[Option, ...]:
    return (
        Option("", _("as its kind is")),
        Option(Nature.GAUGE, _("a level")),
        Option(Nature.COUNTER, _("a counter: grows until it is reset")),
        Option(Nature.ENUMERATION, _("one of several values")),
        Option(Nature.TEXT, _("free words")),
    )


def _code(one: AlarmCode, sent: Sent) -> AlarmCodeRow:
    is_danish = reader_locale() == "da"
    names = ("code", "meaning_en", "meaning_da", "advice_en", "advice_da")
    form = sent.of("code", code=one.code) or filled({name: getattr(one, name) for name in names})
    lacks = not one.meaning_da or (bool(one.advice_en) and not one.advice_da)
    return AlarmCodeRow(one.code, (is_danish and one.meaning_da) or one.meaning_en, form, lacks)


def _model_form(row: DeviceModel) -> Form:
    names = ("name", "description", "expected_interval_s", "clear_after_s", "is_strict")
    return filled({name: getattr(row, name) for name in names})


def _signals(row: DeviceModel, sent: Sent) -> tuple[SignalRow, ...]:
    limits: dict[str, list[SignalLimit]] = {}
    for limit in row.limits:
        limits.setdefault(limit.signal_name, []).append(limit)
    return tuple(_signal(one, limits.get(one.name, []), sent) for one in row.signals)


def _signal(row: ModelSignal, limits: Sequence[SignalLimit], sent: Sent) -> SignalRow:
    known = {one.code for one in limits}
    unknown = sent.part == "limit" and sent.signal == row.name and sent.code not in known
    names = ("name", "label_en", "label_da", "kind", "unit", "decimals", "position")
    return SignalRow(
        name=row.name,
        label=row.label_da if reader_locale() == "da" else row.label_en,
        unit=row.unit,
        kind=row.kind,
        decimals=row.decimals,
        low=max((one.threshold for one in limits if one.side == Side.LOW), default=None),
        high=min((one.threshold for one in limits if one.side == Side.HIGH), default=None),
        health=_health(max((Health(one.health) for one in limits), key=lambda one: one.rank, default=Health.OFF_SPEC)),
        form=sent.of("signal", row.name)
        or filled({name: getattr(row, name) for name in names} | traits_in_fields(row)),
        limits=tuple(_limit(one, sent) for one in limits),
        new_limit=sent.form if unknown else filled({"side": Side.HIGH, "health": Health.OFF_SPEC}),
        is_open=sent.signal == row.name,
    )


def traits_in_fields(row: ModelSignal) -> dict[str, object]:
    """Return what a signal is beside its kind, as its form shows it: values one a line."""
    traits = traits_stored(row.traits)
    values = "\n".join(f"{value} = {words}" if words else value for value, words in traits.values.items())
    plain = {name: getattr(traits, name) for name in ("nature", "expected_interval_s", "lowest", "highest")}
    return {**plain, "values": values}


def _limit(row: SignalLimit, sent: Sent) -> LimitRow:
    names = ("code", "side", "threshold", "hysteresis", "duration_s", "health")
    words = ("sentence_en", "sentence_da", "advice_en", "advice_da")
    form = sent.of("limit", row.signal_name, row.code)
    return LimitRow(
        code=row.code,
        side=row.side,
        threshold=row.threshold,
        health=_health(Health(row.health)),
        form=form or filled({name: getattr(row, name) for name in (*names, *words)}),
    )


def _health(health: Health) -> shell.Health:
    return health.value
