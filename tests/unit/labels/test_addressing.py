"""The address on a label holds for ever, so it is made of an https address or not at all."""

import pytest

from statusportal.labels.addressing import LONGEST, label_address
from statusportal.labels.errors import AddressNotLasting


@pytest.mark.parametrize(
    ("public_url", "expected"),
    [
        ("https://status.example.com", "https://status.example.com/p/aB3-_x9K"),
        ("https://status.example.com/", "https://status.example.com/p/aB3-_x9K"),
        ("https://example.com:8443/portal/", "https://example.com:8443/portal/p/aB3-_x9K"),
    ],
)
def test_address_is_a_plain_link_under_the_portals_name(public_url, expected):
    assert label_address(public_url, "aB3-_x9K") == expected


@pytest.mark.parametrize(
    "public_url",
    ["", "http://status.example.com", "status.example.com", "https://", "https://" + "a" * LONGEST + ".example"],
)
def test_address_that_would_not_last_is_refused(public_url):
    with pytest.raises(AddressNotLasting):
        label_address(public_url, "aB3-_x9K")


def test_sign_that_means_something_in_an_address_is_escaped():
    assert label_address("https://a.example", "a/b?c#d") == "https://a.example/p/a%2Fb%3Fc%23d"
