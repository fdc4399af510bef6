"""What comes out of the printer: symbols that a phone reads, letters of every name, and no secret beside an address."""

import pypdfium2
import pytest
import zxingcpp

from statusportal.labels.drawing import CORNER, MARGIN, QUIET, claim_slips, label_sheets, symbol_of
from statusportal.labels.vocabulary import GRIDS, Label, Slip
from statusportal.labels.wording import WORDS, words_in

SECRET = "K7QM-4XPD-9RTA-2B6C-HJ3N"
PIXELS_PER_POINT = 3


def label(number=1, model="Aurora M3", maker="Nordværk"):
    address = f"https://status.nordvaerk.example/p/aB3-_x9Kq2Z{number:02}"
    return Label(address=address, model=model, serial=f"AM3-{number:05}", maker=maker)


def slip():
    return Slip(secret=SECRET, model="Aurora M3", serial="AM3-00001", maker="Nordværk", works_until="27 November 2026")


def pages(paper):
    return list(pypdfium2.PdfDocument(paper))


def picture(page):
    return page.render(scale=PIXELS_PER_POINT, grayscale=True).to_numpy()


def symbols(paper):
    return [found.text for page in pages(paper) for found in zxingcpp.read_barcodes(picture(page))]


def words(paper):
    return [page.get_textpage().get_text_range() for page in pages(paper)]


@pytest.mark.parametrize("grid", GRIDS)
def test_every_label_of_every_grid_is_read_by_a_scanner(grid):
    count = GRIDS[grid].per_sheet + 1
    labels = [label(number) for number in range(count)]

    paper = label_sheets(labels, GRIDS[grid], words_in("en"))

    assert len(pages(paper)) == 2
    assert sorted(symbols(paper)) == sorted(one.address for one in labels)
    assert [sum(f"AM3-{number:05}" in text for number in range(count)) for text in words(paper)] == [count - 1, 1]


@pytest.mark.parametrize("grid", GRIDS)
def test_labels_stay_on_the_paper(grid):
    one = GRIDS[grid]

    right = one.left_mm + (one.columns - 1) * one.step_x_mm + one.width_mm
    low = one.top_mm + (one.rows - 1) * one.step_y_mm + one.height_mm

    assert (right <= 210, low <= 297) == (True, True)
    assert (one.step_x_mm >= one.width_mm, one.step_y_mm >= one.height_mm) == (True, True)


def test_symbol_stands_in_its_frame_with_the_corner_at_the_lower_right():
    """Read the pixels of one label: frame, quiet zone, and the triangle in one corner and in no other."""
    one = label()
    seen = picture(pages(label_sheets([one], GRIDS["2x4"], words_in("en")))[0]) < 128
    found = zxingcpp.read_barcodes(picture(pages(label_sheets([one], GRIDS["2x4"], words_in("en")))[0]))[0].position
    unit = (found.top_right.x - found.top_left.x) / symbol_of(one.address).side
    left, top = found.top_left.x, found.top_left.y
    right, low = found.bottom_right.x, found.bottom_right.y

    def dark(x, y):
        return bool(seen[round(y), round(x)])

    edge = (QUIET + 0.5) * unit
    middle_x, middle_y = (left + right) / 2, (top + low) / 2
    frame = [
        dark(left - edge, middle_y),
        dark(right + edge, middle_y),
        dark(middle_x, top - edge),
        dark(middle_x, low + edge),
    ]
    corner = (QUIET - 0.5) * unit
    corners = [
        dark(left - corner, top - corner),
        dark(right + corner, top - corner),
        dark(left - corner, low + corner),
        dark(right + corner, low + corner),
    ]
    quiet = [dark(middle_x, top - 2 * unit), dark(left - 2 * unit, middle_y), dark(right + 2 * unit, middle_y)]

    assert (frame, corners, quiet) == ([True] * 4, [False, False, False, True], [False] * 3)
    assert (MARGIN, CORNER) == (5, 6)


def test_danish_letters_are_on_the_paper_and_inside_the_file():
    paper = label_sheets([label(model="Mælkeanalysator Ø", maker="Å/S Søby")], GRIDS["2x4"], words_in("da"))

    text = words(paper)[0]

    assert [one in text for one in ("Mælkeanalysator Ø", "Å/S Søby", WORDS["da"].scan)] == [True] * 3
    assert b"/FontFile2" in paper


def test_letter_that_the_font_lacks_is_written_as_its_nearest():
    text = words(label_sheets([label(maker="Gdańsk Ω 株")], GRIDS["2x4"], words_in("en")))[0]

    assert "Gdansk Ω ?" in text


def test_long_name_is_cut_and_not_drawn_over_its_neighbour():
    text = words(label_sheets([label(model="Aurora " * 30)], GRIDS["3x7"], words_in("en")))[0]

    assert "…" in text.splitlines()[0]


def test_slip_holds_the_secret_and_no_symbol_and_no_address():
    paper = claim_slips([slip()], "https://status.nordvaerk.example", words_in("en"))

    assert symbols(paper) == []
    assert [one in words(paper)[0] for one in (SECRET, "AM3-00001", "27 November 2026", "/p/")] == [True] * 3 + [False]


def test_label_and_slip_share_no_field_that_opens_anything():
    assert set(Label.__dataclass_fields__) & {"secret"} == set()
    assert set(Slip.__dataclass_fields__) & {"address", "label"} == set()


def test_same_labels_are_the_same_bytes():
    grid, printed = GRIDS["2x7"], words_in("en")

    assert label_sheets([label()], grid, printed) == label_sheets([label()], grid, printed)


def test_nothing_to_print_is_one_empty_sheet():
    assert [text.strip() for text in words(label_sheets([], GRIDS["2x7"], words_in("en")))] == [""]
