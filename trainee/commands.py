"""What the command line does to an installation from outside the browser, and how every command gets at it."""

import logging
import signal
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from threading import Event
from typing import Any

import click
from flask import Flask, current_app
from sqlalchemy.exc import ArgumentError, DatabaseError, OperationalError

from trainee import backup as backups
from trainee import config as configuration
from trainee import demo as demonstration
from trainee import migrate as schema
from trainee import timetable
from trainee.app import create_app, settle
from trainee.config import ConfigError
from trainee.kit import logs
from trainee.kit.clock import now
from trainee.kit.db import db, reading
from trainee.kit.errors import Refusal
from trainee.kit.i18n import _, force_locale
from trainee.kit.server import listen
from trainee.modules.library.actions import load_content
from trainee.people import actions as people
from trainee.people import organisation
from trainee.people.queries import an_administrator, by_login, is_empty
from trainee.privacy import again, anonymising

_made: list[Flask] = []


def made() -> Flask:
    """The application of this process."""
    if not _made:
        _made.append(create_app())
    return _made[0]


def perform(work: Callable[..., Any], params: Mapping[str, Any], needs: str, make_app: Callable[[], Flask] | None = None) -> Any:
    """Do the work of a command inside what it needs. The command line speaks English, whatever the site's own language is."""
    if needs == "nothing":
        return work(**params)
    app = (make_app or made)()
    with _telling(), app.app_context(), force_locale("en"):
        if needs == "schema":
            _require_schema()
        return work(**params)


@contextmanager
def _telling() -> Iterator[None]:
    """A database that is out of reach, or none at all, is told in one sentence; the other kinds of trouble with it are our own bugs."""
    try:
        yield
    except ArgumentError as problem:
        raise ConfigError(f"DATABASE_URL makes no sense: {problem}.") from None
    except DatabaseError as problem:
        if type(problem) not in (DatabaseError, OperationalError):
            raise
        reason = " ".join(str(problem.orig).split()).rstrip(".?")
        raise ConfigError(f"The database cannot be used: {reason}. Check DATABASE_URL or the rights of DATA_DIR.") from None


def _require_schema() -> None:
    state = schema.state()
    if state != "current":
        mend = "install the newer version" if state == "ahead" else "run: trainee init"
        raise ConfigError(f"The database is not ready for this version (its schema is {state}); {mend}.")


def migrate() -> None:
    """Bring the schema up to date."""
    with schema.one_at_a_time():
        _refuse_newer(schema.state())
        schema.upgrade()
    click.echo(f"The schema is {schema.state()}.")


def _refuse_newer(state: str) -> None:
    if state == "ahead":
        raise ConfigError("This database was made by a newer version of Trainee; install that version, or restore a backup from before.")


def init(demo: bool) -> None:
    """Schema, content and, when asked, the demonstration company."""
    with schema.one_at_a_time():
        before = schema.state()
        _refuse_newer(before)
        if before != "current":
            click.echo("Preparing the database ...")
            schema.upgrade()
        errors = load_content(configuration.content_dir(current_app.extensions["trainee"]), now()).errors
        db.session.commit()
        for finding in errors:
            click.echo(finding, err=True)
        if demo and is_empty():
            demonstration.build(now(), progress=click.echo)
            db.session.commit()


def backup(file: Path) -> None:
    """Write a backup, and say what is in it."""
    told = backups.write(file, now())
    click.echo(f"Wrote {told.rows} rows of {told.tables} tables to {file}. Keep it as you keep people's data: it holds all of it.")


def restore(file: Path, replace: bool, anonymous: Path | None = None) -> None:
    """Put a backup back, make those anonymous again who were so, and say what became of it."""
    with schema.one_at_a_time():
        told, asked = backups.restore(file, replace, again.read(anonymous) if anonymous is not None else ())
    click.echo(f"Put back {told.rows} rows of {told.tables} tables, as they were at {told.made_at}.")
    for number in asked.others:
        click.echo(f"Account no. {number} of the list is another one here; it was left as it is.", err=True)
    if asked.asked:
        done = anonymising.work(now()).done or 0
        click.echo(f"Made anonymous again: {done}.")
        if done < asked.asked:
            click.echo(f"The worker does it for {asked.asked - done} more as soon as it runs; /timetable tells what went wrong.", err=True)
    click.echo("Start the site and its workers again now.")


