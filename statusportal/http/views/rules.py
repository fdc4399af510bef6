"""View models of the rules of a device model: their list, the editor with its preview, files and versions."""

from dataclasses import dataclass, field
from datetime import datetime

from statusportal.http.views.devices import Chart
from statusportal.http.views.shell import Form, Health, Option, Pages


@dataclass(frozen=True, slots=True)
class RuleRow:
    """A rule in the model's list, as one plain sentence. `own` is how many machines have a limit of their own.

    `href` leads to its editor; one that is a limit of a signal stands with its signal and cannot be moved here.
    """

    code: str
    sentence: str
    health: Health
    href: str
    own: int = 0
    can_move: bool = True


@dataclass(frozen=True, slots=True)
class AlarmCodeRow:
    """An alarm code of the catalogue. Fields: code, meaning_en, meaning_da, advice_en, advice_da."""

    code: str
    meaning: str
    form: Form
    lacks_danish: bool = False


@dataclass(frozen=True, slots=True)
class VersionRow:
    """What a model was after a change: its number, the act in words, who, and when."""

    number: int
    act: str
    who: str
    at: datetime
    is_present: bool = False


@dataclass(frozen=True, slots=True)
class FiringRow:
    """A time that the rule would have fired: its number on the chart, place in percent, and words."""

    number: int
    left: float
    width: float
    words: str
    detail: str = ""


@dataclass(frozen=True, slots=True)
class RulePreview:
    """Fragment `admin/_rule_preview.html`: what the rule would have done on one machine.

    `count` is how often, `headline` and `detail` say it; `notes` what the reader must know of it. `chart` None: there
    is no one curve to draw. `trouble` replaces all of it: the rule as it stands in the form cannot be tried.
    """

    count: int = 0
    headline: str = ""
    detail: str = ""
    machine: str = ""
    health: Health = "off_spec"
    chart: Chart | None = None
    firings: tuple[FiringRow, ...] = ()
    passings: tuple[FiringRow, ...] = ()
    more: int = 0
    notes: tuple[str, ...] = ()
    trouble: str = ""


@dataclass(frozen=True, slots=True)
class PartChoice:
    """Another rule that a combination may be made of, by its field name; its choice stands in the form."""

    name: str
    code: str
    sentence: str


@dataclass(frozen=True, slots=True)
class OwnLimitRow:
    """A machine that has a limit of its own for this rule."""

    href: str
    machine: str
    words: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RulePage:
    """Template `admin/rule.html`: the editor of one rule. `was` is the code it is known by, empty for a new one.

    Fields: kind, code, source, health, sentence_en, sentence_da, advice_en, advice_da, device; pending_s,
    keep_firing_s, cooldown_s and clear_after_s with a unit each in a field of the same name and `_unit`; and the
    kind's own: signal, low, high, hysteresis, over_s, per_s, aggregate, samples, for_s, tolerance, every, every_s,
    ahead, standard, learn, window; `codes.0.code`, `.value`, `.bit`, `.health` and on; `part.CODE` of `parts`.
    """

    id: str
    model: str
    version: int
    kind: str
    kind_words: str
    form: Form
    was: str = ""
    sentence: str = ""
    signals: tuple[Option, ...] = ()
    aggregates: tuple[Option, ...] = ()
    standards: tuple[Option, ...] = ()
    units: tuple[Option, ...] = ()
    uses: tuple[Option, ...] = ()
    parts: tuple[PartChoice, ...] = ()
    code_rows: tuple[int, ...] = ()
    healths: tuple[Health, ...] = ("off_spec", "maintenance_required", "check_function", "failure")
    machines: tuple[Option, ...] = ()
    preview: RulePreview | None = None
    own: tuple[OwnLimitRow, ...] = ()


@dataclass(frozen=True, slots=True)
class KindRow:
    """A kind of rule to choose: what it looks at, and where its empty editor is."""

    href: str
    title: str
    words: str


@dataclass(frozen=True, slots=True)
class NewRulePage:
    """Template `admin/new_rule.html`: which kind of rule is to be added."""

    id: str
    model: str
    kinds: tuple[KindRow, ...]


@dataclass(frozen=True, slots=True)
class ChangeRow:
    """One thing that a file would do to the model: the act in words, and the place in the file."""

    act: str
    place: str


@dataclass(frozen=True, slots=True)
class TurnRow:
    """A machine that would have another health, what it is and would be, and by what."""

    href: str
    machine: str
    serial: str
    was: Health
    would_be: Health
    because: str


@dataclass(frozen=True, slots=True)
class FilePage:
    """Template `admin/model_file.html`. Fields: toml, or file; version.

    Before it was tried `changes` is None. `looked_at` of `machines` were tried.
    """

    id: str
    model: str
    version: int
    form: Form = field(default_factory=Form)
    changes: tuple[ChangeRow, ...] | None = None
    turns: tuple[TurnRow, ...] = ()
    looked_at: int = 0
    machines: int = 0
    problems: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class VersionPage:
    """Template `admin/model_version.html`: a model as it stood, and what going back to it would change."""

    id: str
    model: str
    row: VersionRow
    version: int
    toml: str
    changes: tuple[ChangeRow, ...]


@dataclass(frozen=True, slots=True)
class OwnLimitForm:
    """A rule whose numbers a machine may have for itself. Fields: low, high, reason; `has_low` and `has_high` of them.

    `own` says who set it and why; empty where the model's numbers hold.
    """

    code: str
    sentence: str
    models: str
    form: Form
    unit: str = ""
    has_low: bool = False
    has_high: bool = False
    own: str = ""


@dataclass(frozen=True, slots=True)
class OwnLimitsPage:
    """Template `own_limits.html`: one machine's own limits."""

    device_id: str
    name: str
    model: str
    serial: str
    limits: tuple[OwnLimitForm, ...]
    can_change: bool = False


@dataclass(frozen=True, slots=True)
class VersionsPage:
    """Template `admin/model_versions.html`: every version of a model, the newest first."""

    id: str
    model: str
    versions: tuple[VersionRow, ...]
    pages: Pages = field(default_factory=Pages)
