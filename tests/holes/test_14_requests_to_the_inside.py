"""Class 14: no address leads inside, however it is written, whatever its name says a moment later.

Seen at GitLab, Plane, Plunk and Open WebUI.
"""

import pytest

from statusportal.calls.addresses import Target, target_of
from statusportal.foundation.errors import Invalid
from tests.servers.receiver import Receiver

HOSTS = (
    "127.0.0.1",
    "127.1",
    "127.0.1",
    "2130706433",
    "0177.1",
    "0177.0.0.1",
    "0x7f.1",
    "0x7f000001",
    "017700000001",
    "127.255.255.254",
    "0.0.0.0",  # noqa: S104 - a case, nothing is bound
    "0",
    "localhost",
    "localhost.",
    "LOCALHOST",
    "[::1]",
    "[::]",
    "[0:0:0:0:0:0:0:1]",
    "[::ffff:127.0.0.1]",
    "[::ffff:7f00:1]",
    "[::7f00:1]",
    "[64:ff9b::7f00:1]",
    "[64:ff9b::127.0.0.1]",
    "[64:ff9b:1::7f00:1]",
    "[2002:7f00:1::]",
    "[2002:7f00:1::1]",
    "[2002:a9fe:a9fe::]",
    "[2001::1]",
    "[2001:0:7f00:1::]",
    "[fe80::1]",
    "[fe80::1%25lo]",
    "[fc00::1]",
    "[fd00:ec2::254]",
    "[fec0::1]",
    "[ff02::1]",
    "[2001:db8::1]",
    "[100::1]",
    "10.0.0.1",
    "10.255.255.255",
    "172.16.0.1",
    "172.31.255.255",
    "192.168.0.1",
    "192.0.0.1",
    "192.0.2.1",
    "198.18.0.1",
    "198.51.100.1",
    "203.0.113.1",
    "100.64.0.1",
    "169.254.169.254",
    "169.254.0.1",
    "2852039166",
    "0xa9fea9fe",
    "[::ffff:a9fe:a9fe]",
    "[::ffff:10.0.0.1]",
    "[64:ff9b::a9fe:a9fe]",
    "224.0.0.1",
    "239.255.255.250",
    "240.0.0.1",
    "255.255.255.255",
    "nowhere.invalid",
)
ODD = (
    "https://user@1.1.1.1/",
    "https://user:secret@1.1.1.1/",
    "https://1.1.1.1@127.0.0.1/",
    "https://1.1.1.1\\@127.0.0.1/",
    "https://127.0.0.1#@1.1.1.1/",
    "ftp://1.1.1.1/",
    "file:///etc/passwd",
    "gopher://127.0.0.1/",
    "//127.0.0.1/",
    "http://1.1.1.1/",
    "https:///path",
    "https://",
    "https://[::1",
    "https://1.1.1.1:99999/",
    "https://1.1.1.1/a b",
    "https://1.1.1.1/\r\nX: y",
    "",
)


@pytest.mark.parametrize("host", HOSTS)
def test_no_host_leads_inside_and_nobody_is_called(host):
    with Receiver() as receiver:
        for scheme in ("https", "http"):
            with pytest.raises(Invalid) as refused:
                target_of(f"{scheme}://{host}:{receiver.port}/", ())
            assert [one.pointer for one in refused.value.errors] == ["/address"]
        assert receiver.calls == []


@pytest.mark.parametrize("url", ODD)
def test_odd_address_is_refused(url):
    with pytest.raises(Invalid):
        target_of(url, ())


def test_name_with_one_address_inside_is_refused_whole():
    with pytest.raises(Invalid):
        target_of("https://two.example/", (), lambda *_: ["93.184.216.34", "10.0.0.1"])


def test_open_address_is_pinned_with_its_name():
    found = target_of("https://receiver.example/in?x=1", (), lambda *_: ["93.184.216.34"])

    assert found == Target("93.184.216.34", 443, "receiver.example", "/in?x=1", is_tls=True)


def test_allowed_network_may_be_called_plainly_and_others_not():
    allowed = ["10.0.0.0/8"]

    assert target_of("http://10.1.2.3:8080/", allowed).address == "10.1.2.3"
    for other in ("http://192.168.0.1/", "http://127.0.0.1/", "http://93.184.216.34/"):
        with pytest.raises(Invalid):
            target_of(other, allowed)


def test_corpus_is_as_large_as_it_says():
    assert len(set(HOSTS)) >= 60
