"""A report holds every line it was given over as many pages as it takes, and sums are those of the values."""

import math
from datetime import UTC, datetime, timedelta

import pypdfium2
import pytest

from statusportal.export.formats.report import ReportHead, write_report
from statusportal.export.formats.summary import summaries
from statusportal.export.vocabulary import DeviceTable, Table, Voice

AT = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)
# Sentences read as English by themselves, and codes as they stand.
PLAIN = Voice("en", str, lambda _family, code: code)
COLUMNS = {
    DeviceTable.SAMPLES: ("at", "signal", "value", "unit", "quality"),
    DeviceTable.STATUS: ("from", "to", "health", "connectivity", "cause"),
}


def report(path, head_name="Cooler", **rows):
    head = ReportHead(head_name, "Oven", "A-1", "", AT, [(AT, None)], None, None)
    tables = [Table(one.value, COLUMNS.get(one, ()), rows.get(one.value, ())) for one in DeviceTable]
    write_report(head, tables, path, PLAIN)
    pages = pypdfium2.PdfDocument(path)
    return len(pages), " ".join(" ".join(page.get_textpage().get_text_range() for page in pages).split())


def test_long_list_goes_over_pages_whole(tmp_path):
    rows = [(AT + timedelta(hours=one), None, "off_spec", "online", f"Cause {one}.") for one in range(300)]

    pages, words = report(tmp_path / "paper", status=rows)

    assert [one for one in range(300) if f"Cause {one}." not in words] == []
    assert (pages > 5, "off_spec, online" in words) == (True, True)


@pytest.mark.parametrize(
    "name", ["<para>", "</b><img src='/etc/passwd'/>", "&amp; &lt;", "a" * 1000, "<!--", "\x01]]>"]
)
def test_hostile_name_is_printed_as_it_stands(tmp_path, name):
    words = report(tmp_path / "paper", name)[1]

    assert name.replace("\x01", "?").replace(" ", "") in words.replace(" ", "")


def test_text_that_is_taller_than_a_page_is_whole(tmp_path):
    pages, words = report(tmp_path / "paper", samples=[(AT, "state", "word " * 4000 + "end", "", "good")])

    assert (pages > 2, words.count("word"), "end at 2026-01-02 03:04:05" in words) == (True, 4000, True)


def test_summary_is_of_finite_numbers_and_keeps_what_came_last():
    values = [2, 4.0, math.nan, math.inf, True, "text"]

    found = summaries((AT + timedelta(seconds=at), "s", value, "V", "good") for at, value in enumerate(values))["s"]

    assert (found.count, found.numbers, found.least, found.mean, found.most) == (6, 2, 2, 3.0, 4.0)
    assert (found.last, found.last_at, found.unit) == ("text", AT + timedelta(seconds=5), "V")


def test_mean_of_the_largest_numbers_is_a_number():
    found = summaries((AT, "s", value, "", "good") for value in (1.7e308, 1.7e308, -1.7e308, -1.7e308))["s"]

    assert found.mean == pytest.approx(0, abs=1e293)
