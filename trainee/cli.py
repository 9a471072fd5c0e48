"""The command line: everything that is done to an installation from outside the browser."""

import errno
import logging
import signal
import socket
import sys
from threading import Event
from typing import Any

import click
from flask import Flask, current_app
from sqlalchemy.exc import DatabaseError, OperationalError
from waitress import serve

from trainee import config as configuration
from trainee import demo as demonstration
from trainee import migrate as schema
from trainee import timetable
from trainee.app import create_app
from trainee.config import ConfigError
from trainee.demo.commands import demo as demo_commands
from trainee.kit import logs
from trainee.kit.clock import now
from trainee.kit.commands import needs_app
from trainee.kit.db import db
from trainee.kit.errors import Refusal
from trainee.modules.library.actions import load_content
from trainee.modules.library.commands import content
from trainee.people import actions as people
from trainee.people.queries import by_login, is_empty
from trainee.profile.commands import profile_commands, skills_commands
from trainee.voice.commands import voice

_made: list[Flask] = []


def _app() -> Flask:
    if not _made:
        _made.append(create_app())
    return _made[0]


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.pass_context
def cli(context: click.Context) -> None:
    """Trainee: staff training and coaching for customer-service teams."""
    context.obj = _app


@cli.command()
@needs_app
def migrate() -> None:
    """Bring the database's schema up to date."""
    with schema.one_at_a_time():
        _refuse_newer(schema.state())
        schema.upgrade()
    click.echo(f"The schema is {schema.state()}.")


def _refuse_newer(state: str) -> None:
    if state == "ahead":
        raise ConfigError("This database was made by a newer version of Trainee; install that version, or restore a backup from before.")


@cli.command()
@click.option("--demo", is_flag=True, help="Fill an empty installation with the demonstration company.")
@needs_app
def init(demo: bool) -> None:
    """Make everything ready: schema, content and, with --demo, the demonstration company. Doing it again is quick and keeps what is there."""
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


@cli.command()
def run() -> None:
    """Serve the site (one process, with its timetable beside it)."""
    settings = configuration.from_environment()
    logs.setup(settings.log_level)
    logging.getLogger("waitress").setLevel(logging.ERROR)
    _check_port(settings.host, settings.port)
    app = _app()
    _require_schema(app)
    # Without this a SIGTERM cuts requests that are being answered.
    signal.signal(signal.SIGTERM, lambda *_signal: sys.exit(0))
    scheduler = timetable.start(app)
    click.echo(f"Trainee is at http://{settings.host}:{settings.port}  (stop with Ctrl+C)")
    try:
        serve(app, host=settings.host, port=settings.port, threads=settings.threads, ident="trainee", clear_untrusted_proxy_headers=True)
    finally:
        timetable.stop(scheduler)


@cli.command()
@needs_app
def worker() -> None:
    """Run the timetable without serving the site: beside gunicorn, on as many machines as you like. The database says who runs a job."""
    logs.setup(current_app.extensions["trainee"].log_level)
    asked_to_stop = Event()
    for sign in (signal.SIGTERM, signal.SIGINT):
        signal.signal(sign, lambda *_signal: asked_to_stop.set())
    scheduler = timetable.start(_app())
    click.echo(f"The timetable runs: {', '.join(job.key for job in timetable.JOBS)}  (stop with Ctrl+C)")
    asked_to_stop.wait()
    timetable.stop(scheduler)


def _require_schema(app: Flask) -> None:
    with app.app_context():
        state = schema.state()
    if state != "current":
        mend = "install the newer version" if state == "ahead" else "run: trainee init"
        raise ConfigError(f"The database is not ready for this version (its schema is {state}); {mend}.")


@cli.command("port")
def port_is_free() -> None:
    """Say at once when the port of `run` is taken; silent when it is free."""
    settings = configuration.from_environment()
    _check_port(settings.host, settings.port)


def _check_port(host: str, port: int) -> None:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            if error.errno == errno.EADDRINUSE:
                raise ConfigError(f"Port {port} is in use; stop the other program or choose another port: make run PORT={port + 1}") from None
            raise ConfigError(f"Cannot listen on {host}:{port} ({error.strerror}); set HOST and PORT to an address of this machine.") from None


@cli.group("people")
def people_group() -> None:
    """Accounts, from outside the browser."""


@people_group.command("link")
@click.argument("username")
@needs_app
def people_link(username: str) -> None:
    """Print a one-time link for USERNAME to set a password."""
    person = by_login(username)
    if person is None:
        raise Refusal(f"There is nobody called {username}.")
    token = people.make_link(person, "invitation" if person.password_hash is None else "reset", now(), None)
    db.session.commit()
    click.echo(f"/welcome/{token}")


@people_group.command("add-admin")
@click.argument("username")
@click.argument("name")
@needs_app
def add_admin(username: str, name: str) -> None:
    """Make USERNAME, called NAME, the first administrator of an empty installation and print her one-time link."""
    person = people.add_person(username=username, name=name, job="Administrator", at=now(), roles=("admin", "employee"))
    token = people.make_link(person, "invitation", now(), None)
    db.session.commit()
    click.echo(f"/welcome/{token}")


for group in (content, skills_commands, profile_commands, voice, demo_commands):
    cli.add_command(group)


def main() -> None:
    """Run a command; what the reader can mend is told in one sentence and exits 1."""
    try:
        cli(standalone_mode=False)
    except click.ClickException as error:
        error.show()
        sys.exit(error.exit_code)
    except click.Abort:
        sys.exit(130)
    except (ConfigError, Refusal) as problem:
        _stop(str(problem))
    except DatabaseError as problem:
        # Out of reach, or no database at all; the other kinds are our own bugs.
        if type(problem) not in (DatabaseError, OperationalError):
            raise
        _stop(f"The database cannot be used: {problem.orig}. Check DATABASE_URL or the rights of DATA_DIR.")


def _stop(sentence: Any) -> None:
    click.echo(sentence, err=True)
    sys.exit(1)


if __name__ == "__main__":
    main()
