"""`trainee content`: checking and publishing content files."""

import sys
from pathlib import Path

import click

from trainee.kit.clock import now
from trainee.kit.db import db
from trainee.kit.yamltree import Unreadable
from trainee.modules.library.actions import NotPublished, publish
from trainee.modules.library.bundle import from_archive, from_folder
from trainee.modules.library.checking import Checked, check
from trainee.modules.library.queries import known


def check_paths(paths: tuple[Path, ...]) -> None:
    """Say everything that is wrong there; exits 1 when there is an error."""
    checked = check(list(paths))
    for finding in checked.findings:
        click.echo(str(finding))
    click.echo(summary(checked), err=True)
    sys.exit(0 if checked.findings.ok else 1)


def summary(checked: Checked) -> str:
    """What was looked at and found, in one line."""
    looked = f"{_counted(checked.modules, 'module')} and {_counted(checked.cards, 'policy card')}"
    errors, warnings = len(checked.findings.errors), len(checked.findings.warnings)
    if not errors and not warnings:
        return f"{looked}: nothing to mend."
    return f"{looked}: {_counted(errors, 'error')}, {_counted(warnings, 'warning')}."


def _counted(count: int, word: str) -> str:
    return f"{count} {word}" if count == 1 else f"{count} {word}s"


def publish_path(path: Path) -> None:
    """Publish one module, a folder or a ZIP archive."""
    try:
        bundle = from_folder(path) if path.is_dir() else from_archive(path.read_bytes(), str(path))
        version_id = publish(bundle, now(), origin="content" if path.is_dir() else "archive", known=known())
    except (Unreadable, NotPublished) as refused:
        for finding in refused.findings:
            click.echo(str(finding), err=True)
        click.echo("Nothing was published.", err=True)
        sys.exit(1)
    db.session.commit()
    click.echo(f"{bundle.name} is published; the version in use has the number {version_id}.")
