"""`trainee content`: what needs the database, and drawing."""

import sys
from pathlib import Path

import click

from trainee import skills
from trainee.config import SHIPPED_CONTENT
from trainee.kit.clock import now
from trainee.kit.db import db
from trainee.kit.findings import Findings
from trainee.kit.spelling import meant
from trainee.kit.yamltree import Unreadable
from trainee.kit.yamltree import read as read_yaml
from trainee.modules.library.actions import NotPublished, publish
from trainee.modules.library.bundle import from_archive, from_folder
from trainee.modules.library.checking import root_of
from trainee.modules.library.queries import known
from trainee.modules.roleplays.picture import draw
from trainee.modules.roleplays.search import graph
from trainee.modules.roleplays.story import read_story


def graph_of(which: str, out: Path | None, language: str) -> None:
    """Draw one role-play as SVG: `<module>/<roleplay>` in the content folder, or the path of its file."""
    path = Path(which) if which.endswith(".yaml") else Path("content/modules") / f"{which}.roleplay.yaml"
    if not path.is_file():
        raise click.ClickException(f"There is no role-play at {path}. {_instead_of(which)}")
    findings = Findings()
    try:
        story = read_story(read_yaml(path.read_bytes(), str(path)), findings)
    except Unreadable as unreadable:
        story, findings = None, unreadable.findings
    if story is None:
        raise click.ClickException("\n".join(str(finding) for finding in findings.errors))
    drawn = str(draw(graph(story), language, story.title.of(language), {}, _criticals(path, language)))
    if out is None:
        click.echo(drawn)
        return
    try:
        out.write_text(drawn, encoding="utf-8")
    except OSError as problem:
        raise click.ClickException(f"The picture cannot be written to {out}: {problem.strerror}.") from None


def _instead_of(which: str) -> str:
    """What may have been meant instead of a role-play that there is not."""
    there = [f"{path.parent.name}/{path.name.removesuffix('.roleplay.yaml')}" for path in Path("content/modules").glob("*/*.roleplay.yaml")]
    if not there:
        return "Run this in the program's folder, or give the path of the file."
    return meant(which, there)


def _criticals(path: Path, language: str) -> dict[str, str]:
    """What the critical errors are called, by key, in the content folder around a role-play."""
    frame = skills.read((root_of(path) or SHIPPED_CONTENT) / "skills.yaml", Findings())
    return {key: term.name.of(language) for key, term in frame.critical_errors.items()} if frame else {}


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
