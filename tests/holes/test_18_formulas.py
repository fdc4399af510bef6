"""Class 18: no text of a customer's becomes a formula in somebody's spreadsheet, and no number stops being one.

Seen at Ghost and json-2-csv.
"""

import csv
import io
from datetime import UTC, datetime
from uuid import UUID

import pytest

from statusportal.export.formats.cells import harmless
from statusportal.export.formats.text import csv_lines, json_document, json_lines
from statusportal.export.vocabulary import Table

FORMULAS = (
    "=1+1",
    "+1+1",
    "-1+1",
    "@SUM(A1)",
    "\t=1+1",
    "\r=1+1",
    "\n=1+1",
    "\tplain",
    "\uff1d1+1",
    "\uff0b1",
    "\uff0d1",
    "\uff20SUM(A1)",
    " =1+1",
    "\u00a0=1+1",
    "\u3000=1+1",
    '"=1+1',
    ";=1+1",
    ",=1+1",
    "' =1+1",
    "\u200b=1+1",
    "\ufeff=1+1",
    "\x00=1+1",
    "\u22121+1",
    "=cmd|' /C calc'!A0",
)
PLAIN = ("Cooler", "a=b", "1-2", "Hall 1; next to the door", "+4512345678", "-5", "-5.25e3", "", "héllo", "«=»")


@pytest.mark.parametrize("text", FORMULAS)
def test_text_that_could_be_a_formula_gets_an_apostrophe(text):
    assert harmless(text) == f"'{text}"


@pytest.mark.parametrize("text", PLAIN)
def test_other_text_stays_as_it_was(text):
    assert harmless(text) == text


@pytest.mark.parametrize("number", [-5, -5.25, 0, 2**60, 1e300])
def test_number_stays_a_number(number):
    assert harmless(number) is number


def test_every_text_of_a_csv_stands_in_quotes():
    table = Table("t", ("at", "name", "value"), [(datetime(2026, 1, 2, 3, 4, 5, 6000, UTC), 'a";=1+1', -2.5)])

    assert b"".join(csv_lines(table)) == (b'"at","name","value"\r\n"2026-01-02T03:04:05.006Z","a"";=1+1",-2.5\r\n')


def test_line_break_inside_a_cell_comes_back():
    table = Table("t", ("body",), [('one\ntwo, "three"',)])

    rows = list(csv.reader(io.StringIO(b"".join(csv_lines(table)).decode(), newline="")))

    assert rows == [["body"], ['one\ntwo, "three"']]


def test_json_keeps_texts_as_they_are():
    one = UUID("018f0000-0000-7000-8000-000000000001")
    table = Table("t", ("id", "name", "more"), [(one, "=1+1", {"a": [1, None]})])

    assert b"".join(json_lines(table)) == (
        b'{"id":"018f0000-0000-7000-8000-000000000001","name":"=1+1","more":{"a":[1,null]}}\n'
    )


def test_document_holds_its_head_and_every_table():
    rows = [(number,) for number in range(2_500)]

    whole = b"".join(json_document({"made_at": "now"}, [Table("a", ("n",), rows), Table("b", ("n",), [])]))

    assert whole == b'{"made_at":"now","a":[' + b",".join(b'{"n":%d}' % n for n in range(2_500)) + b'],"b":[]}\n'
