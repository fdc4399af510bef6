"""What is sent to each operation on a model's rules, codes, file and versions, and on a machine's own limits."""

from collections.abc import Mapping

from tests.matrix.act import Act

_RULE = {"kind": "limit", "code": "R2", "source": "manual", "signal": "temperature", "high": 90}
_FORM = {**_RULE, "high": "90", "health": "off_spec", "was": "", "do": "save", "version": "{model_version}"}
_TOML = 'slug = "oven"\nname = "Oven"\n'
_OF_RULE = {"code": "rule_code"}
_OF_CODE = {"code": "alarm_code"}
_OF_LIMIT = {"code": "limit_code"}
_OWN = {"high": 99, "reason": "Beside the furnace"}

MODEL_ACTS: Mapping[str, tuple[Act, ...]] = {
    "Models.create_model": (Act(json={"slug": "press", "name": "Press"}),),
    "Models.change_model": (Act(json={"name": "Oven 2"}),),
    "Models.set_signal": (Act(json={"unit": "K"}),),
    "Models.remove_signal": (Act(things={"signal_name": "spare_signal"}, status=204),),
    "Models.set_limit": (Act(json={"signal": "temperature", "side": "high", "threshold": 9}, things=_OF_LIMIT),),
    "Models.remove_limit": (Act(status=204, things=_OF_LIMIT),),
    "knowledge.code": (Act(things={"slug": "model_slug", **_OF_CODE}),),
    "Models.set_code": (Act(json={"meaning_en": "Hot"}, things=_OF_CODE),),
    "Models.remove_code": (Act(status=204, things=_OF_CODE),),
    "Rules.add_rule": (Act(json={"rule": _RULE}),),
    "Rules.change_rule": (Act(json={"rule": {**_RULE, "code": "R1"}}, things=_OF_RULE),),
    "Rules.remove_rule": (Act(status=204, things=_OF_RULE),),
    "Rules.order_rules": (Act(json={"codes": ["R1"]}),),
    "Rules.preview": (Act(json={"rule": _RULE, "device": "{device_id}"}, status=200),),
    "Rules.put_profile": (Act(json={"toml": _TOML}),),
    "Rules.restore": (Act(status=200),),
    "Own limits.put_own_limit": (Act(json=_OWN, things=_OF_LIMIT),),
    "Own limits.delete_own_limit": (Act(status=204, things=_OF_LIMIT),),
    "admin.edit_rule": (Act(things=_OF_RULE),),
    "admin.rule": (Act(form=_FORM),),
    "admin.order": (Act(form={"code": "R1", "do": "up", "version": "{model_version}"}),),
    "admin.alarm_code": (Act(form={"code": "E2", "meaning_en": "Cold", "do": "add", "version": "{model_version}"}),),
    "admin.import_file": (Act(form={"toml": _TOML, "do": "import", "version": "{model_version}"}),),
    "admin.restore_model": (Act(form={"version": "{model_version}"}),),
    "devices.own_limit": (Act(form={"high": "99", "reason": "Beside the furnace", "do": "save"}, things=_OF_LIMIT),),
}
