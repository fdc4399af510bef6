"""Sample views of a model's rules: the list, the editor with its preview, files, versions, and own limits."""

import math
from datetime import timedelta

from statusportal.http.views import rules, shell
from statusportal.http.views.devices import Chart
from tests.factories.views import NOW, ago

_UNITS = (shell.Option("s", "seconds"), shell.Option("min", "minutes"))
_HEAT = (shell.Option("oil_temp", "Oil temperature (°C)"), shell.Option("pressure", "Pressure (bar)"))
_MACHINES = (shell.Option("d1", "BR37-2210, Compressor, filling hall"),)
_HOT = "Out of specification when Oil temperature is above 105 °C for 5 min."


def rule_rows() -> tuple[rules.RuleRow, ...]:
    row = rules.RuleRow
    return (
        row("B-207", _HOT, "off_spec", "/x", 12),
        row("B-900", "Failure when B-207 and B-118 are active.", "failure", "/x"),
        row("B-301", "Out of specification when Pressure is below 6.3 bar.", "off_spec", "#signal-2", can_move=False),
    )


def code_rows() -> tuple[rules.AlarmCodeRow, ...]:
    form = shell.Form({"code": "B-207", "meaning_en": "The oil is too hot."}, {"meaning_en": "Must not be empty."})
    return (rules.AlarmCodeRow("B-207", "The oil is too hot.", form, lacks_danish=True),)


def version_rows() -> tuple[rules.VersionRow, ...]:
    row = rules.VersionRow
    return (
        row(9, "gave the model a rule", "Birgit Vestergaard", ago(days=1), is_present=True),
        row(8, "read the model from a file", "Nordværk", ago(days=90)),
    )


def preview() -> rules.RulePreview:
    points = tuple((NOW - timedelta(hours=720 - at), 90 + 18 * math.sin(at / 7)) for at in range(0, 720, 12))
    chart = Chart(
        "oil_temp", "Oil temperature", "°C", NOW - timedelta(days=30), NOW, points, high=105.0, health="off_spec"
    )
    row = rules.FiringRow
    return rules.RulePreview(
        count=3,
        headline="times it would have fired, 39 h in all",
        detail="As it stands it fired 5 times.",
        machine="BR37-2210, Engdal Mejeri",
        chart=chart,
        firings=(
            row(1, 15.8, 1.2, "24 October 18:05, for 9 h", "B-207"),
            row(2, 50, 1, "4 November"),
        ),
        passings=(row(0, 38.0, 0.1, "31 October, for 2 min: too short, no alarm"),),
        more=1,
        notes=("So many values came that only 12 days of them were looked at.",),
    )


def _editor(kind: str, **more) -> rules.RulePage:
    values = {"code": "B-207", "source": "manual, page 12", "signal": "oil_temp", "high": "105", "pending_s": "5"}
    return rules.RulePage(
        id="m1",
        model="Boreas 37",
        version=9,
        kind=kind,
        kind_words="The value is beyond a limit.",
        signals=_HEAT,
        units=_UNITS,
        aggregates=(shell.Option("mean", "the mean"),),
        standards=(shell.Option("opcua", "OPC UA"),),
        uses=(shell.Option("", "not looked at"), shell.Option("all_of", "must be active")),
        **{
            "form": shell.Form({**values, "pending_s_unit": "min", "health": "off_spec"}),
            "machines": _MACHINES,
            **more,
        },
    )


def limit_rule() -> rules.RulePage:
    own = rules.OwnLimitRow("/x", "BR37-2402, Trykluft", "at most 110 °C", "It stands beside the furnace.")
    return _editor("limit", was="B-207", sentence=_HOT, preview=preview(), own=(own,))


def wrong_rule() -> rules.RulePage:
    wrong = {"low": "Is above “high”.", "code": "Must be letters and digits.", "": "HOT: leads back to this rule"}
    return _editor("rate", form=shell.Form({"low": "9", "high": "8"}, wrong))


def codes_rule() -> rules.RulePage:
    strip = rules.RulePreview(1, "time it would have fired", "", firings=(rules.FiringRow(1, 20.0, 5.0, "3 May"),))
    return _editor("codes", code_rows=(0, 1), preview=strip)


def combined_rule() -> rules.RulePage:
    return _editor("combination", parts=(rules.PartChoice("part.B-118", "B-118", "The filter clogs."),), machines=())


def window_rule() -> rules.RulePage:
    return _editor("window", preview=rules.RulePreview(trouble="high: Write a number."))


def counter_rule() -> rules.RulePage:
    return _editor("counter_due")


def native_rule() -> rules.RulePage:
    return _editor("native")


def new_rule() -> rules.NewRulePage:
    kind = rules.KindRow
    return rules.NewRulePage("m1", "Boreas 37", (kind("/x", "Limit", "The value is beyond a limit."),))


def file_tried() -> rules.FilePage:
    turn = rules.TurnRow("/x", "Compressor 1", "BR37-1804", "off_spec", "normal", "B-207")
    change = rules.ChangeRow("changes", "rule B-207")
    form = shell.Form({"toml": 'slug = "boreas-37"', "version": "9"})
    return rules.FilePage("m1", "Boreas 37", 9, form, (change,), (turn,), 40, 189)


def file_wrong() -> rules.FilePage:
    return rules.FilePage("m1", "Boreas 37", 9, problems=("rules.0.low: is above “high”",))


def version() -> rules.VersionPage:
    toml = 'slug = "boreas-37"\nname = "Boreas 37"\n'
    return rules.VersionPage(
        "m1", "Boreas 37", version_rows()[1], 9, toml, (rules.ChangeRow("takes out", "rule B-900"),)
    )


def versions() -> rules.VersionsPage:
    return rules.VersionsPage("m1", "Boreas 37", version_rows(), shell.Pages("?cursor=1"))


def own_limits() -> rules.OwnLimitsPage:
    limit = rules.OwnLimitForm
    wrong = shell.Form({"high": "x", "reason": ""}, {"high": "Write a number.", "reason": "Must not be empty."})
    own = "at most 110 °C. Set by Jonas Lind, 4 May: “It stands beside the furnace.”"
    return rules.OwnLimitsPage(
        "d1",
        "Compressor, filling hall",
        "Boreas 37",
        "BR37-2210",
        (
            limit("B-207", _HOT, "at most 105 °C", wrong, "°C", has_high=True, own=own),
            limit("B-301", "Pressure is outside 6 to 8 bar.", "6 to 8 bar", shell.Form(), "bar", True, True),  # noqa: FBT003 - two sides
        ),
        can_change=True,
    )


def no_own_limits() -> rules.OwnLimitsPage:
    return rules.OwnLimitsPage("d1", "Compressor", "Boreas 37", "BR37-2210", ())
