"""`trainee voice`: taking in what customers say."""

import sys
from pathlib import Path

import click
from flask import current_app

from trainee.kit.clock import now
from trainee.kit.commands import needs_app
from trainee.kit.db import db
from trainee.voice import queries
from trainee.voice.actions import take_ratings
from trainee.voice.reading import read


@click.group("voice")
def voice() -> None:
    """What customers say."""


@voice.command("import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option(
    "--system", default="csv", show_default=True, help="What the ratings' own system is called; with external_id it makes an answer unique."
)
@needs_app
def import_command(file: Path, system: str) -> None:
    """Take in the ratings of FILE, a CSV with the columns external_id, employee, given_at, instrument, question, value and comment.

    What cannot be read is told as `FILE:line: why` and the rest is kept; exits 1 when something could not be read. A file taken twice counts once.
    """
    if not 1 <= len(system) <= 40:
        raise click.BadParameter("a name of 1 to 40 characters", param_hint="--system")
    at = now()
    found = read(file.read_bytes(), system, queries.people_by_name(), current_app.extensions["trainee"].default_time_zone, at)
    taken = take_ratings(found.answers, at)
    db.session.commit()
    for line, sentence in found.refused:
        click.echo(f"{file}:{line}: {sentence}", err=True)
    click.echo(f"{taken.new} new, {taken.known} known before, {len(found.refused)} refused.")
    sys.exit(1 if found.refused else 0)
