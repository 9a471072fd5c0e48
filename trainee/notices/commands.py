"""Messages, from the command line."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from itertools import count, islice
from zoneinfo import ZoneInfo

import click
from flask import current_app

from trainee.kit.clock import local_date, now
from trainee.kit.errors import Refusal
from trainee.kit.i18n import force_locale
from trainee.notices import queries
from trainee.notices.previewing import FAR, Coming, preview
from trainee.notices.words import FREQUENCY_NAMES, STATE_NAMES, step_words, why_words
from trainee.people.queries import by_login


def preview_day(on: datetime | None, person: str | None, language: str) -> None:
    """Print who gets what on a day, and why; and what is held back."""
    at = now()
    today = local_date(at, current_app.extensions["trainee"].default_time_zone)
    day = on.date() if on is not None else today + timedelta(days=1)
    if not today <= day <= today + FAR:
        raise Refusal(f"A preview can be made from today, {today}, to {today + FAR}. `trainee notices ledger` tells what was told before.")
    somebody = by_login(person) if person else None
    if person and somebody is None:
        raise Refusal(f"There is nobody called {person}.")
    with force_locale(language):
        found = preview(day, at, [somebody.id] if somebody is not None else None)
        click.echo(f"{day}: {len(found.coming)} to come, {len(found.held)} held back")
        for one in found.coming:
            click.echo(f"{_when(one)}  {one.who.name}  [{one.kind.key}, {FREQUENCY_NAMES[one.way]}]  {one.sentence}")
            click.echo(f"       {one.kind.timing}")
        for one in found.held:
            click.echo(f"held   {one.who.name}  [{one.kind.key}]  {one.sentence}")
            click.echo(f"       {why_words(one.why)}")


def print_ledger(person: str | None, state: str | None, limit: int, language: str) -> None:
    """Print messages, the newest first, with everything that became of each."""
    zone = current_app.extensions["trainee"].default_time_zone
    if person and by_login(person) is None:
        raise Refusal(f"There is nobody called {person}.")
    with force_locale(language):
        for one in islice(_every(person or "", state or "", zone), limit):
            row = one.told.row
            click.echo(f"{row.id}  {one.name}  [{one.told.kind.key}] {STATE_NAMES[row.state]}: {one.told.sentence}")
            for step in one.steps:
                click.echo(f"       {step.at.astimezone(ZoneInfo(zone)):%Y-%m-%d %H:%M} {step_words(step.state, step.why)}")


def _every(search: str, state: str, zone: str) -> Iterator[queries.Entry]:
    for page in count(1):
        found, total = queries.ledger(search, state, page, zone)
        yield from found
        if page * queries.PAGE >= total:
            return


def _when(one: Coming) -> str:
    return f"{one.at.astimezone(one.who.hours.where):%H:%M}"
