"""Taking a device's data along, in the format that is asked for."""

import re
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Any

from flask import Response
from marshmallow import Schema, fields, validate

from statusportal.access.permissions import Permission
from statusportal.api.moments import Moment
from statusportal.api.root import blueprint
from statusportal.export.formats.parquet import write_parquet
from statusportal.export.formats.report import ReportHead, write_report
from statusportal.export.formats.text import csv_lines, json_document
from statusportal.export.formats.workbook import write_workbook
from statusportal.export.queries import DeviceHead, device_table, device_tables
from statusportal.export.service import begin_device_export
from statusportal.export.vocabulary import DeviceScope, DeviceTable, Format, Opening, Voice
from statusportal.foundation.clock import from_ms, to_ms
from statusportal.foundation.ids import parse_id
from statusportal.http import portal
from statusportal.http.filters import reader_locale
from statusportal.http.json_provider import rfc3339
from statusportal.http.policies import checked_by
from statusportal.http.voices import voice_of_reader
from statusportal.takeout.packing import SCRATCH, folder_of
from statusportal.telemetry.policy import END_OF_TIME_MS

exports = blueprint("Exports", "Everything to take along")

_TYPES = {
    Format.CSV: "text/csv; charset=utf-8",
    Format.JSON: "application/json",
    Format.XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    Format.PARQUET: "application/vnd.apache.parquet",
    Format.PDF: "application/pdf",
}
_BLOCK_BYTES = 262_144
_LAST_MS = to_ms(datetime.fromisoformat("9999-01-01T00:00:00+00:00"))
_ODD = re.compile(r"[^A-Za-z0-9._-]+")


class ExportQuestion(Schema):
    """What to take: `from` is inclusive, `to` exclusive, by default everything that is the reader's to take."""

    format = fields.String(load_default=Format.JSON.value, validate=validate.OneOf([one.value for one in _TYPES]))
    from_ = Moment(data_key="from", load_default=None)
    to = Moment(load_default=None)
    table = fields.String(
        load_default=DeviceTable.SAMPLES.value,
        validate=validate.OneOf([one.value for one in DeviceTable]),
        metadata={"description": "Which table, for CSV. JSON and XLSX hold all, Parquet the samples, PDF a report."},
    )


@exports.get("/devices/<device_id>/export")
@checked_by(Permission.DEVICE_EXPORT)
@exports.arguments(ExportQuestion, location="query")
@exports.response(200, {"type": "string", "format": "binary"}, content_type="application/octet-stream")
@exports.alt_response(422, description="A format or a table that there is not.")
def device_export(asked: dict[str, Any], device_id: str) -> Response:
    """Stream a device's data as a file: what is the reader's to take, in whole.

    An answer that breaks off in the middle was cut by a right that ended or by a fault; it is never a whole file.
    """
    wanted = Format(asked["format"])
    begin_ms = 0 if asked["from_"] is None else asked["from_"]
    end_ms = END_OF_TIME_MS if asked["to"] is None else asked["to"]
    scope = DeviceScope(parse_id(device_id), begin_ms, end_ms)
    with portal.writing() as work:
        head = begin_device_export(work, scope, wanted)
        made_at = work.now
    opening = partial(portal.works().reading, portal.actor())
    if wanted is Format.PDF:
        spoken = replace(scope, locale=reader_locale())
        stream = _report(_report_head(head, asked, made_at), spoken, opening, voice_of_reader())
    else:
        stream = _stream(wanted, DeviceTable(asked["table"]), scope, opening, _over(head, scope, made_at))
    name = _file_name(head, wanted, asked["table"])
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return Response(stream, headers=headers, content_type=_TYPES[wanted])


def _stream(
    wanted: Format, table: DeviceTable, scope: DeviceScope, opening: Opening, head: dict[str, Any]
) -> Iterator[bytes]:
    if wanted is Format.CSV:
        return csv_lines(device_table(opening, scope, table))
    if wanted is Format.JSON:
        return json_document(head, device_tables(opening, scope))
    folder = folder_of(portal.settings())
    if wanted is Format.XLSX:
        return _from_file(folder, lambda path: write_workbook(device_tables(opening, scope), path, path.parent))
    samples = device_table(opening, scope, DeviceTable.SAMPLES)
    return _from_file(folder, lambda path: write_parquet(samples.rows, path))


def _report(head: ReportHead, scope: DeviceScope, opening: Opening, voice: Voice) -> Iterator[bytes]:
    tables = device_tables(opening, scope)
    return _from_file(folder_of(portal.settings()), lambda path: write_report(head, tables, path, voice))


def _report_head(head: DeviceHead, asked: dict[str, Any], made_at: datetime) -> ReportHead:
    begin, end = (None if one is None else _instant(one) for one in (asked["from_"], asked["to"]))
    periods = [(one.from_at, one.to_at) for one in head.periods]
    return ReportHead(head.name, head.model_name, head.serial, head.site, made_at, periods, begin, end)


def _instant(at_ms: int) -> datetime:
    """Return an instant that a calendar holds, the nearest where it holds none."""
    return from_ms(min(max(at_ms, 0), _LAST_MS))


def _from_file(folder: Path, write: Callable[[Path], None]) -> Iterator[bytes]:
    """Let a format be written that needs a file, and give it in blocks; nothing of it is left behind."""
    with tempfile.TemporaryDirectory(prefix=SCRATCH, dir=folder) as scratch:
        path = Path(scratch) / "whole"
        write(path)
        with path.open("rb") as file:
            while block := file.read(_BLOCK_BYTES):
                yield block


def _over(head: DeviceHead, scope: DeviceScope, made_at: datetime) -> dict[str, Any]:
    """Say what stands over a JSON export: the machine, when it was made, and the times that are in it."""
    named = ("id", "serial", "name", "model", "model_name", "site", "firmware")
    return {
        "device": {name: str(getattr(head, name)) for name in named},
        "made_at": rfc3339(made_at),
        "periods": [
            {"from": rfc3339(one.from_at), "to": rfc3339(one.to_at) if one.to_at else None} for one in head.periods
        ],
        "from_ms": scope.from_ms or None,
        "to_ms": scope.to_ms if scope.to_ms < END_OF_TIME_MS else None,
    }


def _file_name(head: DeviceHead, wanted: Format, table: str) -> str:
    """Name a file by the machine in letters that every system takes; a name of theirs is never a path."""
    serial = _ODD.sub("-", head.serial).strip("-.") or "device"
    kind = f"-{table}" if wanted is Format.CSV else ""
    return f"{head.model}-{serial}{kind}.{wanted.value}"