def people_anonymous() -> None:
    """Print who was made anonymous: numbers and moments, no names."""
    with reading(), db.engine.connect() as connection:
        for line in again.write(again.known(connection)):
            click.echo(line)


def run(demo: bool) -> None:
    """Serve the site; with `demo` it is made ready first, in the same process, as starting takes longer than finding that nothing is to be done."""
    settings = configuration.from_environment()
    logs.setup(settings.log_level)
    logging.getLogger("waitress").setLevel(logging.ERROR)
    configuration.require_free_port(settings.host, settings.port)
    app = made()
    with _telling(), app.app_context():
        nothing = schema.state() == "empty"
    if demo or nothing:
        perform(init, {"demo": demo}, "app")
    with _telling(), app.app_context():
        _require_schema()
        code = _start_code()
    settle(app)
    configuration.note_address(settings)
    # Without this a SIGTERM cuts requests that are being answered.
    signal.signal(signal.SIGTERM, lambda *_signal: sys.exit(0))
    ticker = timetable.start(app) if settings.worker else None
    click.echo(f"Trainee is at http://{settings.host}:{settings.port}  (stop with Ctrl+C)")
    if code:
        click.echo(f"Nobody is here yet. Open http://{settings.host}:{settings.port}/start and begin with this start code: {code}")
    try:
        listen(app, settings.host, settings.port, settings.threads).run()
    finally:
        if ticker is not None:
            ticker.stop()


def worker() -> None:
    """Run the timetable alone; of several workers one is at work."""
    logs.setup(current_app.extensions["trainee"].log_level)
    asked_to_stop = Event()
    for sign in (signal.SIGTERM, signal.SIGINT):
        signal.signal(sign, lambda *_signal: asked_to_stop.set())
    ticker = timetable.start(made())
    click.echo(
        f"{'At work' if ticker.worker.at_work else 'Waiting to take over'}: {', '.join(job.key for job in timetable.JOBS)}  (stop with Ctrl+C)"
    )
    asked_to_stop.wait()
    ticker.stop()


def _start_code() -> str | None:
    """The code that opens the start page, while nobody is here."""
    if not is_empty():
        return None
    found = organisation.start_code()
    db.session.commit()
    return found


def start_code() -> None:
    """The code that opens the start page of an empty installation. Refusal where somebody is here."""
    found = _start_code()
    if found is None:
        raise Refusal("People are here already, so nothing is to be begun. A lost password: trainee people link USERNAME")
    click.echo(found)


def people_link(username: str) -> None:
    """A one-time link for somebody who is known."""
    person = by_login(username)
    if person is None:
        raise Refusal(f"There is nobody called {username}.")
    token = people.make_link(person, "invitation" if person.password_hash is None else "reset", now(), None)
    db.session.commit()
    _print_link(token)


def add_admin(username: str, name: str) -> None:
    """The first administrator. Refusal when one is here: she makes the others."""
    known = an_administrator()
    if known is not None:
        raise Refusal(
            f"There is an administrator already: {known}. An administrator gives somebody else that role on the page People; "
            f"when her password is lost: trainee people link {known}"
        )
    # The command line speaks English; what it writes stands on pages, in the installation's language.
    with force_locale(organisation.default_language()):
        job = _("Administrator")
    person = people.add_person(username=username, name=name, job=job, at=now(), roles=("admin", "employee"))
    token = people.make_link(person, "invitation", now(), None)
    if not organisation.house().founded:
        organisation.begin(now())
    db.session.commit()
    _print_link(token)


def _print_link(token: str) -> None:
    address = configuration.link_base(current_app.extensions["trainee"])
    click.echo(f"{address}/welcome/{token}")
    if not address:
        click.echo("Put the address of your site in front of it, or set BASE_URL and ask for a new link.", err=True)
