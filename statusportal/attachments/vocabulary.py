"""Words of attachments."""

from dataclasses import dataclass
from enum import StrEnum


class AttachmentKind(StrEnum):
    """What a file is, by its content; its name and what the sender calls it do not count."""

    IMAGE = "image"
    VIDEO = "video"
    TEXT = "text"
    PDF = "pdf"


class MediaType(StrEnum):
    """What is taken, as the web calls it."""

    JPEG = "image/jpeg"
    PNG = "image/png"
    WEBP = "image/webp"
    MP4 = "video/mp4"
    WEBM = "video/webm"
    TEXT = "text/plain"
    PDF = "application/pdf"

    @property
    def kind(self) -> AttachmentKind:
        """Return the kind that this is of."""
        return _KINDS[self]

    @property
    def ending(self) -> str:
        """Return the ending that a name of this type has."""
        return _ENDINGS[self][0]

    @property
    def endings(self) -> tuple[str, ...]:
        """Return the endings that people know this type by; a text may have any that runs nowhere."""
        return _ENDINGS[self]


_KINDS = {
    MediaType.JPEG: AttachmentKind.IMAGE,
    MediaType.PNG: AttachmentKind.IMAGE,
    MediaType.WEBP: AttachmentKind.IMAGE,
    MediaType.MP4: AttachmentKind.VIDEO,
    MediaType.WEBM: AttachmentKind.VIDEO,
    MediaType.TEXT: AttachmentKind.TEXT,
    MediaType.PDF: AttachmentKind.PDF,
}
_ENDINGS: dict[MediaType, tuple[str, ...]] = {
    MediaType.JPEG: ("jpg", "jpeg"),
    MediaType.PNG: ("png",),
    MediaType.WEBP: ("webp",),
    MediaType.MP4: ("mp4", "m4v", "mov"),
    MediaType.WEBM: ("webm",),
    MediaType.TEXT: ("txt", "log", "csv", "tsv", "json", "jsonl", "ini", "cfg", "conf", "md", "yaml", "yml", "toml"),
    MediaType.PDF: ("pdf",),
}


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture drawn anew: its pixels and nothing besides, with a small one beside it."""

    body: bytes
    preview: bytes
    width: int
    height: int


@dataclass(frozen=True, slots=True)
class Prepared:
    """A file as it may be kept. `keeps_details`: it may still tell where, when and by what it was made.

    Units: width and height in pixels, of pictures alone; `excerpt` holds the first lines of a text.
    """

    name: str
    media_type: MediaType
    body: bytes
    preview: bytes | None = None
    width: int | None = None
    height: int | None = None
    excerpt: str = ""
    keeps_details: bool = False


@dataclass(frozen=True, slots=True)
class Kept:
    """A file on the disk: the random names it lies under, and what proves that it is whole."""

    storage_key: str
    preview_key: str | None
    size_bytes: int
    sha256: str
