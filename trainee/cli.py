"""The command line: every command, in words and options. What one does is imported when it is done, so that help comes at once."""

import gc
import sys
from collections.abc import Sequence
from pathlib import Path
from pkgutil import resolve_name
from typing import Any

import click

from trainee import config as configuration
from trainee.config import ConfigError
from trainee.kit.errors import Refusal

_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)


class Later(click.Command):
    """A command that knows only the address of what it does, `module:function`; that function takes the command's parameters by name.

    `needs` is "schema" (a database that is ready for this program), "app" (a database in whatever state), "settings" or "nothing".
    """

    def __init__(self, name: str, does: str, help: str, params: Sequence[click.Parameter] = (), needs: str = "schema") -> None:
        super().__init__(name, params=list(params), help=help)
        self.does, self.needs = does, needs

    def invoke(self, context: click.Context) -> Any:
        """Import the work and do it; what needs nothing does not wait for the rest of the program to be imported."""
        if self.needs == "nothing":
            # What is imported is kept, so looking meanwhile for what could be thrown away only takes time.
            gc.disable()
            work = resolve_name(self.does)
            gc.enable()
            return work(**context.params)
        make_app = context.find_root().obj
        if make_app is None:
            # A mistake in the settings is told at once, before the rest of the program is imported.
            configuration.from_environment()
        if self.needs == "settings":
            return resolve_name(self.does)(**context.params)
        perform = resolve_name("trainee.commands:perform")
        return perform(resolve_name(self.does), context.params, self.needs, make_app)


def _group(name: str, help: str, commands: Sequence[click.Command]) -> click.Group:
    return click.Group(name, help=help, commands=list(commands))


CONTENT = _group(
    "content",
    "Modules, policy cards and skills, as files.",
    [
        Later(
            "check",
            "trainee.modules.library.commands:check_paths",
            "Say everything that is wrong at PATHS as `file:line: message`; exits 1 when there is an error.\n\n"
            "A path may be the whole content folder, one module, or one file.",
            [
                click.Argument(["paths"], nargs=-1, required=True, type=click.Path(path_type=Path)),
                click.Option(["--advice"], is_flag=True, help="Also say what is good to know and may stay as it is."),
            ],
            needs="nothing",
        ),
        Later(
            "graph",
            "trainee.modules.library.publishing_commands:graph_of",
            "Draw the role-play WHICH, as MODULE/ROLEPLAY or the path of its file, as an SVG picture.",
            [
                click.Argument(["which"]),
                click.Option(["--out"], type=click.Path(dir_okay=False, writable=True, path_type=Path), help="Write it there and not to the screen."),
                click.Option(["--language"], default="tr", show_default=True, type=click.Choice(["tr", "en"]), help="In which language."),
            ],
            needs="nothing",
        ),
        Later(
            "agree",
            "trainee.modules.library.commands:agree_on",
            "Write down that both languages of the modules at PATHS say the same now; from then on a text changed in one language only is told.",
            [click.Argument(["paths"], nargs=-1, required=True, type=click.Path(exists=True, path_type=Path))],
            needs="nothing",
        ),
        Later(
            "table",
            "trainee.modules.library.commands:table_of",
            "Print what the modules of the content folder at PATH cover: skills, types of question and channels, as Markdown.",
            [click.Argument(["path"], type=click.Path(exists=True, file_okay=False, path_type=Path))],
            needs="nothing",
        ),
        Later(
            "publish",
            "trainee.modules.library.publishing_commands:publish_path",
            "Make the module at PATH, a folder or a ZIP archive, the version in use.",
            [click.Argument(["path"], type=click.Path(exists=True, path_type=Path))],
        ),
    ],
)

SKILLS = _group(
    "skills",
    "What there is to be good at, and how good the estimate of it is.",
    [
        Later(
            "evaluate",
            "trainee.profile.commands:evaluate_log",
            "Replay the response log FILE (CSV, plain or gzipped) and tell how well every answer was predicted from the past.\n\n"
            "Columns: person, skill (several joined by |), item, score (0..1), occurred_at, source. A column sitting may be there too: it names what "
            "several answers were given in at one go (one run of a role-play), so that a good or a bad day is not taken for a level.",
            [
                click.Argument(["file"], type=_FILE),
                click.Option(
                    ["--folds"], type=click.IntRange(0, 50), default=0, help="Split by person into so many parts; 0 replays the log as it happened."
                ),
                click.Option(["--seed"], type=int, default=1, show_default=True, help="Draws the folds."),
                click.Option(["--bands"], is_flag=True, help="Tell also how often the mean of the next twenty answers lay in its 80 % band."),
                click.Option(
                    ["--picture"],
                    type=click.Path(dir_okay=False, writable=True, path_type=Path),
                    help="Write the calibration table as an SVG picture.",
                ),
            ],
            needs="nothing",
        ),
    ],
)

