import pytest

from devices.connection import load_connection, parse_connection
from devices.errors import AdapterUnknown, ConnectionFileInvalid, FormatUnknown, OptionInvalid

CONTRACT_EXAMPLE = """
adapter = "mqtt"
name = "Plant broker"
organisation = "alpha"
[options]
host = "127.0.0.1"
port = 1883
topics = ["plant/+/telemetry"]
format = "thingsboard-json"
[map]
device = "topic[1]"
"""
BROKER = 'adapter = "mqtt"\n[options]\nhost = "h"\ntopics = ["t"]\nusername = "u"\n'


def test_the_contracts_example_can_be_built():
    connection = parse_connection(CONTRACT_EXAMPLE)

    assert (connection.adapter, connection.name, connection.organisation) == ("mqtt", "Plant broker", "alpha")
    assert connection.build().manifest.name == "mqtt"


def test_a_file_without_a_name_is_called_after_itself(tmp_path):
    path = tmp_path / "north-hall.toml"
    path.write_text('adapter = "mqtt"')

    assert load_connection(path).name == "north-hall"


def test_a_secret_comes_from_the_environment():
    adapter = parse_connection(f'{BROKER}password_env = "PLANT"').build({"PLANT": "s3cret"})

    assert adapter._options.password == "s3cret"


def test_a_secret_comes_from_a_file(tmp_path):
    (tmp_path / "password").write_text("s3cret\n")

    adapter = parse_connection(f'{BROKER}password_file = "{tmp_path}/password"').build({})

    assert adapter._options.password == "s3cret"


@pytest.mark.parametrize(
    ("text", "error", "reason"),
    [
        (f'{BROKER}password_env = "PLANT"', OptionInvalid, "'PLANT' is not set"),
        (f'{BROKER}password_file = "missing"', OptionInvalid, "missing cannot be read"),
        (f'{BROKER}password = "a"\npassword_env = "HOME"', OptionInvalid, "given twice"),
        (f'{BROKER}format = "xml"', FormatUnknown, "No format is called 'xml'"),
        (f"{BROKER}port = 88883", OptionInvalid, r"port: Expected 65535 or less\. Did you mean 8883\?"),
        (f'{BROKER}port = "1883"', OptionInvalid, "port: Expected a whole number, not a text"),
        (f"{BROKER}port = 8883", OptionInvalid, r"Did you mean tls = true\?"),
        (f'{BROKER}ca_file = "x"', OptionInvalid, "ca_file: This needs tls = true"),
        ('adapter = "mqtt"\n[options]\nhost = "h"', OptionInvalid, "topics: This option is required"),
        ('adapter = "mqtt"\n[options]\nhost = "h"\ntopics = ["a/#/b"]', OptionInvalid, "topics: 'a/#/b' is no topic"),
        ('adapter = "opcua"', AdapterUnknown, "No adapter is called 'opcua'. There are: files, mqtt"),
        ('adapter = "files"\n[options]\nfolder = "."\npattern = "../*"', OptionInvalid, "pattern: "),
        ('adapter = "simulated"\n[options]\nmachines = [{kind = "x", serial = "y"}]', OptionInvalid, "No machine is a"),
    ],
)
def test_what_cannot_be_built_says_why(text, error, reason):
    with pytest.raises(error, match=reason):
        parse_connection(text).build({"HOME": "x"})


def test_an_unknown_key_is_named():
    with pytest.raises(ConnectionFileInvalid, match=r"no key 'adaptor'\. Did you mean adapter\?"):
        parse_connection('adaptor = "mqtt"')
