"""Each layer of the tenants' walls is missed by a test when it is taken out."""

import pytest

from tests.architecture.tree import read
from tests.layers import LAYERS, noticed_without


def test_every_layer_can_still_be_taken_out():
    """A replacement that fits the source no more would take out nothing, and show nothing."""
    assert [layer.name for layer in LAYERS if read(layer.path).count(layer.before) == 0] == []


@pytest.mark.slow
@pytest.mark.timeout(3600)
def test_every_layer_is_missed():
    assert [name for name, failure in noticed_without(LAYERS) if not failure] == []