PROFILE = _group(
    "profile",
    "What people's evidence adds up to.",
    [
        Later(
            "rebuild",
            "trainee.profile.commands:rebuild",
            "Replay the whole log. It may be interrupted: the next call goes on, and until the end the old figures are shown.",
        ),
        Later(
            "calibrate",
            "trainee.profile.commands:calibrate",
            "Learn from the log how hard items are and how lenient observers, and fold everybody anew under it.",
        ),
        Later(
            "explain",
            "trainee.profile.commands:explain",
            "List every row of evidence of PERSON (user name) on SKILL (its key) with what it moved; the rows add up to the figure.",
            [
                click.Argument(["person"]),
                click.Argument(["skill"]),
                click.Option(
                    ["--line"],
                    default="all",
                    show_default=True,
                    type=click.Choice(["all", "knowledge", "practice", "observed", "customers"]),
                    help="Look at one kind of evidence only.",
                ),
                click.Option(
                    ["--language"], default="en", show_default=True, type=click.Choice(["en", "tr"]), help="In which language the rows are told."
                ),
                click.Option(["--on"], type=click.DateTime(["%Y-%m-%d"]), help="As it was known when that day ended, such as 2026-03-01."),
            ],
        ),
    ],
)

PEOPLE = _group(
    "people",
    "Accounts, from outside the browser.",
    [
        Later(
            "link",
            "trainee.commands:people_link",
            "Print a one-time link for USERNAME to set a password.",
            [click.Argument(["username"])],
        ),
        Later(
            "add-admin",
            "trainee.commands:add_admin",
            "Make USERNAME, called NAME, the first administrator and print her one-time link; refuses where an administrator is here already.",
            [click.Argument(["username"]), click.Argument(["name"])],
        ),
        Later(
            "start-code",
            "trainee.commands:start_code",
            "Print the code with which the first administrator begins an empty installation at /start; `run` prints it as well.",
        ),
        Later(
            "anonymous",
            "trainee.commands:people_anonymous",
            "Print who was made anonymous, a line each with numbers and moments and no name: to be kept beside backups, for `restore --anonymous`.",
        ),
        Later(
            "import",
            "trainee.people.importing.commands:import_file",
            "Look at FILE, a CSV or Excel file of people, and tell row by row what it would do; --apply does it, all of it or nothing.\n\n"
            "Columns are guessed by their headings or taken as the last time. Refused rows are told as `FILE:row: refused: who: why` and left "
            "out; exits 1 when there is one. For a day what was applied can be taken back on the site.",
            [
                click.Argument(["file"], type=_FILE),
                click.Option(["--apply/--dry-run", "apply_it"], default=False, help="Do it, or only look (which is usual)."),
                click.Option(["--as", "username"], help="The user name of whoever it is noted for; without it nobody's."),
                click.Option(["--column", "columns"], multiple=True, help="HEADING=FIELD, where the guess is not right; may stand several times."),
                click.Option(["--encoding"], help="How the text is written, where it cannot be told from the file."),
                click.Option(["--close-missing"], is_flag=True, help="Close the accounts of people who are not in the file."),
                click.Option(["--closes"], type=int, help="How many accounts are to be closed, where they are many."),
            ],
        ),
    ],
)

VOICE = _group(
    "voice",
    "What customers say.",
    [
        Later(
            "import",
            "trainee.voice.commands:import_file",
            "Take in the ratings of FILE, a CSV with the columns external_id, employee, given_at, instrument, question, value and comment.\n\n"
            "What cannot be read is told as `FILE:line: why` and the rest is kept; exits 1 when something could not be read. A file taken twice "
            "counts once.",
            [
                click.Argument(["file"], type=_FILE),
                click.Option(
                    ["--system"],
                    default="csv",
                    show_default=True,
                    help="What the ratings' own system is called; with external_id it makes an answer unique.",
                ),
            ],
        ),
    ],
)

NOTICES = _group(
    "notices",
    "Messages to people.",
    [
        Later(
            "preview",
            "trainee.notices.commands:preview_day",
            "Print who gets what on a day, and why, and what is held back; nothing is sent.",
            [
                click.Option(["--on"], type=click.DateTime(["%Y-%m-%d"]), help="The day, such as 2026-03-01; without it tomorrow."),
                click.Option(["--person"], help="Of one person (user name) only."),
                click.Option(["--language"], default="en", show_default=True, type=click.Choice(["en", "tr"]), help="In which language it is told."),
            ],
        ),
        Later(
            "ledger",
            "trainee.notices.commands:print_ledger",
            "Print messages, the newest first, with the state of each, its reason and what became of it step by step.",
            [
                click.Option(["--person"], help="Of one person (user name) only."),
                click.Option(["--state"], type=click.Choice(["planned", "held_back", "sent", "failed", "cancelled"]), help="In that state only."),
                click.Option(["--limit"], default=50, show_default=True, type=click.IntRange(1, 10_000), help="How many."),
                click.Option(["--language"], default="en", show_default=True, type=click.Choice(["en", "tr"]), help="In which language it is told."),
            ],
        ),
    ],
)

