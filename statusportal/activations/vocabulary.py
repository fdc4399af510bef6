"""Words of activations."""

# The code under which a machine that fell silent has its entry and its activations.
OFFLINE = "offline"
