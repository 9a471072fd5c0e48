"""`trainee content`: checking and publishing content files."""

import gc
import sys
from pathlib import Path

import click

from trainee.kit.clock import local_date, now
from trainee.kit.db import db
from trainee.kit.findings import Findings
from trainee.kit.yamltree import Unreadable
from trainee.kit.yamltree import read as read_yaml
from trainee.modules.library.actions import NotPublished, publish
from trainee.modules.library.bundle import from_archive, from_folder
from trainee.modules.library.checking import Checked, check, modules_at
from trainee.modules.library.queries import known
from trainee.modules.library.table import document, read_all
from trainee.modules.library.translated import agree
from trainee.modules.roleplays.picture import draw
from trainee.modules.roleplays.search import graph
from trainee.modules.roleplays.story import read_story


def check_paths(paths: tuple[Path, ...], advice: bool = False) -> None:
    """Say everything that is wrong there, with `advice` also what may stay as it is; exits 1 when there is an error."""
    # What is read is kept until the end, so looking for what could be thrown away only takes time: a tenth of all.
    gc.disable()
    try:
        checked = check(list(paths), local_date(now(), "Europe/Istanbul"))
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


def graph_of(which: str, out: Path | None, language: str) -> None:
    """Draw one role-play as SVG: `<module>/<roleplay>` in the content folder, or the path of its file."""
    path = Path(which) if which.endswith(".yaml") else Path("content/modules") / f"{which}.roleplay.yaml"
    if not path.is_file():
        raise click.ClickException(f"There is no role-play at {path}.")
    findings = Findings()
    try:
        story = read_story(read_yaml(path.read_bytes(), str(path)), findings)
    except Unreadable as unreadable:
        story, findings = None, unreadable.findings
    if story is None:
        raise click.ClickException("\n".join(str(finding) for finding in findings.errors))
    words = {"title": story.title.of(language), "start": "→", "choice": "", "typed": "✎", "observe": "◉"}
    drawn = str(draw(graph(story), language, words, {}))
    if out is None:
        click.echo(drawn)
    else:
        out.write_text(drawn, encoding="utf-8")


def agree_on(paths: tuple[Path, ...]) -> None:
    """Write down that both languages of these modules say the same now."""
    for path in paths:
        for folder in modules_at(path):
            click.echo(f"{folder.name}: {agree(folder)} texts say the same in both languages.")


def table_of(path: Path) -> None:
    """Print what the modules of a content folder cover, as Markdown."""
    click.echo(document(read_all(path)), nl=False)


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
