"""What the matrix's model judges by, and the version that a form about it names."""

from uuid import UUID

from statusportal.access.actor import SYSTEM
from statusportal.authoring.editing import add_rule, set_alarm_code
from statusportal.catalogue.modelling import SignalWords, declare_signal
from statusportal.catalogue.models import DeviceModel
from statusportal.profiles.vocabulary import AlarmCode, LimitRule
from statusportal.work import Works


def write_rules(works: Works, model: DeviceModel) -> None:
    """Give a model a rule and an alarm code, and a signal that neither looks at."""
    with works.writing(SYSTEM) as work:
        declare_signal(work, model.id, "spare", SignalWords())
        add_rule(work, model.id, LimitRule(code="R1", source="manual", signal="temperature", low=1.0))
        set_alarm_code(work, model.id, AlarmCode(code="E1", meaning_en="Hot"))


def model_version(works: Works, model_id: str) -> str:
    """Return the version that a form about the model must name."""
    with works.reading(SYSTEM) as work:
        return str(work.session.get(DeviceModel, UUID(model_id)).version)
