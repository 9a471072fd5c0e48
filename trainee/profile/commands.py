"""`trainee skills` and `trainee profile`: judging the estimate, bringing figures back from the log, asking why."""

from collections.abc import Iterable
from datetime import datetime
from pathlib import Path

import click
from sqlalchemy import select

from trainee import skills
from trainee.kit.clock import now
from trainee.kit.commands import needs_app
from trainee.kit.db import db
from trainee.kit.i18n import force_locale
from trainee.people.models import Person
from trainee.profile import calibrations, explaining
from trainee.profile.evaluation import BadLog, as_svg, as_text, evaluate, read_log
from trainee.profile.explaining import Explanation, Moved


@click.group("skills")
def skills_commands() -> None:
    """What there is to be good at, and how good the estimate of it is."""


@skills_commands.command("evaluate")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--folds", type=click.IntRange(0, 50), default=0, help="Split by person into so many parts; 0 replays the log as it happened.")
@click.option("--seed", type=int, default=1, show_default=True, help="Draws the folds.")
@click.option("--picture", type=click.Path(dir_okay=False, writable=True, path_type=Path), help="Write the calibration table as an SVG picture.")
def evaluate_log(file: Path, folds: int, seed: int, picture: Path | None) -> None:
    """Replay the response log FILE (CSV, plain or gzipped) and tell how well every answer was predicted from the past.

    Columns: person, skill (several joined by |), item, score (0..1), occurred_at, source.
    """
    if folds == 1:
        raise click.UsageError("One fold leaves nothing to learn from; write 2 or more, or 0.")
    try:
        found = evaluate(read_log(file), folds, seed, progress=lambda done, total: click.echo(f"part {done} of {total}", err=True))
    except BadLog as error:
        raise click.ClickException(str(error)) from None
    click.echo(as_text(found))
    if picture is not None:
        try:
            picture.write_text(as_svg(found), encoding="utf-8")
        except OSError as error:
            raise click.ClickException(f"{picture} cannot be written: {error.strerror}.") from None


@click.group("profile")
def profile_commands() -> None:
    """What people's evidence adds up to."""


@profile_commands.command()
@needs_app
def rebuild() -> None:
    """Replay the whole log. It may be interrupted: the next call goes on, and until the end the old figures are shown."""
    _work(calibrations.rebuild(now()))
    click.echo("Every figure is folded anew.")


@profile_commands.command()
@needs_app
def calibrate() -> None:
    """Learn from the log how hard items are and how lenient observers, and fold everybody anew under it."""
    _work(calibrations.learn_calibration(now()))
    current = calibrations.in_state("current")
    click.echo(f"Calibration {current.id} is in use; it knows {current.events} rows of the log." if current else "There is nothing to learn from.")


def _work(steps: Iterable[calibrations.Progress]) -> None:
    told = -1
    for progress in steps:
        db.session.commit()
        share = 100 * progress.done // progress.total if progress.total else 100
        if share != told:
            click.echo(f"{share:>3} %  {progress.done} of {progress.total}", err=True)
            told = share
    db.session.commit()


@profile_commands.command()
@click.argument("person")
@click.argument("skill")
@click.option(
    "--line",
    default="all",
    show_default=True,
    type=click.Choice(["all", "knowledge", "practice", "observed", "customers"]),
    help="Look at one kind of evidence only.",
)
@click.option("--language", default="en", show_default=True, type=click.Choice(["en", "tr"]), help="In which language the rows are told.")
@needs_app
def explain(person: str, skill: str, line: str, language: str) -> None:
    """List every row of evidence of PERSON (user name) on SKILL (its key) with what it moved; the rows add up to the figure."""
    person_id = db.session.scalar(select(Person.id).where(Person.username == person))
    if person_id is None:
        raise click.ClickException(f"There is nobody called {person}.")
    if skill not in skills.framework():
        raise click.ClickException(f"There is no skill {skill}; there are {', '.join(one.key for one in skills.framework().skills)}.")
    with force_locale(language):
        for words in told(explaining.explain(person_id, skill, now(), line)):
            click.echo(words)
    db.session.rollback()


def told(found: Explanation) -> Iterable[str]:
    """An explanation as lines of text; the amounts are expected scores in hundredths."""
    yield f"{'':<12}{100 * found.start:>8.2f}  before any evidence"
    for step in found.steps:
        if abs(step.waited) >= 0.00005:
            yield f"{_day(step.occurred_at):<12}{100 * step.waited:>+8.2f}  time passed"
        yield f"{_day(step.occurred_at):<12}{100 * step.moved:>+8.2f}  {_words(step)}"
    if found.waiting:
        yield f"{'':<12}{100 * found.waiting:>+8.2f}  time passed since"
    figure = found.figure
    band = f"from {100 * figure.low:.0f} to {100 * figure.high:.0f}"
    yield f"{'':<12}{100 * found.total:>8.2f}  {band}, {figure.n} pieces of evidence, {figure.certainty}"
    for gone in found.withdrawn:
        yield f"{_day(gone.occurred_at):<12}{'':>8}  withdrawn on {_day(gone.withdrawn_at)}: {gone.happened} {gone.reason}"


def _words(step: Moved) -> str:
    return f"{step.happened} {step.sentence}" + (f" [{step.source} {step.item}]" if step.own else "")


def _day(moment: datetime) -> str:
    return moment.date().isoformat()
