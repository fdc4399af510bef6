"""Class 32: XML that reads files, or grows in memory.

Seen at lxml, through readers of machines' streams. Nothing here reads XML, and here that would be noticed: who
brings a reader brings its test with a document type, an outer entity, a nested one and a long attribute.
"""

from tests.architecture.tree import ROOT, files

READERS = ("xml.etree", "xml.sax", "xml.dom", "lxml", "defusedxml", "xmltodict", "BeautifulSoup", "feedparser")


def test_nothing_reads_xml():
    places = [one for one in files() if one.endswith(".py") and one.startswith(("statusportal/", "devices/"))]
    texts = {place: (ROOT / place).read_text(encoding="utf-8") for place in places}
    found = {place: [one for one in READERS if reads(text, one)] for place, text in texts.items()}

    assert len(places) > 300
    assert {place: readers for place, readers in found.items() if readers} == {}


def reads(text, reader):
    return f"import {reader}" in text or f"from {reader}" in text


def test_reader_is_noticed():
    assert [reads("from lxml import etree", "lxml"), reads("import xml.sax", "xml.sax")] == [True, True]
