"""Reports on the command line."""

from collections.abc import Sequence
from pathlib import Path

import click

from trainee.kit.clock import now
from trainee.kit.db import db, only_reads
from trainee.kit.errors import NotFound, Refusal
from trainee.kit.i18n import force_locale
from trainee.people import Viewer, organisation
from trainee.people.queries import viewer_named
from trainee.reports import keeping
from trainee.reports.actions import Taken, begin_export, end_export, sheet_of
from trainee.reports.filters import Asked, read_filters
from trainee.reports.formats import formats
from trainee.reports.kinds import kinds
from trainee.reports.report import Report
from trainee.reports.table import listed, single

_TABLE = "table/"


def list_reports() -> None:
    """A key a line."""
    for kind in sorted(kinds, key=lambda one: one.place):
        click.echo(kind.key)


def list_tables(username: str) -> None:
    """The tables that somebody keeps or finds shared with her: a key a line, and its name behind a tab."""
    for one in keeping.tables_for(_who(username)):
        click.echo(f"{_TABLE}{one.id}\t{one.name}")


def _who(username: str) -> Viewer:
    found = viewer_named(username)
    if found is None:
        raise Refusal(f"There is nobody called {username} who can sign in.")
    return found


def _report(key: str, who: Viewer) -> tuple[Report, dict[str, str]]:
    """The report or the kept table of that key, with the filters that the table brings along."""
    if key.startswith(_TABLE) and key.removeprefix(_TABLE).isdecimal():
        try:
            kept = keeping.table_or_404(int(key.removeprefix(_TABLE)), who)
        except NotFound:
            raise Refusal(f"{who.username} has no {key}; `trainee reports tables --as {who.username}` prints which there are.") from None
        return kept.table, {name: value for name, value in single(listed(kept.picked)).items() if name in kept.table.takes}
    kind = kinds.get(key)
    if kind is None:
        raise Refusal(f"There is no report {key}; there are: {', '.join(one.key for one in kinds)}.")
    return kind, {}


def export_report(key: str, format: str, username: str, out: Path, filters: Sequence[str]) -> None:
    """Write a report into a file as somebody would get it on the site: of whom she may see, in her language, noted as hers."""
    who = _who(username)
    kind, own = _report(key, who)
    form = formats.get(format)
    if form is None:
        raise Refusal(f"There is no format {format}; there are: {', '.join(formats.keys())}.")
    with force_locale(who.language):
        kind.require(who)
        given = dict(_pair(words) for words in filters)
        unknown = sorted(set(given) - set(kind.takes))
        if unknown:
            raise Refusal(f"The report {key} has no filter {', '.join(unknown)}; it has: {', '.join(kind.takes)}.")
        chosen, wrong = read_filters(own | given, kind.takes)
        asked = Asked(who, chosen, now())
        if unclear := [*wrong.values(), *kind.wrong(asked)]:
            raise Refusal(" ".join(unclear))
        only_reads(True)
        taken = Taken(sheet_of(kind, asked, organisation.name()), form)
        db.session.rollback()
        only_reads(False)
        entry = begin_export(kind, form, asked, "command line")
        db.session.commit()
        only_reads(True)
        with out.open("wb") as file:
            for piece in taken.pieces:
                file.write(piece)
        db.session.rollback()
        only_reads(False)
        end_export(entry, taken.rows, now())
        db.session.commit()
    click.echo(f"{taken.rows} rows in {out}")


def _pair(words: str) -> tuple[str, str]:
    name, sign, value = words.partition("=")
    if not sign or not name:
        raise Refusal(f"--filter {words}: write name=value.")
    return name, value
