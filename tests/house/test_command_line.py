"""The command line is a table of words; what it names exists, takes what is given, and comes at once."""

import inspect
import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from pkgutil import resolve_name

import pytest
from click.testing import CliRunner
from sqlalchemy import delete, select

from tests.house.test_docs import COMMANDS
from trainee import migrate
from trainee.app import create_app
from trainee.cli import Later, cli
from trainee.config import Config, ConfigError, base_url, note_address
from trainee.kit.db import db
from trainee.kit.errors import Refusal
from trainee.people.models import Person, RoleHeld
from trainee.people.queries import by_login

ROOT = Path(__file__).resolve().parents[2]
LATER = {words: command for words, command in COMMANDS.items() if isinstance(command, Later)}


@pytest.mark.parametrize("words", LATER, ids=" ".join)
def test_a_command_hands_its_parameters_to_a_function_that_takes_them(words):
    command = LATER[words]
    work = resolve_name(command.does)
    assert {one.name for one in command.params} == set(inspect.signature(work).parameters)
    assert command.needs in {"schema", "app", "settings", "nothing"}


def test_a_mistake_in_the_settings_is_told_before_anything_slow_is_imported():
    program = (
        "import sys\nfrom trainee.cli import main\nsys.argv = ['trainee', 'run']\n"
        "try:\n    main()\nexcept SystemExit as end:\n    print(end.code, {'flask', 'sqlalchemy'} & set(sys.modules))\n"
    )
    settings = {"PATH": os.environ["PATH"], "PORT": "eighty"}
    done = subprocess.run([sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=False, env=settings)
    assert done.stdout == "1 set()\n"
    assert done.stderr.startswith("PORT is 'eighty'")


def test_help_comes_before_anything_slow_is_imported():
    """Every help there is, in a process of its own, without the database's or the web's library."""
    asked = ["--help", *(" ".join((*words, "--help")) for words in COMMANDS)]
    program = (
        "import sys\nfrom click.testing import CliRunner\nfrom trainee.cli import cli\n"
        f"for words in {asked!r}:\n    assert CliRunner().invoke(cli, words.split()).exit_code == 0, words\n"
        "slow = {'flask', 'sqlalchemy', 'babel', 'argon2'} & set(sys.modules)\nassert not slow, slow\n"
    )
    done = subprocess.run([sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=False, env={"PATH": os.environ["PATH"]})
    assert (done.returncode, done.stderr) == (0, "")


def test_content_is_checked_without_the_databases_or_the_webs_library():
    """Reading files needs neither, and importing both took a second of the five that a check of everything may take."""
    program = (
        "import sys\nfrom click.testing import CliRunner\nfrom trainee.cli import cli\n"
        "done = CliRunner().invoke(cli, ['content', 'check', 'content/modules/greeting', 'content/service'])\n"
        "slow = {'flask', 'sqlalchemy', 'werkzeug', 'jinja2', 'argon2'} & set(sys.modules)\n"
        "print(done.exit_code, done.output.splitlines()[0], slow)\n"
    )
    done = subprocess.run([sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=False, env={"PATH": os.environ["PATH"]})
    assert (done.stdout, done.stderr) == ("0 1 module and 13 policy cards: nothing to mend. set()\n", "")


@pytest.fixture
def apart(installation, cast):
    """The same installation set up otherwise."""
    made = []

    def make(**settings):
        made.append(create_app(replace(installation.app.extensions["trainee"], **settings)))
        return made[-1]

    yield make
    for app in made:
        with app.app_context():
            db.session.remove()
            db.engine.dispose()


def run(app, *words):
    return CliRunner().invoke(cli, words, obj=lambda: app)


@pytest.fixture
def bare(tmp_path):
    """An installation in which nothing was made yet."""
    made = create_app(Config(environment="test", data_dir=str(tmp_path), secret_key="t" * 40))
    yield made
    with made.app_context():
        db.engine.dispose()


@pytest.mark.parametrize(
    "words",
    [
        ("profile", "rebuild"),
        ("profile", "calibrate"),
        ("profile", "explain", "amir", "empathy"),
        ("people", "link", "amir"),
        ("people", "add-admin", "ada", "Ada Er"),
        ("demo", "build"),
        ("worker",),
    ],
    ids=" ".join,
)
def test_a_database_that_is_not_ready_is_told_with_the_mend(bare, words):
    problem = run(bare, *words).exception
    assert isinstance(problem, ConfigError)
    assert str(problem) == "The database is not ready for this version (its schema is empty); run: trainee init."


def test_the_command_line_says_everything_in_english_whatever_the_sites_language(apart):
    db.session.execute(delete(RoleHeld).where(RoleHeld.role == "admin"))
    db.session.commit()
    refused = run(apart(default_language="tr"), "people", "add-admin", "amir", "Amir Kaya").exception
    assert isinstance(refused, Refusal)
    assert "user name" in str(refused)


def test_the_first_administrators_job_is_written_in_the_installations_language(apart):
    db.session.execute(delete(RoleHeld).where(RoleHeld.role == "admin"))
    db.session.commit()
    assert run(apart(default_language="tr"), "people", "add-admin", "yeni", "Yeni Er").exit_code == 0
    assert db.session.scalar(select(Person.job).where(Person.username == "yeni")) == "Sistem yöneticisi"


def test_an_administrator_is_added_only_where_none_is(app, cast):
    refused = run(app, "people", "add-admin", "gonca", "Gonca Er").exception
    assert isinstance(refused, Refusal)
    assert "on the page People" in str(refused)
    assert by_login("gonca") is None


def test_a_link_is_printed_with_its_address(app, cast):
    told = run(app, "people", "link", "amir")
    assert told.stdout.startswith("http://127.0.0.1:8000/welcome/")
    assert told.stderr == ""


@pytest.fixture
def started(app, cast):
    """Say that the site of this installation was started otherwise, from another terminal."""
    settings = app.extensions["trainee"]
    yield lambda **how: note_address(replace(settings, **how))
    (Path(settings.data_dir) / "address").unlink()


def test_a_link_names_the_port_the_site_was_started_on_though_this_terminal_does_not_know_it(app, started):
    started(port=8123)
    assert run(app, "people", "link", "amir").stdout.startswith("http://127.0.0.1:8123/welcome/")


def test_a_port_told_to_the_command_itself_comes_first(apart, started):
    started(port=8123)
    assert run(apart(port=8200), "people", "link", "amir").stdout.startswith("http://127.0.0.1:8200/welcome/")


def test_where_the_site_listens_on_every_address_a_later_link_has_none_either(app, started):
    started(host="0.0.0.0")  # noqa: S104
    told = run(app, "people", "link", "amir")
    assert told.stdout.startswith("/welcome/")
    assert "BASE_URL" in told.stderr


def test_where_the_address_is_not_known_it_is_said_how_to_complete_it(apart):
    told = run(apart(host="0.0.0.0"), "people", "link", "amir")  # noqa: S104
    assert told.stdout.startswith("/welcome/")
    assert "BASE_URL" in told.stderr


@pytest.mark.parametrize(
    ("config", "address"),
    [
        (Config(), "http://127.0.0.1:8000"),
        (Config(base_url="https://egitim.example.com/"), "https://egitim.example.com"),
        (Config(environment="production", secret_key="x" * 40), ""),
        (Config(proxies=1), ""),
        (Config(proxies=1, base_url="https://egitim.example.com/staff"), "https://egitim.example.com/staff"),
    ],
)
def test_the_sites_address_is_what_is_set_or_where_it_listens(config, address):
    assert base_url(config) == address


@pytest.mark.parametrize(
    "url",
    [
        "postgresql://host:port/db",
        "postgresql://[::1/db",
        "postgresql://h,h2:1,2/db",
        "postgresql://?x=y",
        "postgresql://h/db?no_such_option=1",
        f"postgresql://{'a' * 300}/db",
        "sqlite:///",
        "sqlite:///:memory:",
        "sqlite:///file?mode=foo",
    ],
)
def test_a_database_address_that_makes_no_sense_is_told_in_a_sentence_without_its_password(tmp_path, url):
    given = url.replace("://h", "://me:hush@h")
    with pytest.raises(ConfigError, match="DATABASE_URL") as told:
        create_app(Config(environment="test", data_dir=str(tmp_path), secret_key="t" * 40, database_url=given))
    assert "hush" not in str(told.value)
    assert "\n" not in str(told.value)


@pytest.mark.parametrize("url", ["sqlite:////no/such/folder/file", "sqlite:////", "sqlite:///" + "a" * 400])
@pytest.mark.parametrize("words", [("init",), ("people", "link", "amir")], ids=" ".join)
def test_a_file_that_cannot_be_opened_is_told_in_a_sentence(tmp_path, monkeypatch, url, words):
    monkeypatch.chdir(tmp_path)
    app = create_app(Config(environment="test", data_dir=str(tmp_path), secret_key="t" * 40, database_url=url))
    problem = run(app, *words).exception
    assert isinstance(problem, ConfigError)
    assert "DATABASE_URL" in str(problem)
    assert "\n" not in str(problem)


@pytest.mark.sqlite
def test_the_database_is_its_owners_only(bare, tmp_path):
    with bare.app_context():
        migrate.upgrade()
        db.session.execute(db.text("SELECT 1"))
        found = {path.name: path.stat().st_mode & 0o777 for path in tmp_path.glob("trainee.sqlite3*")}
        assert {"trainee.sqlite3", "trainee.sqlite3-wal", "trainee.sqlite3-shm"} <= set(found)
        assert set(found.values()) == {0o600}
        db.session.rollback()


@pytest.mark.sqlite
def test_a_database_that_others_could_read_is_closed_to_them(tmp_path):
    for name in ("trainee.sqlite3", "trainee.sqlite3-wal"):
        (tmp_path / name).touch(mode=0o644)
    create_app(Config(environment="test", data_dir=str(tmp_path), secret_key="t" * 40))
    assert {path.stat().st_mode & 0o777 for path in tmp_path.glob("trainee.sqlite3*")} == {0o600}


def test_a_database_named_by_a_relative_path_lies_where_the_program_is_started(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    app = create_app(Config(environment="test", data_dir="data", secret_key="t" * 40, database_url="sqlite:///own.sqlite3"))
    with app.app_context():
        assert db.engine.url.database == str(tmp_path / "own.sqlite3")