REPORTS = _group(
    "reports",
    "Tables for people who answer for others, as files.",
    [
        Later("list", "trainee.reports.commands:list_reports", "Print the key of every report, one a line.", needs="nothing"),
        Later(
            "tables",
            "trainee.reports.commands:list_tables",
            "Print the tables of one's own that somebody keeps or finds shared with her: a key for `export` and a name, one a line.",
            [click.Option(["--as", "username"], required=True, help="The user name of whoever it is.")],
        ),
        Later(
            "export",
            "trainee.reports.commands:export_report",
            "Write the report, or the kept table, KEY into a file as that person gets it on the site: of whom she may see, in her language. It is"
            " noted as hers.",
            [
                click.Argument(["key"]),
                click.Option(
                    ["--format"],
                    default="csv",
                    show_default=True,
                    metavar="KIND",
                    help="xlsx, pdf, json; csv opens right in Turkish Excel, csv_plain is for programs. One that there is not says which there are.",
                ),
                click.Option(["--as", "username"], required=True, help="The user name of whoever it is for."),
                click.Option(["--out"], required=True, type=click.Path(dir_okay=False, writable=True, path_type=Path), help="The file to write."),
                click.Option(["--filter", "filters"], multiple=True, help="name=value, as in the address of its page; may stand several times."),
            ],
        ),
    ],
)

DEMO = _group(
    "demo",
    "The demonstration company: 112 invented people with an administrator, and half a year of their work.",
    [
        Later(
            "build",
            "trainee.demo.commands:build_it",
            "Build it in an empty installation; refuses where anybody is.",
            [
                click.Option(["--seed"], type=int, help="The same seed on the same day makes the same company; without one it is the usual company."),
                click.Option(["--scale"], default=1, show_default=True, type=click.IntRange(1, 50), help="How many times as much history."),
            ],
        ),
        Later("accounts", "trainee.demo.commands:accounts", "Print a line `role username password` for each role.", needs="nothing"),
    ],
)

cli = click.Group(
    help="Trainee: staff training and coaching for customer-service teams.",
    context_settings={"help_option_names": ["-h", "--help"]},
    commands=[
        Later(
            "init",
            "trainee.commands:init",
            "Make everything ready: schema, content and, with --demo, the demonstration company. Doing it again is quick and keeps what is there.",
            [click.Option(["--demo"], is_flag=True, help="Fill an empty installation with the demonstration company.")],
            needs="app",
        ),
        Later("migrate", "trainee.commands:migrate", "Bring the database's schema up to date.", needs="app"),
        Later(
            "run",
            "trainee.commands:run",
            "Serve the site (one process, with its timetable beside it).",
            [click.Option(["--demo"], is_flag=True, help="First do what `init --demo` does.")],
            needs="settings",
        ),
        Later(
            "worker",
            "trainee.commands:worker",
            "Run the timetable without serving the site: beside gunicorn, on as many machines as you like. One of them is at work; another "
            "takes over within a minute when it dies.",
        ),
        Later(
            "backup",
            "trainee.commands:backup",
            "Write everything into FILE, as it stands at one moment, while the site goes on. Either database reads it.",
            [click.Argument(["file"], type=click.Path(dir_okay=False, path_type=Path))],
        ),
        Later(
            "restore",
            "trainee.commands:restore",
            "Put back what FILE holds, into an empty database of either kind: all of it or, when anything goes wrong, nothing.\n\n"
            "Stop the site and its workers first.",
            [
                click.Argument(["file"], type=_FILE),
                click.Option(["--replace"], is_flag=True, help="Throw away what is in the database."),
                click.Option(["--anonymous"], type=_FILE, help="A list of `people anonymous`: whoever stands in it is made anonymous again."),
            ],
            needs="app",
        ),
        Later("port", "trainee.config:port", "Say at once when the port of `run` is taken; silent when it is free.", needs="nothing"),
        CONTENT,
        SKILLS,
        PROFILE,
        PEOPLE,
        VOICE,
        NOTICES,
        REPORTS,
        DEMO,
    ],
)


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
        click.echo(problem, err=True)
        sys.exit(1)


if __name__ == "__main__":
    main()
