"""JSON: plain values under the keys of the columns, with what the report is and what was asked for."""

import json
from collections.abc import Iterator
from datetime import date, datetime
from typing import Any

from trainee.kit.i18n import _l
from trainee.reports.column import Cell
from trainee.reports.figures import Measured
from trainee.reports.formats import formats
from trainee.reports.formats.format import Format
from trainee.reports.sheet import Sheet

_BATCH = 200


@formats.register
class Json(Format):
    """One object; its rows are written as they come."""

    key = "json"
    place = 40
    title = _l("JSON")
    says = _l("For programs: every value as it is, with the figures and what was asked for.")
    extension = "json"
    mime = "application/json"
    passes = 2

    def pieces(self, sheet: Sheet) -> Iterator[bytes]:
        """What it is, then the rows, some hundred a piece."""
        head = {
            "report": sheet.key,
            "title": sheet.title,
            "says": sheet.says,
            "asked": list(sheet.about),
            "organisation": sheet.organisation,
            "as_of": sheet.at.isoformat(timespec="seconds"),
            "columns": [{"key": one.key, "title": str(one.title), "kind": one.kind} for one in sheet.columns],
            "figures": [_figure(one) for one in sheet.measured()],
        }
        yield (json.dumps(head, ensure_ascii=False)[:-1] + ', "rows": [').encode()
        batch: list[str] = []
        before = ""
        keys = [column.key for column in sheet.columns]
        for row in sheet.rows():
            batch.append(json.dumps(dict(zip(keys, map(_plain, row), strict=True)), ensure_ascii=False))
            if len(batch) == _BATCH:
                yield (before + ",\n".join(batch)).encode()
                batch, before = [], ",\n"
        yield ((before if batch else "") + ",\n".join(batch) + "]}\n").encode()


def _plain(value: Cell) -> Any:
    if isinstance(value, datetime):
        return value.isoformat(timespec="seconds")
    if isinstance(value, date):
        return value.isoformat()
    return round(value, 4) if isinstance(value, float) else value


def _figure(one: Measured) -> dict[str, Any]:
    value = round(one.value, 4) if one.value is not None else None
    told = {"key": one.figure.key, "title": str(one.figure.title), "says": str(one.figure.says), "unit": one.figure.unit, "n": one.n, "value": value}
    if one.low is not None and one.high is not None:
        told |= {"low": round(one.low, 4), "high": round(one.high, 4)}
    return told
