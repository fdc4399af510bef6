"""Words of consent."""

from statusportal.entries.vocabulary import Audience

# What staff may ask an owner for. Everything wider than the owner's own people is the owner's to open.
WISHED_AUDIENCES = frozenset({Audience.SHARED, Audience.MODEL})
