"""Pages on which somebody picks a table of her own, looks at it, takes it as a file, keeps and shares it."""

import secrets
from typing import Any
from urllib.parse import urlencode

from flask import Response, flash, g, request, url_for
from werkzeug.wrappers import Response as BaseResponse

from trainee.kit.clock import now
from trainee.kit.db import db
from trainee.kit.errors import Refusal
from trainee.kit.i18n import _
from trainee.kit.web import Blueprint, back_to, show
from trainee.people import viewer
from trainee.people.looks import list_page
from trainee.reports import keeping, queries
from trainee.reports.filters import NAMES, Asked, read_filters
from trainee.reports.formats import formats
from trainee.reports.keeping import Kept
from trainee.reports.table import COMPARISONS, CONDITIONS, GROUPS, KEY, Given, Table, called_in, read_picked, single
from trainee.reports.views import require_reports, sent, told

bp = Blueprint("tables", __name__)
_DAYS_AND_WORDS = ("text", "choice", "date", "month", "moment")


@bp.get("/reports/table")
def table() -> Response:
    """A table as its address says; without a report, the reports one can be made of."""
    require_reports()
    given = request.args.to_dict(flat=False)
    picked = read_picked(given)
    if picked is None:
        return show("reports/tables.html", reports=queries.reports_for(viewer()), tables=keeping.tables_for(viewer()))
    found = Table(picked)
    found.require(viewer())
    return _page(found, given, url_for("tables.table"))


@bp.get("/reports/tables/<int:table_id>")
def kept(table_id: int) -> Response:
    """A table that somebody keeps: the rows are those that whoever looks may see."""
    found = keeping.table_or_404(table_id, viewer())
    given = {name: value if isinstance(value, list) else [str(value)] for name, value in found.picked.items()}
    return _page(found.table, given, url_for("tables.kept", table_id=table_id), found)


def _page(found: Table, given: Given, place: str, kept: Kept | None = None) -> Response:
    filters, wrong = read_filters(single(given), found.takes, queries.teams_for(viewer(), found.base))
    asked = Asked(viewer(), filters, now())
    if not found.whole and (seen := list_page("report/table", filters.team)) is not None:
        g.list_seen = seen
    complaints = [*wrong.items(), *(("columns", words) for words in found.wrong(asked))]
    columns, choices = list(found.base.columns(asked)), queries.choices(asked.who, found.base)
    page = told(found, asked, place, {} if kept is not None else found.address(asked))
    # The file is asked for with everything that was picked, whatever the address of the page.
    page["sent"] = _pairs(found.address(asked))
    page["schedule_url"] = f"{url_for('reports.new_schedule', report_key=KEY)}?{urlencode(found.address(asked), doseq=True)}"
    return show(
        "reports/table.html",
        **page,
        kept=kept,
        base=found.base,
        alone=found.alone(asked),
        all_columns=[(one.key, str(one.title)) for one in columns],
        group_columns=[(one.key, str(one.title)) for one in columns if one.kind in _DAYS_AND_WORDS],
        picked=found.picked,
        comparisons=list(COMPARISONS.items()),
        places=range(CONDITIONS),
        group_places=range(GROUPS),
        choices=choices,
        names=NAMES,
        chosen=queries.chosen(single(given), found.takes, choices),
        wrong=complaints,
        receipt=secrets.token_urlsafe(16),
        may_share=keeping.may_share(viewer()),
    )


def _pairs(address: dict[str, Any]) -> list[tuple[str, str]]:
    return [(name, one) for name, value in address.items() for one in (value if isinstance(value, list) else [value])]


@bp.post("/reports/table/file")
def export() -> BaseResponse:
    """A table as a file."""
    found, asked = _asked()
    form = formats.get(request.form.get("format", ""))
    if form is None:
        raise Refusal(_("Please choose the kind of file."), 422)
    return sent(found, asked, form)


def _asked() -> tuple[Table, Asked]:
    """The table that a form describes; a Refusal where any of it is not understood."""
    require_reports()
    given = request.form.to_dict(flat=False)
    picked = read_picked(given)
    if picked is None:
        raise Refusal(_("Please choose what the table is made of."), 422)
    found = Table(picked, called_in(given))
    found.require(viewer())
    filters, wrong = read_filters(single(given), found.takes, queries.teams_for(viewer(), found.base))
    asked = Asked(viewer(), filters, now())
    complaints = [*wrong.values(), *found.wrong(asked)]
    if complaints:
        # A table with other rows than were asked for would be worse than none.
        raise Refusal(" ".join(complaints), 422)
    return found, asked


@bp.post("/reports/tables")
def keep() -> BaseResponse:
    """Keep a table under a name."""
    found, asked = _asked()
    name, receipt = request.form.get("name", ""), request.form.get("receipt", "")
    table_id = keeping.keep(viewer(), name, found.address(asked), receipt=receipt, at=asked.at)
    db.session.commit()
    flash(_("The table is kept."))
    return back_to(url_for("tables.kept", table_id=table_id))


@bp.post("/reports/tables/<int:table_id>/sharing")
def share(table_id: int) -> BaseResponse:
    """Share a table of one's own, or take it back."""
    found = keeping.mine_or_404(table_id, viewer())
    shared = request.form.get("shared") == "1"
    keeping.share(found, shared)
    db.session.commit()
    flash(_("The table is shared.") if shared else _("The table is yours alone again."))
    return back_to(url_for("tables.kept", table_id=table_id))


@bp.post("/reports/tables/<int:table_id>/end")
def forget(table_id: int) -> BaseResponse:
    """Keep a table no longer."""
    keeping.forget(keeping.mine_or_404(table_id, viewer()))
    db.session.commit()
    flash(_("The table is deleted. What it told of is untouched."))
    return back_to(url_for("tables.table"))
