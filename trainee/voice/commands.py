"""`trainee voice`: taking in what customers say."""

import sys
from pathlib import Path

import click
from flask import current_app

from trainee.kit.clock import now
from trainee.kit.db import db
from trainee.voice import queries
from trainee.voice.actions import take_ratings
from trainee.voice.reading import read


def import_file(file: Path, system: str) -> None:
    """Take in the ratings of a CSV; exits 1 when something in it could not be read."""
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
