"""`trainee content`: checking content files, which waits neither for the database's library nor for the web's."""

import gc
import os
import sys
from pathlib import Path

import click

from trainee.kit.clock import local_date, now
from trainee.modules.library.checking import Checked, check, modules_at
from trainee.modules.library.table import document, read_all
from trainee.modules.library.translated import agree


def check_paths(paths: tuple[Path, ...], advice: bool = False) -> None:
    """Say everything that is wrong there, with `advice` also what may stay as it is; exits 1 when there is an error."""
    # What is read is kept until the end, so looking for what could be thrown away only takes time: a tenth of all.
    gc.disable()
    try:
        checked = check(list(paths), local_date(now(), "Europe/Istanbul"), processes=os.cpu_count() or 1)
    finally:
        gc.enable()
    # What stops publishing comes first: a doubt is often gone with the error beside it.
    for finding in (*checked.findings.errors, *checked.findings.warnings):
        click.echo(str(finding))
    click.echo(summary(checked), err=True)
    for words in checked.notes:
        click.echo(words, err=True)
    told = checked.findings.advice
    for finding in told if advice else ():
        click.echo(str(finding), err=True)
    if told and not advice:
        click.echo(f"{_counted(len(told), 'piece')} of advice: --advice shows them.", err=True)
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


def agree_on(paths: tuple[Path, ...]) -> None:
    """Write down that both languages of these modules say the same now."""
    for path in paths:
        folders = [folder for folder in modules_at(path) if (folder / "module.yaml").is_file()]
        if not folders:
            raise click.ClickException(f"There is no module at {path}. Give a folder such as content/modules/greeting.")
        for folder in folders:
            click.echo(f"{folder.name}: {agree(folder)} texts say the same in both languages.")


def table_of(path: Path) -> None:
    """Print what the modules of a content folder cover, as Markdown."""
    click.echo(document(read_all(path)), nl=False)
