import pytest

from statusportal.connections.describing import adapter_named, adapters, options_of, require_sound, secret_names
from statusportal.connections.vocabulary import ConnectionDraft
from statusportal.foundation.errors import FieldError, Invalid

SOUND = {"host": "127.0.0.1", "topics": ["plant/+/telemetry"]}


def faults(draft):
    with pytest.raises(Invalid) as caught:
        require_sound(draft, draft.options)
    return [(error.pointer, error.detail) for error in caught.value.errors]


def test_adapters_are_listed_by_name():
    assert [one.name for one in adapters()] == ["files", "mqtt", "replay", "simulated"]


def test_options_of_mqtt_tell_what_is_secret_and_required():
    options = {one.name: one for one in options_of("mqtt")}

    assert secret_names("mqtt") == {"password"}
    assert [name for name, one in options.items() if one.is_required] == ["host", "topics"]
    assert (options["port"].kind, options["port"].default) == ("integer", 1883)


def test_unknown_adapter_is_named_with_those_there_are():
    with pytest.raises(Invalid) as caught:
        adapter_named("mqqt")

    assert caught.value.errors == (
        FieldError("/adapter", "There is no adapter 'mqqt'. There are: files, mqtt, replay, simulated."),
    )


def test_sound_draft_passes():
    require_sound(ConnectionDraft("Broker", "mqtt", SOUND, {"device": "topic[1]"}), SOUND)


PORT_FOR_TLS = "8883 is the port for TLS. Did you mean tls = true?"
NO_FORMAT = "No format is called 'xml'. There are: csv, native-json, thingsboard-json."
NO_LEVEL = "'topic[x]' is no level of a topic. Did you mean topic[1]?"


@pytest.mark.parametrize(
    ("changed", "pointer", "detail"),
    [
        ({"name": " "}, "/name", "must have 1 to 200 characters"),
        ({"options": {}}, "/options/host", "This option is required."),
        ({"options": {**SOUND, "prt": 1}}, "/options/prt", "There is no such option. Did you mean port?"),
        ({"options": {**SOUND, "port": 8883}}, "/options/port", PORT_FOR_TLS),
        ({"options": {**SOUND, "format": "xml"}}, "/options/format", NO_FORMAT),
        ({"mapping": {"devise": "x"}}, "/map/devise", "There is no such option. Did you mean device?"),
        ({"mapping": {"device": "topic[x]"}}, "/map/device", NO_LEVEL),
        ({"format_options": {"delimiter": ";"}}, "/format/delimiter", "There is no such option."),
    ],
)
def test_wrong_draft_names_the_field(changed, pointer, detail):
    draft = ConnectionDraft(**{"name": "Broker", "adapter": "mqtt", "options": SOUND, **changed})

    assert faults(draft) == [(pointer, detail)]


def test_port_that_was_meant_otherwise_gets_a_hint():
    draft = ConnectionDraft("Broker", "mqtt", {**SOUND, "port": 88830})

    assert faults(draft) == [("/options/port", "Expected 65535 or less. Did you mean 8883?")]


def test_faults_of_two_tables_come_together():
    draft = ConnectionDraft("Broker", "mqtt", {"topics": ["a"]}, {"device": "topic[x]"})

    assert [pointer for pointer, _ in faults(draft)] == ["/options/host", "/map/device"]
