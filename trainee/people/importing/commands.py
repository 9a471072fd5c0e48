"""`trainee people import`: a file of people without a browser, through the same doors and with the same day to take it back."""

import sys
from pathlib import Path

import click

from trainee.kit.clock import now
from trainee.kit.db import db
from trainee.kit.errors import Refusal
from trainee.people import organisation
from trainee.people.importing import actions, queries, wording
from trainee.people.importing.background import apply, check, silent
from trainee.people.importing.fields import FIELDS, LEFT_OUT
from trainee.people.importing.models import PeopleImport
from trainee.people.importing.planning import asks_to_type
from trainee.people.importing.source import look
from trainee.people.queries import by_login

_ALL = 1_000_000


def import_file(
    file: Path, apply_it: bool, username: str | None, columns: tuple[str, ...], encoding: str | None, close_missing: bool, closes: int | None
) -> None:
    """Look at a file of people, and apply it when asked to; exits 1 when a row is refused or nothing could be applied."""
    one = _taken(file, _id_of(username), columns, encoding, close_missing)
    _tell(one, file)
    if apply_it:
        _apply(one, closes)
    else:
        actions.put_aside(one, one.by_id, now())
        db.session.commit()
        click.echo("Nothing was changed; --apply does it.")
    sys.exit(1 if one.counts.get("refused") else 0)


def _id_of(username: str | None) -> int | None:
    if username is None:
        return None
    person = by_login(username)
    if person is None or person.disabled_at is not None:
        raise Refusal(f"There is nobody called {username}.")
    return person.id


def _taken(file: Path, by_id: int | None, columns: tuple[str, ...], encoding: str | None, close_missing: bool) -> PeopleImport:
    body = file.read_bytes()
    one = actions.take(file.name, body, by_id, now())
    wished = dict(one.reading) | ({"encoding": encoding} if encoding else {})
    source = look(body, wished)
    if source.asks and not encoding:
        raise Refusal(
            "The encoding cannot be told. Choose one: " + "; ".join(f"--encoding {way.encoding}: {way.preview}" for way in source.encodings[:4])
        )
    given = dict(_pair(column) for column in columns)
    unknown = [heading for heading in given if heading not in source.headings]
    if unknown:
        raise Refusal(f"There is no column {', '.join(unknown)}. There are: {', '.join(source.headings)}.")
    guessed = zip(source.headings, one.reading["fields"], strict=False)
    fields = [given.get(heading, LEFT_OUT if field in given.values() else field) for heading, field in guessed]
    actions.settle(one, wished, fields, one.options | {"close_missing": close_missing})
    db.session.commit()
    check(one.id, now(), silent)
    db.session.commit()
    return queries.import_or_404(one.id)


def _pair(column: str) -> tuple[str, str]:
    heading, _equals, field = column.rpartition("=")
    if not heading or (field and field not in FIELDS):
        raise click.BadParameter(f"HEADING=FIELD with a field of {', '.join(FIELDS)}; nothing after = leaves the column out", param_hint="--column")
    return heading, field


def _tell(one: PeopleImport, file: Path) -> None:
    click.echo(wording.how_read(one.reading))
    for heading, field in zip(one.reading["headings"], one.reading["fields"], strict=True):
        click.echo(f"  {heading or '(no heading)'}: {FIELDS[field] if field else 'not used'}")
    for told in one.findings:
        click.echo(wording.file_sentence(told))
    for row in queries.rows(one.id, "", 1, _ALL):
        said = [wording.row_sentence(told, one.reading["headings"]) for told in row.told]
        said += [f"{what} {before} → {after}" for what, before, after in (wording.change_words(*pair) for pair in sorted(row.changes.items()))]
        if row.outcome != "same":
            click.echo(f"{file}:{row.number or '-'}: {wording.OUTCOMES[row.outcome]}: {row.name}: {' '.join(said)}", err=row.outcome == "refused")
    click.echo(", ".join(f"{many} {wording.OUTCOMES[outcome]}" for outcome, many in one.counts.items()) + ".")


def _apply(one: PeopleImport, closes: int | None) -> None:
    wanted = asks_to_type(one.counts, queries.open_accounts())
    if wanted and closes != wanted:
        raise Refusal(f"{wanted} accounts would be closed. If that is meant, say --closes {wanted}.")
    actions.ask_to_apply(one, str(wanted), queries.open_accounts())
    actions.remember(one, now())
    db.session.commit()
    at = now()
    apply(one.id, at, silent)
    db.session.commit()
    found = queries.import_or_404(one.id)
    if found.state != "applied":
        raise Refusal("Somebody changed people meanwhile, so nothing was applied. Please do it again.")
    until = (at + actions.UNDO).astimezone(None).strftime("%d.%m. %H:%M")
    click.echo(f"Applied. Until {until} it can be taken back at /people/imports/{one.id} in {organisation.name()}'s site.")
