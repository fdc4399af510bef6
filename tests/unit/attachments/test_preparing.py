"""Files are known by what they hold, cleaned of what they tell in secret, and refused where they would act."""

import gzip
import resource
import time
import zipfile
from io import BytesIO

import pytest
from PIL import Image

from statusportal.attachments.names import LONGEST, plain_file_name
from statusportal.attachments.pictures import LONGEST_SIDE, PREVIEW_SIDE
from statusportal.attachments.preparing import prepare_file
from statusportal.attachments.vocabulary import MediaType
from statusportal.foundation.errors import Invalid
from tests.factories.files import CAMERA, LOG, PDF, WEBM, bomb, box, film, photo


def zipped():
    out = BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("../../evil.log", b"0" * 5_000_000)
    return out.getvalue()


def test_picture_is_drawn_anew_upright_and_tells_nothing_of_its_camera():
    sent = photo(640, 480)

    kept = prepare_file("IMG_1.JPG", sent)

    assert CAMERA.encode() in sent
    assert b"Exif" in sent
    assert CAMERA.encode() not in kept.body + kept.preview
    assert b"Exif" not in kept.body + kept.preview
    assert (kept.name, kept.media_type, kept.width, kept.height) == ("IMG_1.jpg", MediaType.JPEG, 480, 640)
    with Image.open(BytesIO(kept.body)) as drawn:
        assert (drawn.size, dict(drawn.getexif())) == ((480, 640), {})


@pytest.mark.parametrize("picture_format", ["PNG", "WEBP"])
def test_other_pictures_keep_their_form_and_lose_their_details(picture_format):
    kept = prepare_file("a", photo(64, 48, picture_format))

    assert kept.media_type.value == f"image/{picture_format.lower()}"
    assert CAMERA.encode() not in kept.body
    assert kept.preview.startswith(b"\xff\xd8\xff")


def test_large_picture_is_kept_at_a_size_that_screens_show():
    kept = prepare_file("wide.jpg", photo(8_000, 1_000))

    with Image.open(BytesIO(kept.preview)) as small:
        longest = max(small.size)
    assert (max(kept.width, kept.height), longest) == (LONGEST_SIDE, PREVIEW_SIDE)


def test_film_tells_no_place_and_no_time_and_keeps_its_length():
    sent = film()

    kept = prepare_file("walk.mov", sent)

    assert sent.count(b"+55.6761") == 2
    assert b"+55.6761" not in kept.body
    assert b"\xe8u\xa0" not in kept.body  # 3,900,000,000 s after 1904: when it was made
    assert (len(kept.body), kept.name, kept.keeps_details) == (len(sent), "walk.mov", False)


def test_film_with_a_track_beside_picture_and_sound_says_that_it_may_tell_more():
    assert prepare_file("dive.mp4", film(handler=b"meta")).keeps_details


def test_texts_are_kept_as_utf_8_with_their_first_lines():
    windows, marked = LOG.encode("cp1252"), LOG.encode("utf-16")

    bodies = [prepare_file("a.log", one).body for one in (LOG.encode(), windows, marked)]

    assert bodies[:2] == [LOG.encode()] * 2
    assert bodies[2].decode().lstrip("\ufeff") == LOG
    assert prepare_file("a.log", LOG.encode()).excerpt == LOG.rstrip()


def test_pdf_and_webm_say_that_they_may_tell_where_they_were_made():
    kept = [prepare_file("a", PDF), prepare_file("b", WEBM)]

    assert [(one.media_type, one.keeps_details) for one in kept] == [(MediaType.PDF, True), (MediaType.WEBM, True)]


REFUSED = {
    "nothing": b"",
    "a drawing": b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>',
    "a drawing behind a comment": b"<!-- x --><svg onload=alert(1)>",
    "a page": b"<!doctype html><title>x</title>",
    "a page in capitals": b"\n\n<HTML><BODY onload=x>",
    "a page further down": b"hello\n<script>alert(1)</script>",
    "XML": b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>',
    "XML with a prefix": b"<soap:Envelope>",
    "an archive": zipped(),
    "a packed log": gzip.compress(b"0" * 40_000_000),
    "a program": b"\x7fELF\2\1\1" + b"\0" * 60,
    "a program for Windows": b"MZ\x90\0\3\0\0\0",
    "a picture of some phones": box(b"ftyp", b"heic\0\0\0\0mif1heic"),
    "half a picture": photo()[:400],
    "a picture that is a page": b"\xff\xd8\xff<html><script>alert(1)</script>",
    "a film without one": box(b"ftyp", b"isom\0\0\2\0isom"),
    "boxes in boxes that do not fit": box(b"ftyp", b"isom") + b"\xff\xff\xff\xffmoov",
    "a text with a NUL": b"12:31\0 flow",
    "too many pixels": bomb(),
    "too many pixels to read whole": bomb(6_000, 5_000),
}


@pytest.mark.parametrize("what", REFUSED)
def test_what_would_act_lie_or_burst_is_refused_at_once_at_its_field(what):
    before, began = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss, time.monotonic()

    with pytest.raises(Invalid) as refused:
        prepare_file("photo.jpg", REFUSED[what])

    assert [one.pointer for one in refused.value.errors] == ["/file"]
    assert time.monotonic() - began < 1
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 100 * 1024


@pytest.mark.parametrize(
    ("sent", "plain"),
    [
        ("IMG_0001.JPG", "IMG_0001.jpg"),
        ("../../etc/passwd", "passwd.jpg"),
        ("..\\..\\boot.ini", "boot.ini.jpg"),
        ("C:\\x\\con.png", "file-con.png.jpg"),
        ('a"; filename="b.html', "a filename=-b.html.jpg"),
        ("a\r\nSet-Cookie: x=1", "aSet-Cookie- x=1.jpg"),
        ("\u202egpj.exe", "gpj.exe.jpg"),
        ("", "file.jpg"),
        ("....", "file.jpg"),
        ("Kølekreds målt på pladsen.jpeg", "Kølekreds målt på pladsen.jpeg"),
        ("<img src=x onerror=alert(1)>.jpg", "img src=x onerror=alert(1).jpg"),
    ],
)
def test_name_is_nothing_but_a_name(sent, plain):
    assert plain_file_name(sent, MediaType.JPEG).replace("-", "") == plain.replace("-", "")


def test_name_of_any_length_stays_short():
    assert len(plain_file_name("å" * 5_000 + ".jpg", MediaType.JPEG)) == LONGEST
