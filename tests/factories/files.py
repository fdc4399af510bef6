"""Files as people send them: pictures that tell where they were taken, films, logs, and what lies about itself."""

import struct
import zlib
from io import BytesIO

from PIL import Image

CAMERA = "Canary Camera 9000"
PLACE = (55.0, 40.0, 33.0)


def photo(width=640, height=480, picture_format="JPEG"):
    """A picture that names its camera and, as phones do, the place."""
    picture = Image.new("RGB", (width, height), "#8a5")
    exif = picture.getexif()
    exif[0x010F], exif[0x0110], exif[0x0112] = CAMERA, CAMERA, 6
    exif.get_ifd(0x8825).update({1: "N", 2: PLACE, 3: "E", 4: PLACE})
    out = BytesIO()
    picture.save(out, picture_format, exif=exif)
    return out.getvalue()


def bomb(width=30_000, height=30_000):
    """A PNG whose head promises 900 million pixels in a few hundred bytes."""
    out = BytesIO()
    Image.new("1", (8, 8)).save(out, "PNG")
    body = bytearray(out.getvalue())
    body[16:24] = struct.pack(">II", width, height)
    body[29:33] = struct.pack(">I", zlib.crc32(bytes(body[12:29])))
    return bytes(body)


def box(kind, content=b""):
    """A box of a film: its length, its kind, what it holds."""
    return struct.pack(">I4s", 8 + len(content), kind) + content


def film(place=b"+55.6761+012.5683/", handler=b"vide"):
    """A film of no frames that tells where it was made, twice, and when."""
    header = box(b"mvhd", b"\0\0\0\0" + struct.pack(">II", 3_900_000_000, 3_900_000_000) + b"\0" * 88)
    track = box(b"trak", box(b"mdia", box(b"hdlr", b"\0" * 8 + handler + b"\0" * 13)) + box(b"udta", place))
    return box(b"ftyp", b"isom\0\0\2\0isommp41") + box(b"moov", header + track + box(b"udta", box(b"\xa9xyz", place)))


WEBM = b"\x1aE\xdf\xa3\x9fB\x86\x81\x01B\xf7\x81\x01B\xf2\x81\x04B\xf3\x81\x08B\x82\x84webmB\x87\x81\x04"
PDF = b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"
LOG = "12:31:08 flow 1.9 l/min\n12:31:09 Strømmen er væk\n"
