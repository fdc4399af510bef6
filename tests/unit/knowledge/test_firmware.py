"""Whether a firmware lies in an article's range."""

import pytest

from statusportal.knowledge.firmware import is_in_range


@pytest.mark.parametrize(
    ("firmware", "lowest", "highest", "expected"),
    [
        ("4.1", "4.0", "4.2", True),
        ("4.2.7", "4.0", "4.2", True),
        ("v4.10", "4.2", "4.9", False),
        ("4.10", "4.2", "4.10", True),
        ("3.9", "4.0", "", False),
        ("9", "", "", True),
        ("4.3", "", "4.2", False),
        ("", "4.0", "4.2", True),
        ("unknown", "4.0", "4.2", True),
    ],
)
def test_firmware_in_a_range(firmware, lowest, highest, expected):
    assert is_in_range(firmware, lowest, highest) is expected
