"""`trainee skills` and `trainee profile`: judging the estimate, bringing figures back from the log, asking why."""

from collections.abc import Iterable
from datetime import datetime
from pathlib import Path
from typing import Final

import click
from sqlalchemy import select

from trainee import skills
from trainee.kit.clock import end_of_day, local_date, now
from trainee.kit.db import db
from trainee.kit.i18n import _, _l, _n, force_locale
from trainee.people.models import Person
from trainee.profile import banding, calibrations, explaining
from trainee.profile.evaluation import BadLog, as_svg, as_text, evaluate, read_log
from trainee.profile.explaining import Explanation, Moved

_CERTAINTIES: Final = {"unknown": _l("not enough evidence yet"), "first": _l("a first impression"), "sure": _l("sure")}


def evaluate_log(file: Path, folds: int, seed: int, picture: Path | None, bands: bool) -> None:
    """Tell how well a log's answers were predicted from the past."""
    if folds == 1:
        raise click.UsageError("One fold leaves nothing to learn from; write 2 or more, or 0.")
    if bands and not folds:
        raise click.UsageError("Bands are judged under difficulties learned from other people; write --folds 5 as well.")
    try:
        log = read_log(file)
        found = evaluate(log, folds, seed, progress=lambda done, total: click.echo(f"part {done} of {total}", err=True))
    except BadLog as error:
        raise click.ClickException(str(error)) from None
    click.echo(as_text(found))
    if bands:
        click.echo(
            banding.as_text(banding.bands(log, folds, seed, progress=lambda done, total: click.echo(f"bands, part {done} of {total}", err=True)))
        )
    if picture is not None:
        try:
            picture.write_text(as_svg(found), encoding="utf-8")
        except OSError as error:
            raise click.ClickException(f"{picture} cannot be written: {error.strerror}.") from None


def rebuild() -> None:
    """Replay the whole log."""
    _work(calibrations.rebuild(now()))
    click.echo("Every figure is folded anew.")


def calibrate() -> None:
    """Learn from the log and fold everybody anew."""
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


def explain(person: str, skill: str, line: str, language: str, on: datetime | None) -> None:
    """List somebody's evidence on a skill with what each row moved."""
    found = db.session.execute(select(Person.id, Person.time_zone).where(Person.username == person)).one_or_none()
    if found is None:
        raise click.ClickException(f"There is nobody called {person}.")
    if skill not in skills.framework():
        raise click.ClickException(f"There is no skill {skill}; there are {', '.join(one.key for one in skills.framework().skills)}.")
    at = now()
    then = end_of_day(on.date(), found.time_zone) if on is not None else None
    if on is not None and on.date() > local_date(at, found.time_zone):
        raise click.ClickException(f"{on.date()} has not come yet.")
    with force_locale(language):
        for words in told(explaining.explain(found.id, skill, min(at, then or at), line, then)):
            click.echo(words)
    db.session.rollback()


def told(found: Explanation) -> Iterable[str]:
    """An explanation as lines of text; the amounts are expected scores in hundredths.

    Not they are rounded but the places between them, so that what is printed adds up to the last figure printed.
    """
    usual, waited, since = _("before any evidence: what is usual for the skill"), _("time passed"), _("time passed since")
    place, last = round(100 * found.start, 2), round(100 * found.total, 2)
    yield f"{'':<12}{place:>8.2f}  {usual}"
    for step in found.steps:
        before, after = round(100 * step.before, 2), round(100 * step.after, 2)
        if before != place:
            yield f"{_day(step.occurred_at):<12}{before - place:>+8.2f}  {waited}"
        yield f"{_day(step.occurred_at):<12}{after - before:>+8.2f}  {_words(step)}"
        place = after
    if last != place:
        yield f"{'':<12}{last - place:>+8.2f}  {since}"
    figure = found.figure
    band = _("from %(low)s to %(high)s", low=f"{100 * figure.low:.0f}", high=f"{100 * figure.high:.0f}")
    pieces = _n("%(num)d piece of evidence", "%(num)d pieces of evidence", figure.n)
    yield f"{'':<12}{last:>8.2f}  {band}, {pieces}, {_CERTAINTIES[figure.certainty]}"
    for gone in found.withdrawn:
        withdrawn = _("withdrawn on %(day)s", day=_day(gone.withdrawn_at))
        yield f"{_day(gone.occurred_at):<12}{'':>8}  {withdrawn}: {gone.happened} {gone.reason}"


def _words(step: Moved) -> str:
    return f"{step.happened} {step.sentence}" + (f" [{step.source} {step.item}]" if step.own else "")


def _day(moment: datetime) -> str:
    return moment.date().isoformat()
