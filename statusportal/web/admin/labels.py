"""Label sheets: which machines, on which paper, and the sheet itself."""

from uuid import UUID

from flask import Response, render_template, url_for
from flask_babel import gettext as _

from statusportal.access.permissions import Permission
from statusportal.administration.people import organisations_to_choose
from statusportal.foundation.ids import parse_id
from statusportal.http import portal
from statusportal.http.filters import reader_locale
from statusportal.http.papers import pdf_answer
from statusportal.http.policies import checked_by, needs
from statusportal.http.sentences import translated
from statusportal.http.views.labels import LabelSheetPage, LabelView
from statusportal.http.views.shell import Option
from statusportal.labels.drawing import label_sheets, symbol_of
from statusportal.labels.errors import AddressNotLasting
from statusportal.labels.queries import devices_to_label, labels_of
from statusportal.labels.vocabulary import GRIDS, USUAL_GRID, Label
from statusportal.labels.wording import words_in
from statusportal.web.admin.blueprint import admin
from statusportal.web.forms import filled
from statusportal.web.paging import asked
from statusportal.work import Work

_SHOWN = 12


@admin.get("/labels")
@needs(Permission.DEVICE_SHARE)
def labels() -> str:
    """Show the labels of an organisation's machines as they will be printed."""
    with portal.reading() as work:
        page = _page(work)
    return render_template("admin/labels.html", page=page)


@admin.get("/organisations/<organisation_id>/labels.pdf")
@checked_by(Permission.DEVICE_SHARE)
def label_paper(organisation_id: str) -> Response:
    """Draw the sheets."""
    with portal.reading() as work:
        found = labels_of(work, devices_to_label(work, parse_id(organisation_id)))
    return pdf_answer(label_sheets(found, GRIDS[_grid()], words_in(reader_locale())), "labels.pdf")


def label_view(label: Label) -> LabelView:
    """Present a label with its symbol."""
    symbol = symbol_of(label.address)
    scan = words_in(reader_locale()).scan
    return LabelView(label.address, symbol.path, symbol.side, label.model, label.serial, label.maker, scan)


def _page(work: Work) -> LabelSheetPage:
    able = organisations_to_choose(work, Permission.DEVICE_SHARE)
    wanted, grid = asked("organisation"), _grid()
    organisation_id = parse_id(wanted) if wanted else (able[0].id if able else None)
    found, trouble = _labels(work, organisation_id)
    return LabelSheetPage(
        organisations=tuple(Option(str(one.id), one.name) for one in able),
        grids=tuple(Option(name, _grid_words(name)) for name in GRIDS),
        form=filled({"organisation": organisation_id, "grid": grid}),
        labels=tuple(label_view(one) for one in found[:_SHOWN]),
        count=len(found),
        paper_href=url_for("admin.label_paper", organisation_id=organisation_id, grid=grid) if found else "",
        trouble=trouble,
    )


def _labels(work: Work, organisation_id: UUID | None) -> tuple[list[Label], str]:
    if organisation_id is None:
        return [], ""
    try:
        return labels_of(work, devices_to_label(work, organisation_id)), ""
    except AddressNotLasting as err:
        return [], translated(err.detail)


def _grid() -> str:
    return asked("grid") if asked("grid") in GRIDS else USUAL_GRID


def _grid_words(name: str) -> str:
    grid = GRIDS[name]
    size = f"{grid.width_mm:g} \u00d7 {grid.height_mm:g} mm"
    return str(_("%(count)s on a sheet, %(size)s", count=grid.per_sheet, size=size))
