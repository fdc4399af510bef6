"""What a request names by a word of its own choice, rather than by what the world made."""

from typing import Final

CHOSEN: Final = {
    "act": "accept",
    "name": "helpful",
    "filename": "build/manifest.json",
    "limit_code": "temperature_high",
    "rule_code": "R1",
    "alarm_code": "E1",
    "signal_name": "temperature",
    "spare_signal": "spare",
    "number": "1",
}
