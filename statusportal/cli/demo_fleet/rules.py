"""What was written of the demo's machines on screen: rules beside the limits, codes, and one limit of its own."""

from sqlalchemy import delete, select

from statusportal.access.actor import SYSTEM
from statusportal.authoring.editing import add_rule, set_alarm_code
from statusportal.catalogue.models import DeviceModel, ModelVersion
from statusportal.cli.demo_fleet.world import World, actor_named
from statusportal.foundation.vocabulary import Health
from statusportal.profiles.vocabulary import (
    Aggregate,
    AlarmCode,
    AnyRule,
    CombinationRule,
    NoChangeRule,
    RateRule,
    WindowRule,
)
from statusportal.tuning.service import OwnLimit, set_own_limit
from statusportal.tuning.vocabulary import Band
from statusportal.work import Work, Works

_MANUAL = "Boreas 37 manual, chapter 9"
_FREEZER = "Polar 86 manual, chapter 6"

RULES: tuple[tuple[str, AnyRule], ...] = (
    (
        "boreas-37",
        RateRule(
            code="B-208",
            source=_MANUAL,
            signal="oil_temperature",
            high=20.0,
            over_s=300.0,
            per_s=300.0,
            health=Health.FAILURE,
            sentence_en="The oil has warmed by {value} within five minutes. It is losing oil or cannot cool.",
            sentence_da="Olien er blevet {value} varmere på fem minutter. Den taber olie eller kan ikke køle.",
            advice_en="Stop the compressor and look for oil below it.",
            advice_da="Stop kompressoren, og se efter olie under den.",
        ),
    ),
    (
        "boreas-37",
        NoChangeRule(
            code="B-310",
            source=_MANUAL,
            signal="pressure",
            for_s=21_600.0,
            health=Health.CHECK_FUNCTION,
            sentence_en="The pressure has stood still at {value} for six hours. The sensor may be stuck.",
            sentence_da="Trykket har stået stille på {value} i seks timer. Føleren sidder måske fast.",
        ),
    ),
    (
        "boreas-37",
        CombinationRule(
            code="B-900",
            source=_MANUAL,
            all_of=("B-207", "B-118"),
            pending_s=600.0,
            health=Health.FAILURE,
            sentence_en="The oil is too hot and the inlet filter is clogged. It will stop by itself.",
            sentence_da="Olien er for varm, og indsugningsfilteret er stoppet. Den stopper snart af sig selv.",
        ),
    ),
    (
        "polar-86",
        RateRule(
            code="P-112",
            source=_FREEZER,
            signal="chamber_temperature",
            high=25.0,
            over_s=3_600.0,
            per_s=3_600.0,
            health=Health.CHECK_FUNCTION,
            sentence_en="It has warmed by {value} within an hour, as if the door stood open.",
            sentence_da="Den er blevet {value} varmere på en time, som om døren stod åben.",
        ),
    ),
    (
        "polar-86",
        WindowRule(
            code="P-206",
            source=_FREEZER,
            signal="interstage_temperature",
            aggregate=Aggregate.MEAN,
            over_s=86_400.0,
            high=-10.0,
            hysteresis=2.0,
            health=Health.MAINTENANCE_REQUIRED,
            sentence_en="Between the stages it averaged {value} over a day. The first stage is losing refrigerant.",
            sentence_da="Mellem trinnene var der i snit {value} over et døgn. Første trin taber kølemiddel.",
        ),
    ),
)
CODES: tuple[tuple[str, AlarmCode], ...] = (
    (
        "boreas-37",
        AlarmCode(
            code="B-207",
            meaning_en="The oil leaves the screw too hot.",
            meaning_da="Olien forlader skruen for varm.",
            advice_en="Clean the cooler. Look at the fan belt. The room should stay below 40 °C.",
            advice_da="Rens køleren. Se efter kileremmen. Rummet bør holde sig under 40 °C.",
        ),
    ),
    (
        "boreas-37",
        AlarmCode(
            code="B-118",
            meaning_en="The inlet filter is clogging.",
            meaning_da="Indsugningsfilteret stopper til.",
            advice_en="Change it within a week, part B3-021.",
        ),
    ),
    (
        "polar-86",
        AlarmCode(
            code="P-302",
            meaning_en="The second cooling stage has stopped.",
            meaning_da="Andet køletrin er stoppet.",
            advice_en="Move what is inside. Do not open the door more than you must.",
            advice_da="Flyt indholdet. Åbn ikke døren mere end nødvendigt.",
        ),
    ),
)
TUNED = ("BR37-2402", "B-301", OwnLimit(Band(low=6.0), "The net of the laboratory is set to 6.6 bar."))


def write_on_screen(works: Works, world: World) -> None:
    """Let the editor of models have something to show, written by those whose right it is."""
    with works.writing(SYSTEM) as work:
        _forget_paces(work)
    with works.writing(actor_named(works, world, "pernille")) as work:
        for slug, rule in RULES:
            add_rule(work, world.models[slug], rule)
        for slug, words in CODES:
            set_alarm_code(work, world.models[slug], words)
    serial, code, own = TUNED
    with works.writing(actor_named(works, world, "jonas")) as work:
        set_own_limit(work, world.devices[serial], code, own)


def _forget_paces(work: Work) -> None:
    """Forget the versions in which nothing changed but how often the made-up past was told."""
    stands = select(DeviceModel.version).where(DeviceModel.id == ModelVersion.model_id).scalar_subquery()
    paces = delete(ModelVersion).where(ModelVersion.act == "model.changed", ModelVersion.version < stands)
    work.session.execute(paces, execution_options={"synchronize_session": False})
