"""The files adapter in a few words."""

from devices.adapters.files.options import FilesOptions
from devices.protocol import Capability, Manifest
from devices.sentence import Sentence

MANIFEST = Manifest(
    name="files",
    summary=Sentence("Watches a folder, stores each finished table once and moves it aside"),
    options=FilesOptions,
    capabilities=frozenset({Capability.REDELIVERS, Capability.DECODES}),
)
