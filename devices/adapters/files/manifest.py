"""The files adapter in a few words."""

from devices.adapters.files.options import FilesOptions
from devices.protocol import Capability, Manifest

MANIFEST = Manifest(
    name="files",
    summary="Watches a folder, stores each finished table once and moves it aside",
    options=FilesOptions,
    capabilities=frozenset({Capability.REDELIVERS, Capability.DECODES}),
)
