"""Words of reasons.

Source: docs/adr/0014-sentences-carry-their-values.md, of which this is the same for a status.
"""

from collections.abc import Mapping
from typing import Any, TypeAlias

# `{"key", "args", "en", "da"}`: the sentences as they read when it came about, and what is needed to say it again.
Reason: TypeAlias = Mapping[str, Any]
